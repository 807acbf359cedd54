import relay from 'relay-runtime';

export const connect = (url, authorization) =>
  new relay.Environment({
    network: relay.Network.create(async ({ id, text }, variables) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        // With `persistConfig` the compiler gives an id, else the text.
        body: JSON.stringify({ documentId: id ?? undefined, query: text ?? undefined, variables }),
      });
      return response.json();
    }),
    store: new relay.Store(new relay.RecordSource()),
  });
