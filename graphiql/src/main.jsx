// The page at /graphiql.
import 'graphiql/style.css';
import './style.css';
import { useSchemaStore, useEditorContext } from '@graphiql/react';
import { GraphiQL } from 'graphiql';
import { useEffect, useMemo, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Bar } from './bar.jsx';
import { authorization, keep, recall } from './credential.js';
import { EXAMPLES_PLUGIN } from './examples-plugin.jsx';
import { WELCOME } from './examples.js';
import { createFetcher } from './fetcher.js';
import { storage } from './storage.js';

const PLUGINS = [EXAMPLES_PLUGIN];
const FIRST_TABS = [{ query: WELCOME }];
// Whoever comes for the first time sees the examples; later, what was open last.
const FIRST_PANEL = storage.getItem('graphiql:tabState') ? undefined : EXAMPLES_PLUGIN;

function Page() {
  const [credential, setCredential] = useState(recall);
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

  return (
    <>
      <Bar credential={credential} fetcher={fetcher} onChange={change} />
      <GraphiQL
        fetcher={fetcher}
        storage={storage}
        shouldPersistHeaders={false}
        plugins={PLUGINS}
        visiblePlugin={FIRST_PANEL}
        defaultTabs={FIRST_TABS}
        defaultQuery=""
        defaultEditorToolsVisibility="variables"
        inputValueDeprecation
        schemaDescription
      >
        <GraphiQL.Logo>
          <StaleErrors />
        </GraphiQL.Logo>
      </GraphiQL>
    </>
  );
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

createRoot(document.getElementById('page')).render(<Page />);
