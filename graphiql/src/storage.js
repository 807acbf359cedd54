// What GraphiQL remembers of its own: tabs, history, layout. In the local storage, under a name of
// this service at this path, and never with headers: those may hold a key.
import { createLocalStorage } from '@graphiql/toolkit';

/** The start of every name in the browser's stores: two services below one host stay apart. */
export const space = `waymark:${new URL('.', location.href).pathname}:`;

// GraphiQL leaves headers out of its tabs when told to, but not out of its history.
const HISTORIES = ['graphiql:queries', 'graphiql:favorites'];

const local = createLocalStorage({ namespace: space.slice(0, -1) });

/** The store that GraphiQL is given. */
export const storage = {
  getItem: local.getItem,
  setItem(name, value) {
    local.setItem(name, HISTORIES.includes(name) ? withoutHeaders(value) : value);
  },
  removeItem: local.removeItem,
  clear: local.clear,
  get length() {
    return local.length;
  },
};

function withoutHeaders(json) {
  return JSON.stringify(JSON.parse(json), (name, value) => (name === 'headers' ? undefined : value));
}
