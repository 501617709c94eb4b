import * as z from 'zod';
import { type Tool, type ToolAnswer, tool } from './tool.ts';

/** What a model is shown of a tool's answer; where that is a part of it, the whole and its name. */
export interface ShownResult {
  readonly content: string;
  readonly whole?: { readonly name: string; readonly text: string };
}

export const READ_MORE = 'read_more';
export const HANDED_IN = 'Handed in.';
const REFUSED = 'Refused: ';

/** Longest result that is shown at once, in characters: a sixteenth of what the model can hold, at four characters a
 *  token, and never so little that it could not be worked with. */
export function longestResult(contextTokens: number): number {
  return Math.min(16_000, Math.max(2_000, Math.floor(contextTokens / 4)));
}

/** @param kept how many whole results are kept already; the next one is named after that */
export function shownResult(
  answer: ToolAnswer<unknown>,
  { keeps, longest, kept }: { keeps: 'start' | 'end'; longest: number; kept: number },
): ShownResult {
  const text = inWords(answer);
  if (text.length <= longest) return { content: text };
  const name = `r${kept + 1}`;
  const whole = { name, text };
  const from = keeps === 'start' ? 0 : text.length - longest;
  const note = noteOn({ name, text, from, to: from + longest });
  const part = text.slice(from, from + longest);
  return { content: keeps === 'start' ? `${part}\n${note}` : `${note}\n${part}`, whole };
}

export function isRefusal(content: string): boolean {
  return content.startsWith(REFUSED);
}

/** Shows the rest of results that were shown in part. */
export function readMore(whole: ReadonlyMap<string, string>, longest: number): Tool<never> {
  return tool({
    name: READ_MORE,
    looks: true,
    description: 'Read on in a result of which only a part was shown.',
    parameters: z.object({
      result: z.string().describe('Its name, such as r1.'),
      from: z.number().int().min(0).describe('First character, from 0.'),
    }),
    run: async ({ result, from }) => {
      const text = whole.get(result);
      if (whole.size === 0) return { refused: 'No result was shown in part so far: each was shown whole.' };
      if (text === undefined) {
        return { refused: `There is no result ${JSON.stringify(result)}. There are: ${[...whole.keys()].join(', ')}.` };
      }
      if (from >= text.length) return { refused: `${result} ends at character ${text.length}.` };
      // The note has room in what is shown at once, so that a part of a part is never cut again.
      const to = Math.min(text.length, from + longest - 200);
      return `${text.slice(from, to)}\n${noteOn({ name: result, text, from, to })}`;
    },
  });
}

function noteOn({ name, text, from, to }: { name: string; text: string; from: number; to: number }): string {
  const before = from > 0 ? ` ${READ_MORE} with result "${name}" and a smaller "from" shows what stands before.` : '';
  const after = to < text.length ? ` ${READ_MORE} with result "${name}" and from ${to} shows what follows.` : '';
  return `[Characters ${from} to ${to} of ${text.length}.${before}${after}]`;
}

/** What a tool's answer says to the model. A result that begins like a refusal is moved by a space. */
function inWords(answer: ToolAnswer<unknown>): string {
  if (typeof answer === 'string') return isRefusal(answer) ? ` ${answer}` : answer;
  return 'refused' in answer ? REFUSED + answer.refused : HANDED_IN;
}
