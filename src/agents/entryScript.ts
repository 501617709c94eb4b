import path from 'node:path';
import { splitWords } from '../evidence/command.ts';
import { readText } from '../workspace/readText.ts';
import type { LookingPlace } from './lookingPlace.ts';
import { material } from './prompt.ts';

/** Of a longer script the beginning is shown; together with its modules no more than this. Characters. */
const LONGEST = 6_000;
const SCRIPT = /\.(?:py|sh|r|jl|js|mjs|ts|lua|pl|rb)$/i;
const IMPORT = /^(?:from|import)[ \t]+([A-Za-z_][\w.]*)/gm;

/** The script that a command starts, and the modules beside it that it imports as far as they are short, their lines
 *  numbered; '' where the command starts no file of the place, or a hidden one. */
export async function entryScript(command: string, place: LookingPlace): Promise<string> {
  for (const word of splitWords(command)) {
    if (!SCRIPT.test(word) || word.includes('{')) continue;
    const text = await textOf(word, place);
    if (text === null) continue;
    const shown = [numbered(word, text)];
    let room = LONGEST - text.length;
    for (const module of importsOf(text, word)) {
      const own = await textOf(module, place);
      if (own === null || own.length > room) continue;
      shown.push(numbered(module, own));
      room -= own.length;
    }
    return shown.join('\n\n');
  }
  return '';
}

async function textOf(name: string, { root, hidden }: LookingPlace): Promise<string | null> {
  const read = await readText(root, name, { hidden });
  return read.ok ? read.text : null;
}

/** Where modules that a Python script imports would stand beside it. */
function importsOf(text: string, script: string): string[] {
  if (!script.endsWith('.py')) return [];
  const names = [...text.matchAll(IMPORT)].map(([, name = '']) => `${name.replaceAll('.', '/')}.py`);
  return [...new Set(names.map((name) => path.posix.join(path.posix.dirname(script), name)))];
}

function numbered(name: string, text: string): string {
  const fits = text.length <= LONGEST;
  const lines = (fits ? text.trimEnd() : text.slice(0, text.lastIndexOf('\n', LONGEST))).split('\n');
  const more = fits ? [] : [`[read_file shows ${name} from line ${lines.length + 1} on]`];
  return material(`${name}, its lines numbered`, [...lines.map((line, i) => `${i + 1}\t${line}`), ...more].join('\n'));
}
