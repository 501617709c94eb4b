import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Host } from './host.ts';
import type { Mention, SessionHead } from './messages.ts';
import { slashCommandIn } from './slashCommands.ts';
import { Suggestions } from './suggestions.tsx';
import { type Suggestion, useCompletion } from './useCompletion.ts';

interface ComposerProps {
  head: SessionHead;
  /** What was written before the page was gone, and not sent. */
  draft: string;
  mentions: { word: string; found: readonly Mention[] };
  host: Host;
}

/** Where a researcher speaks to the agents at any time: Enter sends, Shift+Enter begins a line, `/` and `@` suggest. What
 *  is not sent yet outlives the page. */
export function Composer({ head, draft, mentions, host }: ComposerProps) {
  const [{ text, cursor }, set] = useState(() => ({ text: draft, cursor: draft.length }));
  const box = useRef<HTMLTextAreaElement>(null);
  useKeptDraft(head.id, text, host);
  const completion = useCompletion({ text, cursor }, mentions, host);
  const { suggestions, chosen } = completion;
  useLayoutEffect(() => {
    if (box.current && box.current.selectionStart !== cursor && document.activeElement === box.current)
      box.current.setSelectionRange(cursor, cursor);
  }, [text]);
  const command = slashCommandIn(text);
  const isOver = head.status === 'finished';
  const canSend = text.trim() !== '' && (command !== undefined || !isOver);
  const send = (): void => {
    if (!canSend) return;
    host.post(command ? { type: 'command', name: command } : { type: 'say', text: text.trim() });
    set({ text: '', cursor: 0 });
  };
  const take = (suggestion: Suggestion): void => {
    set(completion.taken(suggestion));
    completion.close();
    box.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const suggestion = suggestions[chosen];
    const isTaken = suggestion && suggestKey(event, { ...completion, take: () => take(suggestion) });
    if (!isTaken && (event.key !== 'Enter' || event.shiftKey)) return;
    event.preventDefault();
    if (!isTaken) send();
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Suggestions suggestions={suggestions} chosen={chosen} onTake={take} />
      <textarea
        ref={box}
        rows={Math.min(6, text.split('\n').length)}
        value={text}
        placeholder={isOver ? 'Type / for what can be done' : 'Tell the agents something'}
        aria-label="Feedback to the agents; Enter sends, Shift+Enter begins a line, slash and at sign suggest"
        aria-autocomplete="list"
        aria-controls={suggestions.length > 0 ? 'suggestions' : undefined}
        aria-activedescendant={suggestions.length > 0 ? `suggestion-${chosen}` : undefined}
        onInput={({ currentTarget: { value, selectionStart } }) => set({ text: value, cursor: selectionStart })}
        onSelect={({ currentTarget: { selectionStart } }) => set({ text, cursor: selectionStart })}
        onKeyDown={onKeyDown}
      />
      <button type="submit" disabled={!canSend}>
        Send
      </button>
    </form>
  );
}

/** A draft is kept when nothing was typed for so long. Milliseconds. */
const PAUSE = 150;

/** Tells the extension host what is written, which keeps it: the page may be gone at any time. */
function useKeptDraft(session: string, text: string, host: Host): void {
  const kept = useRef(text);
  useEffect(() => {
    if (text === kept.current) return;
    const timer = setTimeout(() => {
      kept.current = text;
      host.post({ type: 'draft', session, text });
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [session, text]);
}

/** @returns whether the key was one of the list's */
function suggestKey(
  { key, shiftKey }: KeyboardEvent,
  list: { move(step: number): void; close(): void; take(): void },
): boolean {
  switch (key) {
    case 'ArrowDown':
      list.move(1);
      return true;
    case 'ArrowUp':
      list.move(-1);
      return true;
    case 'Tab':
    case 'Enter':
      if (shiftKey) return false;
      list.take();
      return true;
    case 'Escape':
      list.close();
      return true;
    default:
      return false;
  }
}
