import { type Traceback, tail } from '../traceback.ts';
import { type EvidencePack, type Failure, ownFrames } from './evidencePack.ts';
import { headAbove, type Place, type Sources } from './sources.ts';

/** Lines shown on either side of the place. */
const AROUND = 4;
/** Of a chain of errors, and of the calls that led to one. */
const MOST_ERRORS = 3;
const MOST_CALLS = 6;
/** Characters. All of it together stays below 4,800: about 1,200 tokens. */
const MESSAGE = 500;
const LINE = 160;
const TAIL = 900;

/** The pack as an agent reads it: what, where with the lines around, the errors from the first cause on with the calls of
 *  the workspace that led to them, the command, and what was printed last. At most about 1,200 tokens. */
export async function packInWords(pack: EvidencePack, failure: Failure, sources: Sources): Promise<string> {
  const parts = [
    `Class: ${pack.class}`,
    pack.place === null ? 'Where: nothing tells' : await placeInWords(pack.place, sources),
    ...pack.errors.slice(0, MOST_ERRORS).map((error, i) => errorInWords(error, i, { failure, sources })),
    `Command: ${clipped(failure.argv.join(' '), 2 * LINE)}`,
    lastWords(failure.output),
  ];
  return parts.filter(Boolean).join('\n\n');
}

async function placeInWords({ file, line }: Place, sources: Sources): Promise<string> {
  const lines = await sources.lines(file);
  const head = headAbove(lines, line, /^\s*(?:async\s+def|def|class)\s/);
  const within = /(?:def|class)\s+(\w+)/.exec(lines[(head ?? 0) - 1] ?? '')?.[1];
  const first = Math.max(1, line - AROUND);
  const shown = lines.slice(first - 1, line + AROUND).map((text, i) => {
    const at = first + i;
    return `${at === line ? '>' : ' '} ${String(at).padStart(4)} | ${clipped(text, LINE)}`;
  });
  return [`Where: ${file}:${line}${within === undefined ? '' : `, in ${within}`}`, ...shown].join('\n');
}

function errorInWords(
  error: Traceback,
  at: number,
  { failure, sources }: { failure: Failure; sources: Sources },
): string {
  const calls = ownFrames(error, failure.root, sources)
    .slice(-MOST_CALLS)
    .map(({ file, line, function: name }) => `${file}:${line}${name === '' ? '' : ` ${name}`}`);
  const said = clipped(error.message === '' ? error.error : `${error.error}: ${error.message}`, MESSAGE);
  const by = calls.length === 0 ? '' : `\n  by ${calls.join(' → ')}`;
  return `${at === 0 ? 'Error' : 'which led to'}: ${said}${by}`;
}

/** What stands before the first traceback; the tracebacks are told above. */
function lastWords(output: string): string {
  const before = output.split(/^.*Traceback \(most recent call last\):|^Fatal Python error:/m)[0] ?? '';
  const text = tail(before.replace(/^\S*RemoteTraceback:\s*"*\s*$/m, ''), TAIL).trim();
  return text === '' ? '' : `Last output:\n${text}`;
}

function clipped(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
