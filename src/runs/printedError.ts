import path from 'node:path';
import { readLog } from './outputLog.ts';
import { type Traceback, tracebackOf } from './traceback.ts';

/** So much of an output's end is looked at: a traceback stands there. Bytes. */
const LOOKED_AT = 64 * 1024;
/** Longest line that is kept. Characters. */
const LONGEST = 200;

/** What a failed run said of it, in one line: the error of its last traceback with the place in its own code, as
 *  `ValueError: could not convert string to float (train.py:42)`, else the last line that it printed and that is no JSON.
 *  @param code absolute folder in which the run saw its code
 *  @returns undefined where it printed nothing */
export async function printedError(folder: string, code: string): Promise<string | undefined> {
  const output = (await readLog(folder, { from: -LOOKED_AT })).toString('utf8');
  const traceback = tracebackOf(output);
  if (traceback) return errorLine(traceback, code);
  // Scores that an evaluation printed before it failed say nothing of why.
  const last = output.split(/[\r\n]/).findLast((line) => line.trim() !== '' && !/^\s*\{.*\}\s*$/.test(line));
  return last === undefined ? undefined : shortened(last.trim());
}

function errorLine({ error, message, frames }: Traceback, code: string): string {
  const own = frames.findLast(({ file }) => !path.relative(code, path.resolve(code, file)).startsWith('..'));
  const place = own ?? frames.at(-1);
  const said = shortened(message === '' ? error : `${error}: ${message.split('\n')[0]}`);
  if (!place) return said;
  return `${said} (${own ? path.relative(code, path.resolve(code, own.file)) : place.file}:${place.line})`;
}

function shortened(line: string): string {
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
