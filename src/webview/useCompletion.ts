import { useEffect, useState } from 'preact/hooks';
import type { Host } from './host.ts';
import type { Mention } from './messages.ts';
import { SLASH_COMMANDS } from './slashCommands.ts';

export interface Suggestion {
  readonly insert: string;
  readonly label: string;
  readonly detail: string;
}

interface Asked {
  /** Where in the text the word begins, with its `@` or `/`. */
  readonly at: number;
  readonly word: string;
}

/** What could stand where the cursor is: a command after the first slash, a file, the paper or a run after an `@`.
 *  @param cursor place in the text
 *  @param mentions what the extension host found last, and for which word */
export function useCompletion(
  { text, cursor }: { text: string; cursor: number },
  mentions: { word: string; found: readonly Mention[] },
  host: Host,
) {
  const [chosen, choose] = useState(0);
  const [closed, close] = useState('');
  const asked = askedIn(text.slice(0, cursor));
  const key = asked ? `${asked.at} ${asked.word}` : '';
  useEffect(() => {
    choose(0);
    if (asked?.word.startsWith('@')) host.post({ type: 'askMentions', word: asked.word.slice(1) });
  }, [key]);
  const all = asked && closed !== key ? suggestionsFor(asked.word, mentions) : [];
  return {
    suggestions: all,
    chosen: Math.min(chosen, Math.max(0, all.length - 1)),
    move: (step: number): void => choose((chosen + step + all.length) % Math.max(1, all.length)),
    close: (): void => close(key),
    /** The text with a suggestion in the place of the word, and where the cursor then is. */
    taken: ({ insert }: Suggestion): { text: string; cursor: number } => {
      const before = text.slice(0, asked?.at ?? cursor) + insert;
      return { text: before + text.slice(cursor), cursor: before.length };
    },
  };
}

function askedIn(before: string): Asked | null {
  const command = /^\/\w*$/.exec(before);
  if (command) return { at: 0, word: command[0] };
  const mention = /(?:^|\s)(@[^\s@]*)$/.exec(before);
  return mention?.[1] === undefined ? null : { at: before.length - mention[1].length, word: mention[1] };
}

function suggestionsFor(word: string, mentions: { word: string; found: readonly Mention[] }): readonly Suggestion[] {
  if (!word.startsWith('/')) return mentions.word === word.slice(1) ? mentions.found : [];
  const fits = SLASH_COMMANDS.filter(({ name }) => name.startsWith(word.slice(1)));
  // Nothing is left to complete: Enter sends it.
  if (fits.length === 1 && fits[0]?.name === word.slice(1)) return [];
  return fits.map(({ name, does }) => ({ insert: `/${name}`, label: `/${name}`, detail: does }));
}
