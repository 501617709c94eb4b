import { render } from 'preact';
import type { FromPaper, ToPaper } from './messages.ts';
import { PaperPage } from './paper.tsx';

declare function acquireVsCodeApi(): {
  postMessage(message: FromPaper): void;
  setState(state: { uri: string }): void;
};

/** The paper view's page: renders what the extension host says; which file it is outlives the window. */
const root = document.getElementById('paper');
if (root) {
  const api = acquireVsCodeApi();
  window.addEventListener('message', ({ data: { paper, file, uri } }: MessageEvent<ToPaper>) => {
    api.setState({ uri });
    render(
      <PaperPage
        paper={paper}
        file={file}
        onAsk={(selection) => api.postMessage({ type: 'ask', selection })}
        onOpen={() => api.postMessage({ type: 'openFile' })}
      />,
      root,
    );
  });
  api.postMessage({ type: 'ready' });
}
