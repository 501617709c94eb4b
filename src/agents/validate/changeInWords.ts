import type { FileChange } from '../../domain/change.ts';
import { type CitedLine, changedLines, plainLines, type ReadFile } from './citation.ts';

/** Changed files up to so many lines are shown whole, which saves their reviewer reading them. */
const MOST_WHOLE = 200;

/** A change with its line numbers, so that a line can be named.
 *  @param read gives a file as it is after the change; null for one that is not to be shown whole */
export async function changeInWords(files: readonly FileChange[], read: ReadFile): Promise<string> {
  return (await Promise.all(files.map((file) => fileInWords(file, read)))).join('\n\n');
}

/** @param most characters */
export function cutChange(change: string, most: number): string {
  if (change.length <= most) return change;
  return `${change.slice(0, most)}\n[${most} of ${change.length} characters shown: read the files for the rest]`;
}

async function fileInWords(file: FileChange, read: ReadFile): Promise<string> {
  const whole = await wholeFile(file, read);
  const lines = (whole ?? changedLines(file)).map(
    ({ number, mark, text }) => `${String(number).padStart(5)} ${mark} ${text}`,
  );
  const what = [file.kind, ...(file.binary ? ['binary'] : []), ...(whole ? ['shown whole'] : [])].join(', ');
  return [`${file.path} (${what})`, ...lines].map((line) => line.trimEnd()).join('\n');
}

/** The lines of a changed file with what stands between its hunks; null where it is long, or there is none. */
async function wholeFile(file: FileChange, read: ReadFile): Promise<CitedLine[] | null> {
  if (file.kind !== 'modified' || file.binary) return null;
  const text = await read(file.path);
  if (text === null) return null;
  const plain = plainLines(text.replace(/\n$/, ''));
  if (plain.length > MOST_WHOLE) return null;
  let from = 0;
  const lines = file.hunks.flatMap((hunk) => {
    // A hunk without a line of the new file names the line before it.
    const until = hunk.newLines === 0 ? hunk.newStart : hunk.newStart - 1;
    const between = plain.slice(from, until);
    from = until + hunk.newLines;
    return [...between, ...changedLines({ ...file, hunks: [hunk] })];
  });
  return [...lines, ...plain.slice(from)];
}
