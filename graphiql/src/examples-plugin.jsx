// The panel "Examples": one click opens an operation, with variables, in a tab.
import { useEditorContext } from '@graphiql/react';
import { flushSync } from 'react-dom';
import { groups } from './examples.js';

function Examples() {
  const { tabs, addTab, changeTab, queryEditor, variableEditor } = useEditorContext({ nonNull: true });

  function open({ query, variables }) {
    const there = tabs.findIndex(tab => tab.query === query);
    if (there >= 0) {
      changeTab(there);
      return;
    }
    // An empty tab is as good as a new one. The editors belong to the new tab once it is drawn.
    if (queryEditor.getValue().trim()) {
      flushSync(addTab);
    }
    queryEditor.setValue(query);
    variableEditor.setValue(variables ? JSON.stringify(variables, null, 2) : '');
  }

  return (
    <section className="examples" aria-label="Examples">
      <h2>Examples</h2>
      <p>
        They fit the data of <code>waymark demo</code>; with your own, change the variables. Run with
        Ctrl‑Enter.
      </p>
      {groups.map(group => (
        <section key={group.title}>
          <h3>{group.title}</h3>
          {group.caller && <p>With the token of a {group.caller}, which the demo prints.</p>}
          <ul>
            {group.examples.map(example => (
              <li key={example.title}>
                <button type="button" onClick={() => open(example)}>
                  <b>{example.title}</b>
                  <span>{example.about}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
      <p>
        <a href="graphiql/licenses.txt" target="_blank" rel="noreferrer">Licences of this page</a>
      </p>
    </section>
  );
}

function Icon(props) {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" {...props}>
      <rect x="3" y="3" width="18" height="18" rx="1.5" />
      <path d="M7 8.5l2 2-2 2M12 12.5h5M7 16.5h10" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}

export const EXAMPLES_PLUGIN = { title: 'Examples', icon: Icon, content: Examples };
