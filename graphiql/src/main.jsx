// The page at /graphiql.
import 'graphiql/style.css';
import './style.css';
import { useEditorContext, usePluginStore, useSchemaStore } from '@graphiql/react';
import { GraphiQL } from 'graphiql';
import { useEffect, useMemo, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Bar } from './bar.jsx';
import { authorization, keep, recall, takeFromAddress } from './credential.js';
import { EXAMPLES_PLUGIN } from './examples-plugin.jsx';
import { WELCOME } from './examples.js';
import { createFetcher } from './fetcher.js';
import { storage } from './storage.js';

const PLUGINS = [EXAMPLES_PLUGIN];
const FIRST_TABS = [{ query: WELCOME }];
/** Where the title of the panel that was open last stands. */
const PANEL = 'panel';

/** The credential of the link that opened the page, or null. */
const GIVEN = takeFromAddress();
if (GIVEN) {
  keep(GIVEN);
}

function Page() {
  const [credential, setCredential] = useState(GIVEN ?? recall);
  // GraphiQL asks for the schema again whenever the fetcher is another one: where only callers with
  // credentials are shown it, it appears with them.
  const fetcher = useMemo(
    () => createFetcher(credential ? authorization(credential) : null),
    [credential],
  );

  function change(next) {
    keep(next);
    setCredential(next);
  }

  // A link that carries a credential, opened where the page is already.
  useEffect(() => {
    const take = () => {
      const given = takeFromAddress();
      if (given) {
        change(given);
      }
    };
    addEventListener('hashchange', take);
    return () => removeEventListener('hashchange', take);
  }, []);

  return (
    <>
      <Bar credential={credential} fetcher={fetcher} onChange={change} />
      <GraphiQL
        fetcher={fetcher}
        storage={storage}
        shouldPersistHeaders={false}
        plugins={PLUGINS}
        onTogglePluginVisibility={rememberPanel}
        defaultTabs={FIRST_TABS}
        defaultQuery=""
        defaultEditorToolsVisibility="variables"
        inputValueDeprecation
        schemaDescription
      >
        <GraphiQL.Logo>
          <OpenPanel />
          <StaleErrors />
        </GraphiQL.Logo>
      </GraphiQL>
    </>
  );
}

function rememberPanel(plugin) {
  storage.setItem(PANEL, plugin?.title ?? 'none');
}

/**
 * Opens the panel that was open last: at the first visit, the examples. GraphiQL can be told which to
 * open, but draws it out of sight until its button is pressed. Shows nothing.
 */
function OpenPanel() {
  const plugins = usePluginStore(state => state.plugins);
  const opened = useRef(false);

  useEffect(() => {
    const title = storage.getItem(PANEL) ?? EXAMPLES_PLUGIN.title;
    if (!opened.current && plugins.length > 0) {
      opened.current = true;
      document.querySelector(`button[aria-label="Show ${CSS.escape(title)}"]`)?.click();
    }
  }, [plugins]);

  return null;
}

/** Takes away the report that the schema could not be fetched, once it could. Shows nothing. */
function StaleErrors() {
  const fetchError = useSchemaStore(state => state.fetchError);
  const schema = useSchemaStore(state => state.schema);
  const { responseEditor } = useEditorContext({ nonNull: true });
  const shown = useRef(null);

  useEffect(() => {
    if (fetchError) {
      shown.current = fetchError;
    } else if (schema && shown.current && responseEditor?.getValue() === shown.current) {
      responseEditor.setValue('');
      shown.current = null;
    }
  }, [fetchError, schema, responseEditor]);

  return null;
}

// The editor's links to the documentation have `javascript:` addresses beside what they do on a click;
// the policy of this page forbids to go there, and there is nothing to go to.
document.addEventListener(
  'click',
  event => {
    if (event.target.closest?.('a[href^="javascript:"]')) {
      event.preventDefault();
    }
  },
  true,
);

createRoot(document.getElementById('page')).render(<Page />);
