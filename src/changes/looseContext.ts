import { lineDiff } from './lineDiff.ts';
import { COMPARISONS, indentationOf, type Match } from './matchLines.ts';
import { likeness } from './nearestPlaces.ts';

/** A context line of the edit may be so unlike the file's, and no more. */
const LEAST_LIKE = 0.6;
/** Lines of the file that the edit left out, all in all. */
const MOST_LEFT_OUT = 2;
/** Of the lines with letters, so many must be the file's. */
const LEAST_SHARE = 0.6;

/** Places where the lines that the edit takes away stand as it says, and its context nearly: a line misquoted, a line or
 *  an empty one left out. The file's context stays. Nothing is forgiven next to what is taken away.
 *  @returns every place that fits; more than one is no place */
export function looselyAt(lines: readonly string[], oldLines: readonly string[], newLines: readonly string[]): Match[] {
  const compare = COMPARISONS.at(-1) ?? ((line: string) => line);
  const steps = lineDiff(oldLines, newLines);
  const kept = new Set(steps.flatMap((step) => (step.kind === 'keep' ? [step.old] : [])));
  const put = new Set(steps.flatMap((step) => (step.kind === 'put' ? [compare(newLines[step.put] ?? '')] : [])));
  const wanted = oldLines.map(compare);
  const file = lines.map(compare);
  const anchor = wanted.findIndex((line) => line !== '');
  if (anchor < 0 || oldLines.length < 2) return [];
  const found: Match[] = [];
  for (const start of file.keys()) {
    const at = walk(file, wanted, { start, kept });
    if (at === null || !isMostlyEqual(file, wanted, at) || isThereAlready(file, at, put)) continue;
    const indentation = indentationOf(lines, oldLines, at);
    if (indentation !== null) found.push({ at, indentation });
  }
  return found.filter((one, i) => !found.some((other, j) => j < i && sameAnchors(one, other)));
}

function walk(
  file: readonly string[],
  wanted: readonly string[],
  { start, kept }: { start: number; kept: ReadonlySet<number> },
): (number | null)[] | null {
  const at: (number | null)[] = [];
  let place = start;
  let leftOut = 0;
  for (const [i, line] of wanted.entries()) {
    const isKept = kept.has(i);
    if (file[place] === line) {
      at.push(place);
      place += 1;
      continue;
    }
    if (line === '' && isKept && i > 0) {
      at.push(null);
      continue;
    }
    const skipped = skip(file, line, place);
    if (i > 0 && skipped !== null && leftOut + skipped <= MOST_LEFT_OUT && isKept && kept.has(i - 1)) {
      leftOut += skipped;
      place += skipped;
    } else if (
      i > 0 &&
      i < wanted.length &&
      skipped !== null &&
      file.slice(place, place + skipped).every((one) => one === '')
    ) {
      place += skipped;
    } else if (!isKept || likeness(file[place] ?? '', line) < LEAST_LIKE) return null;
    at.push(place);
    place += 1;
  }
  return at;
}

/** How many lines of the file lie before the wanted one; null where it does not come soon. */
function skip(file: readonly string[], line: string, place: number): number | null {
  for (let count = 1; count <= MOST_LEFT_OUT; count += 1) if (file[place + count] === line) return count;
  return null;
}

function isMostlyEqual(file: readonly string[], wanted: readonly string[], at: readonly (number | null)[]): boolean {
  const telling = wanted.flatMap((line, i) => (line === '' ? [] : [file[at[i] ?? -1] === line]));
  const equal = telling.filter(Boolean).length;
  return equal >= 1 && equal >= LEAST_SHARE * telling.length;
}

/** Whether the file has between the lines what the edit would put there. */
function isThereAlready(file: readonly string[], at: readonly (number | null)[], put: ReadonlySet<string>): boolean {
  const placed = new Set(at);
  const [first, last] = [at.find((one) => one !== null) ?? 0, at.findLast((one) => one !== null) ?? 0];
  return file.slice(first, last + 1).some((line, i) => line !== '' && !placed.has(first + i) && put.has(line));
}

function sameAnchors(one: Match, other: Match): boolean {
  return one.at.some((place, i) => place !== null && place === other.at[i]);
}
