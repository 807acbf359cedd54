// Who calls: an API key or a bearer token, as somebody pasted it. It is kept for this tab alone, in
// its session storage; nothing here writes to a store that other tabs or a later day can read.
import { space } from './storage.js';

/** The two kinds of credentials, with the scheme that each has in the header `Authorization`. */
export const KINDS = {
  key: { label: 'API key', scheme: 'Api-Token' },
  token: { label: 'Bearer token', scheme: 'Bearer' },
};

const PLACE = `${space}credential`;

/**
 * Reads what was pasted: a bare key or token, or a whole header as `waymark demo` prints it. What it
 * looks like wins over the kind that was chosen. The answer has either `credential` or `wrong`.
 */
export function read(text, chosen) {
  const pasted = text.trim().replace(/^authorization:\s*/i, '');
  const [, scheme, bare] = /^(?:(api-token|api-key|token|bearer)\s+)?(.*)$/is.exec(pasted);
  let kind = chosen;
  if (scheme) {
    kind = /bearer/i.test(scheme) ? 'token' : 'key';
  } else if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(bare)) {
    kind = 'token';
  } else if (/^[0-9a-f]{64}$/i.test(bare)) {
    kind = 'key';
  }
  if (!/^[\x21-\x7e]+$/.test(bare)) {
    const wrong = bare
      ? 'A key or token has no spaces, line breaks or accents in it: paste it alone.'
      : 'Paste a key or a token first.';
    return { wrong };
  }
  return { credential: { kind, secret: bare } };
}

/** The header that shows who calls. */
export function authorization({ kind, secret }) {
  return `${KINDS[kind].scheme} ${secret}`;
}

/**
 * Takes a credential from the fragment of the address, as in `#key=...`, and removes it from there:
 * neither the address bar nor the history keeps it. Null where there is none.
 */
export function takeFromAddress() {
  const [, kind, text] = /^#(key|token)=(.+)$/.exec(location.hash) ?? [];
  if (!text) {
    return null;
  }
  history.replaceState(null, '', location.pathname + location.search);
  return read(text, kind).credential ?? null;
}

/** What this tab has kept, or null. */
export function recall() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(PLACE));
    return kept && KINDS[kept.kind] && typeof kept.secret === 'string' ? kept : null;
  } catch {
    // A browser that keeps nothing: it lasts until the page is left.
    return null;
  }
}

/** Keeps it for this tab; null forgets it. */
export function keep(credential) {
  try {
    if (credential) {
      sessionStorage.setItem(PLACE, JSON.stringify(credential));
    } else {
      sessionStorage.removeItem(PLACE);
    }
  } catch {
    // As above.
  }
}
