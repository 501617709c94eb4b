import { useState } from 'preact/hooks';
import type { Host } from './host.ts';
import type { SessionStatus } from './messages.ts';

/** Where a researcher speaks to the agents at any time: Enter sends, Shift+Enter begins a line. */
export function Composer({ status, host }: { status: SessionStatus; host: Host }) {
  const [text, setText] = useState('');
  const send = (): void => {
    if (text.trim() === '') return;
    host.post({ type: 'say', text: text.trim() });
    setText('');
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  if (status === 'finished') return null;
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        rows={Math.min(6, text.split('\n').length)}
        value={text}
        placeholder="Tell the agents something"
        aria-label="Feedback to the agents; Enter sends, Shift+Enter begins a line"
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <button type="submit" disabled={text.trim() === ''}>
        Send
      </button>
    </form>
  );
}
