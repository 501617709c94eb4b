import { render } from 'preact';
import type { FromResults, ResultsSubject, ToResults } from './messages.ts';
import { ResultTables, type TableState } from './results.tsx';

declare function acquireVsCodeApi(): {
  postMessage(message: FromResults): void;
  getState(): Kept | undefined;
  setState(state: Kept): void;
};

/** What outlives the window: what the table is of, and how it was sorted. */
type Kept = TableState & { subject: ResultsSubject };

/** The results table's page: renders what the extension host says, and keeps how it was sorted. */
const root = document.getElementById('results');
if (root) {
  const api = acquireVsCodeApi();
  const state = api.getState() ?? { arms: null, runs: null, chosen: null };
  window.addEventListener('message', ({ data: { results, subject } }: MessageEvent<ToResults>) => {
    api.setState({ ...(api.getState() ?? state), subject });
    render(
      <ResultTables
        results={results}
        state={state}
        onState={(next) => api.setState({ ...next, subject })}
        onFollow={({ session, id }) => api.postMessage({ type: 'followRun', session, run: id })}
      />,
      root,
    );
  });
  api.postMessage({ type: 'ready' });
}
