import { plainSpaces } from './editReadings.ts';
import { Indentation, indentOf, unitOf } from './indentation.ts';

/** Where the lines of an edit stand in a file: for each old line the file's, from 0; null for one the file lacks. */
export interface Match {
  readonly at: readonly (number | null)[];
  readonly indentation: Indentation;
}

export type Comparison = (line: string) => string;

/** Ways to compare lines, from strict to lenient; the first that fits anywhere decides. */
export const COMPARISONS: readonly Comparison[] = [
  (line) => line.trimEnd(),
  (line) => plainSpaces(straight(line)).trimEnd(),
  (line) => line.trim(),
  (line) => plainSpaces(straight(line)).trim(),
];

const SINGLE = /[\u2018\u2019\u201A\u201B\u2032]/g;
const DOUBLE = /[\u201C\u201D\u201E\u201F\u2033]/g;

/** All quotes alike, to compare. */
function straight(line: string): string {
  return straightened(line).replace(/["`]/g, "'");
}

/** Quotes as they are typed in code. */
export function straightened(text: string): string {
  return text.replace(SINGLE, "'").replace(DOUBLE, '"');
}

/** Every run of the file's lines that the wanted ones equal, but for what a comparison forgives and a shift of the whole.
 *  The last wanted line may end within the file's, where the edit ends within a line. */
export function runsOf(
  lines: readonly string[],
  wanted: readonly string[],
  compare: Comparison,
  { openEnd }: { openEnd: boolean },
): Match[] {
  const file = lines.map(compare);
  const edit = wanted.map(compare);
  const found: Match[] = [];
  const last = edit.length - 1;
  const fits = (at: number, i: number): boolean => {
    const [here = '', there = ''] = [file[at], edit[i]];
    return here === there || (openEnd && i === last && last > 0 && there !== '' && here.startsWith(there));
  };
  for (let start = 0; start + edit.length <= file.length; start += 1) {
    if (!edit.every((_, i) => fits(start + i, i))) continue;
    const at = edit.map((_, i) => start + i);
    const indentation = indentationOf(lines, wanted, at);
    if (indentation !== null) found.push({ at, indentation });
  }
  return found;
}

/** @returns null where the lines are not one block shifted */
export function indentationOf(
  lines: readonly string[],
  wanted: readonly string[],
  at: readonly (number | null)[],
): Indentation | null {
  const pairs = wanted.flatMap((line, i) => {
    const place = at[i];
    return line.trim() === '' || place === null || place === undefined
      ? []
      : [{ wanted: indentOf(plainSpaces(line)), found: indentOf(lines[place] ?? '') }];
  });
  return pairs.length === 0 ? null : Indentation.of(pairs, unitOf(lines));
}
