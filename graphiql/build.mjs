// Builds the page at /graphiql from src and the packages of the lock file: node build.mjs [FOLDER]
// The program embeds what is in dist, which is the folder unless another is named. The same sources
// give the same bytes: nothing depends on the machine or the time, and the packer is one of the lock
// file, because Node's own may change with its version.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { gzip } from 'pako';

const here = dirname(fileURLToPath(import.meta.url));
const folder = process.argv[2] ?? join(here, 'dist');

/** Files of packages that are replaced by ours, which say why. */
const replaced = {
  name: 'replaced',
  setup(build) {
    const by = name => () => ({ path: join(here, 'src', name) });
    build.onResolve({ filter: /^react-style-singleton$/ }, by('no-style-singleton.js'));
    build.onResolve({ filter: /\/image-preview\.js$/ }, by('no-image-preview.js'));
  },
};

/** GraphiQL's style holds fonts, more than six times as long as the rest; those of the system do. */
const fontless = {
  name: 'fontless',
  setup(build) {
    build.onLoad({ filter: /graphiql\/dist\/style\.css$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/@font-face\s*{[^}]*}/g, ''),
      loader: 'css',
    }));
  },
};

const { metafile, outputFiles } = await build({
  absWorkingDir: here,
  entryPoints: { graphiql: 'src/main.jsx' },
  outdir: 'dist',
  bundle: true,
  format: 'iife',
  target: 'es2022',
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
  jsx: 'automatic',
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [replaced, fontless],
  metafile: true,
  write: false,
  logLevel: 'warning',
});

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const name of ['index.html', 'icon.svg']) {
  writeFileSync(join(folder, name), readFileSync(join(here, 'src', name)));
}
for (const { path, contents } of outputFiles) {
  pack(path.split(/[\\/]/).pop(), contents);
}
pack('licenses.txt', new TextEncoder().encode(licenses()));

function pack(name, contents) {
  writeFileSync(join(folder, `${name}.gz`), gzip(contents, { level: 9 }));
}

/** What the authors of everything in the bundle ask to be told along with it. */
function licenses() {
  const packages = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const [package_] = /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(input) ?? [];
    if (package_) {
      packages.add(package_);
    }
  }
  const texts = [...packages].sort().map(path => {
    const place = join(here, path);
    const { name, version, license } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'));
    const file = readdirSync(place).sort().find(name => /^licen[cs]e/i.test(name));
    const text = file ? readFileSync(join(place, file), 'utf8').trim() : 'It comes without a text.';
    return `${name} ${version}: ${license}\n\n${text}\n`;
  });
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}
