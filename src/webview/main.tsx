import { render } from 'preact';
import { Chat } from './chat.tsx';
import { focusQuestion } from './focusQuestion.ts';
import { connectHost } from './host.ts';
import { newPage, receive } from './pageState.ts';

/** Renders whatever the extension host says; the page itself keeps nothing that must survive. */
const root = document.getElementById('chat');
if (root) {
  const host = connectHost();
  let page = newPage();
  const show = (): void => render(<Chat page={page} host={host} />, root);
  host.onMessage((message) => {
    page = receive(page, message);
    show();
    if (message.type === 'focus') focusQuestion(root);
  });
  show();
  host.post({ type: 'ready' });
}
