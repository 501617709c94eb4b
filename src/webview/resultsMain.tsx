import { render } from 'preact';
import type { FromResults, ToResults } from './messages.ts';
import { ResultTables, type TableState } from './results.tsx';

declare function acquireVsCodeApi(): {
  postMessage(message: FromResults): void;
  getState(): TableState | undefined;
  setState(state: TableState): void;
};

/** The results table's page: renders what the extension host says, and keeps how it was sorted. */
const root = document.getElementById('results');
if (root) {
  const api = acquireVsCodeApi();
  const state = api.getState() ?? { arms: null, runs: null, chosen: null };
  window.addEventListener('message', ({ data: { results } }: MessageEvent<ToResults>) => {
    render(
      <ResultTables
        results={results}
        state={state}
        onState={(next) => api.setState(next)}
        onFollow={({ session, id }) => api.postMessage({ type: 'followRun', session, run: id })}
      />,
      root,
    );
  });
  api.postMessage({ type: 'ready' });
}
