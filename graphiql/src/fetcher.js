// How requests are sent: to the endpoint beside this page, whatever path a proxy puts before both. Queries and
// mutations are requests; subscriptions have a WebSocket.
import { parse } from 'graphql';
import { createClient } from 'graphql-ws';

/** A fetcher for GraphiQL that sends this `Authorization` header, or none. */
export function createFetcher(authorization) {
  return async (operation, options) => {
    const sent = named(operation);
    if (subscribes(sent)) {
      return follow(sent, { ...(authorization && { Authorization: authorization }), ...options?.headers });
    }
    const headers = new Headers({
      Accept: 'application/graphql-response+json, application/json;q=0.9',
      'Content-Type': 'application/json',
    });
    if (authorization) {
      headers.set('Authorization', authorization);
    }
    // What stands in the editor for headers wins.
    for (const [name, value] of Object.entries(options?.headers ?? {})) {
      headers.set(name, value);
    }
    const response = await fetch('graphql', {
      method: 'POST',
      headers,
      body: JSON.stringify(sent),
      cache: 'no-store',
    });
    const text = await response.text();
    try {
      return JSON.parse(text);
    } catch {
      const start = text.slice(0, 200);
      throw new Error(`The answer is not JSON. Status ${response.status}, and it begins: ${start}`);
    }
  };
}

/**
 * What the service tells of a subscription, one response after the other. No generator: that would end only
 * after the response that it waits for, and there may be none.
 */
function follow(operation, headers) {
  const url = new URL('graphql', document.baseURI);
  url.protocol = url.protocol.replace('http', 'ws');
  const client = createClient({ url: url.href, connectionParams: headers, retryAttempts: 0 });
  const responses = client.iterate(operation);
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      try {
        return await responses.next();
      } catch (told) {
        client.dispose();
        if (Array.isArray(told)) {
          // The errors that end the subscription.
          return { done: false, value: { errors: told } };
        }
        const why = told?.reason ? `The WebSocket was closed: ${told.code} ${told.reason}` : 'The WebSocket broke off.';
        throw new Error(why);
      }
    },
    return() {
      client.dispose();
      return responses.return();
    },
  };
}

/** Whether the operation that would be executed is a subscription. */
function subscribes({ query, operationName }) {
  try {
    return parse(query, { noLocation: true }).definitions.some(
      definition =>
        definition.operation === 'subscription' &&
        (!operationName || definition.name?.value === operationName),
    );
  } catch {
    return false;
  }
}

/**
 * GraphiQL takes note of a new name a moment after it was typed or pasted. Whoever is quicker would
 * send the name of an operation that is not there any more.
 */
function named(operation) {
  let names;
  try {
    names = parse(operation.query, { noLocation: true })
      .definitions.filter(definition => definition.kind === 'OperationDefinition')
      .map(definition => definition.name?.value);
  } catch {
    // The service says what is wrong with it.
    return operation;
  }
  if (names.length !== 1) {
    return operation;
  }
  return { ...operation, operationName: names[0] };
}
