import { Script } from 'node:vm';
import { listFiles } from './listFiles.ts';
import { isWithin, readText } from './readText.ts';

export interface TextMatch {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

export interface SearchOptions {
  /** Files and folders that must not be read. */
  readonly hidden?: readonly string[];
  /** Only in this folder or file. */
  readonly under?: string;
  /** Most matches (default 60). */
  readonly most?: number;
  /** As `listFiles` takes it. */
  readonly alone?: boolean;
}

/** Lines of files that match, or one sentence why the pattern cannot be used. */
export type PatternMatches = { readonly ok: true; readonly matches: TextMatch[] } | { readonly ok: false; why: string };

/** Larger files are data rather than text; bytes. */
const LARGEST = 1024 ** 2;
const LONGEST_LINE = 200;
/** Some patterns take longer than anyone can wait. Milliseconds for one file. */
const MOST_TIME = 500;

const SEARCH = new Script(
  'const wanted = new RegExp(pattern, "i"); lines.flatMap((line, i) => (wanted.test(line) ? [i] : []))',
);

/** Every line that matches a regular expression of JavaScript, upper and lower case alike, in the order of the files.
 *  The beginning of a long line is what is looked at. */
export async function searchPattern(
  root: string,
  pattern: string,
  options: SearchOptions = {},
): Promise<PatternMatches> {
  const { hidden = [], under = '', most = 60, alone = false } = options;
  const matches: TextMatch[] = [];
  const unusable = matchingLines([], pattern);
  if (!Array.isArray(unusable)) return { ok: false, why: unusable.why };
  for (const { path, bytes } of (await listFiles(root, { alone })).files) {
    if (bytes > LARGEST || isWithin(path, hidden) || (under !== '' && !isWithin(path, [under]))) continue;
    const read = await readText(root, path, { hidden });
    if (!read.ok) continue;
    const lines = read.text.split('\n').map((line) => line.slice(0, LONGEST_LINE));
    const found = matchingLines(lines, pattern);
    if (!Array.isArray(found)) return { ok: false, why: found.why };
    matches.push(...found.map((i) => ({ path, line: i + 1, text: lines[i] ?? '' })));
    if (matches.length >= most) break;
  }
  return { ok: true, matches: matches.slice(0, most) };
}

/** In a context of its own, since only there can a search be ended that takes too long. */
function matchingLines(lines: readonly string[], pattern: string): number[] | { why: string } {
  try {
    return [...(SEARCH.runInNewContext({ lines, pattern }, { timeout: MOST_TIME }) as number[])];
  } catch (error) {
    // An error of the other context is no instance of this one's.
    const { code, message } = error as { code?: unknown; message?: unknown };
    return code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
      ? { why: `The pattern ${pattern} takes too long: search for something simpler.` }
      : { why: `${pattern} is no regular expression (${message}): put \\ before signs that are meant as they are.` };
  }
}
