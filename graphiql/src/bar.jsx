// The bar above GraphiQL: who calls, and where to read on.
import { useEffect, useState } from 'react';
import { KINDS, read } from './credential.js';

const WHO = `query WhoAmI {
  viewer { user { username } isDmAdmin platforms { role platform { key } } }
}`;

/** `onChange` gets the credential to use from now on, or null. */
export function Bar({ credential, fetcher, onChange }) {
  return (
    <header className="bar">
      <strong>Waymark</strong>
      <nav aria-label="Documentation">
        <a href="api/docs" target="_blank" rel="noreferrer">REST interface</a>
        <a href="api/openapi.json" target="_blank" rel="noreferrer">OpenAPI</a>
      </nav>
      {credential ? (
        <Caller credential={credential} fetcher={fetcher} onForget={() => onChange(null)} />
      ) : (
        <Entry onChange={onChange} />
      )}
    </header>
  );
}

function Entry({ onChange }) {
  const [kind, setKind] = useState('key');
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(null);

  function submit(event) {
    event.preventDefault();
    const { credential, wrong } = read(text, kind);
    setWrong(wrong ?? null);
    if (credential) {
      onChange(credential);
    }
  }

  return (
    <form className="caller" aria-label="Credentials" onSubmit={submit} autoComplete="off">
      {wrong && <span className="wrong" role="alert">{wrong}</span>}
      <select aria-label="Kind of credentials" value={kind} onChange={event => setKind(event.target.value)}>
        {Object.entries(KINDS).map(([name, { label }]) => (
          <option key={name} value={name}>{label}</option>
        ))}
      </select>
      {/* No password field: browsers offer to keep those. */}
      <input
        type="text"
        className="secret"
        aria-label="Key or token"
        placeholder={kind === 'key' ? 'Paste an API key' : 'Paste a JWT'}
        value={text}
        onChange={event => setText(event.target.value)}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
      />
      <button type="submit" title="Kept in this tab only, until you close it">Use</button>
    </form>
  );
}

function Caller({ credential, fetcher, onForget }) {
  const [who, setWho] = useState({ text: 'Asking who that is ...' });

  useEffect(() => {
    let current = true;
    ask(fetcher).then(answer => current && setWho(answer));
    return () => {
      current = false;
    };
  }, [fetcher]);

  return (
    <div className="caller">
      <span className="kind">
        {KINDS[credential.kind].label} …{credential.secret.slice(-4)}
      </span>
      <span className={who.wrong ? 'wrong' : 'who'} role="status">{who.text}</span>
      <button type="button" onClick={onForget}>Forget it</button>
    </div>
  );
}

/** Asks the service whom it takes the caller for. */
async function ask(fetcher) {
  try {
    const { data, errors } = await fetcher({ query: WHO, operationName: 'WhoAmI' });
    if (errors?.length) {
      const { message, extensions: { code } = {} } = errors[0];
      const text = code === 'UNAUTHENTICATED' ? 'Not accepted: mistyped, expired or revoked' : message;
      return { text: code ? `${text} (${code})` : text, wrong: true };
    }
    return { text: describe(data.viewer) };
  } catch (error) {
    return { text: error.message, wrong: true };
  }
}

function describe(viewer) {
  const name = viewer.user ? viewer.user.username : 'platform key';
  const roles = viewer.platforms.map(
    ({ role, platform }) => `${role.toLowerCase().replaceAll('_', ' ')} of ${platform.key}`,
  );
  if (viewer.isDmAdmin) {
    roles.unshift('DM admin');
  }
  return [name, ...roles].join(', ');
}
