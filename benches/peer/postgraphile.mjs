// PostGraphile over the benchmark's database, set up as its documentation says for production: the
// production mode of Node.js and of Grafast, the standard preset, no GraphiQL, no watching, no
// explaining, and prepared statements, which are its default. Prints its address when it listens.
//
// Arguments: the database's URL, and how many processes share the port.
import cluster from "node:cluster";
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

// What PostGraphile uses of Node.js 22, for the long-term releases before it.
Promise.withResolvers ??= function () {
  const deferred = {};
  deferred.promise = new this((resolve, reject) => Object.assign(deferred, { resolve, reject }));
  return deferred;
};

const [url, processes] = process.argv.slice(2);
const alone = Number(processes) === 1;

if (!alone && cluster.isPrimary) {
  let listening = 0;
  cluster.on("listening", (_, address) => {
    if (++listening === Number(processes)) announce(address.port);
  });
  cluster.on("exit", () => process.exit(1));
  for (let number = 0; number < Number(processes); number++) cluster.fork();
} else {
  const library = postgraphile({
    extends: [PostGraphileAmberPreset],
    pgServices: [makePgService({ connectionString: url, schemas: ["public"], poolConfig: { max: 10 } })],
    grafserv: { graphiql: false, watch: false },
    grafast: { explain: false },
  });
  await library.getSchema();
  const server = createServer();
  await library.createServ(grafserv).addTo(server);
  server.listen(0, "127.0.0.1", () => {
    if (alone) announce(server.address().port);
  });
}

function announce(port) {
  console.log(`http://127.0.0.1:${port}/graphql`);
}
