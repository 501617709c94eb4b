import { splitWords } from '../evidence/command.ts';
import { readText } from '../workspace/readText.ts';
import type { LookingPlace } from './lookingPlace.ts';
import { material } from './prompt.ts';

/** Of a longer script the beginning is shown. Characters. */
const LONGEST = 6_000;
const SCRIPT = /\.(?:py|sh|r|jl|js|mjs|ts|lua|pl|rb)$/i;

/** The script that a command starts, as far as it is a file of the place and not hidden; '' where it is none. */
export async function entryScript(command: string, { root, hidden }: LookingPlace): Promise<string> {
  for (const word of splitWords(command)) {
    if (!SCRIPT.test(word) || word.includes('{')) continue;
    const read = await readText(root, word, { hidden });
    if (read.ok) return material(word, cut(read.text, word));
  }
  return '';
}

function cut(text: string, path: string): string {
  if (text.length <= LONGEST) return text;
  const shown = text.slice(0, text.lastIndexOf('\n', LONGEST) + 1);
  const lines = shown.split('\n').length;
  return `${shown}[read_file shows ${path} from line ${lines} on]`;
}
