import path from 'node:path';
import { splitWords } from '../evidence/command.ts';
import { readText } from '../workspace/readText.ts';
import type { LookingPlace } from './lookingPlace.ts';
import { material } from './prompt.ts';

/** Of a longer script the beginning is shown; together with its modules no more than this. Characters. */
const LONGEST = 6_000;
const SCRIPT = /\.(?:py|sh|r|jl|js|mjs|ts|lua|pl|rb)$/i;
const IMPORT = /^(?:from|import)[ \t]+([A-Za-z_][\w.]*)/gm;

/** The script that a command starts, and as far as there is room the files that a plan names and the modules beside the
 *  script that it imports, their lines numbered. Hidden files, and those of `but`, are not shown.
 *  @param plan words that name files; '' for none */
export async function entryScript(
  command: string,
  place: LookingPlace,
  { plan = '', but = [] }: { plan?: string; but?: readonly string[] } = {},
): Promise<string> {
  const script = await scriptOf(command, place);
  const shown = new Map<string, string>();
  let room = LONGEST;
  const show = (name: string, text: string) => {
    if (!but.includes(name)) shown.set(name, numbered(name, text));
    if (!but.includes(name)) room -= text.length;
  };
  if (script) show(script.name, script.text);
  const others = [...namesIn(plan), ...(script ? importsOf(script.text, script.name) : [])];
  for (const name of others.filter((other) => other !== script?.name)) {
    const text = shown.has(name) ? null : await textOf(name, place);
    if (text !== null && text.length <= room) show(name, text);
  }
  return [...shown.values()].join('\n\n');
}

async function scriptOf(command: string, place: LookingPlace): Promise<{ name: string; text: string } | null> {
  for (const word of splitWords(command)) {
    if (!SCRIPT.test(word) || word.includes('{')) continue;
    const text = await textOf(word, place);
    if (text !== null) return { name: word, text };
  }
  return null;
}

/** Files that are named in running text, once each. */
function namesIn(text: string): string[] {
  const words = text.match(/[\w./-]+\.\w+/g) ?? [];
  return [...new Set(words.filter((word) => SCRIPT.test(word)).map((word) => path.posix.normalize(word)))];
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
