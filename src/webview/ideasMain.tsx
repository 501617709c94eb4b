import { render } from 'preact';
import { Comparison } from './comparison.tsx';
import type { FromIdeas, ToIdeas } from './messages.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: FromIdeas): void;
  getState(): Kept | undefined;
  setState(state: Kept): void;
};

/** What outlives the window: which session's ideas these are. */
interface Kept {
  readonly session: string;
}

/** The page of ideas side by side: renders what the extension host says, and sends one answer. */
const root = document.getElementById('ideas');
if (root) {
  const api = acquireVsCodeApi();
  let shown: Extract<ToIdeas, { type: 'ideas' }> | undefined;
  let sentTo: string | undefined;
  const show = (): void => {
    if (!shown) return;
    const { title, item, gate } = shown;
    const onAnswer = (answer: Extract<FromIdeas, { type: 'answer' }>['answer']): void => {
      if (!gate || sentTo === gate.id) return;
      sentTo = gate.id;
      api.postMessage({ type: 'answer', gate: gate.id, answer });
      show();
    };
    const isSent = gate !== null && sentTo === gate.id;
    render(<Comparison title={title} item={item} gate={gate} isSent={isSent} onAnswer={onAnswer} />, root);
  };
  window.addEventListener('message', ({ data }: MessageEvent<ToIdeas>) => {
    if (data.type === 'refused') sentTo = undefined;
    else {
      shown = data;
      api.setState({ session: data.session });
    }
    show();
  });
  api.postMessage({ type: 'ready' });
}
