import { listFiles } from './listFiles.ts';
import { isWithin, readText } from './readText.ts';

export interface TextMatch {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

export interface SearchOptions {
  readonly hidden?: readonly string[];
  /** A folder or file to stay in. */
  readonly under?: string;
  /** Most matches (default 60). */
  readonly most?: number;
}

/** Larger files are data rather than text; bytes. */
const LARGEST = 1024 ** 2;
const LONGEST_LINE = 200;

/** Every line that holds the words, upper and lower case alike, in the order of the files. */
export async function searchText(root: string, words: string, options: SearchOptions = {}): Promise<TextMatch[]> {
  const { hidden = [], under = '', most = 60 } = options;
  const matches: TextMatch[] = [];
  if (words === '') return matches;
  for (const { path, bytes } of (await listFiles(root)).files) {
    if (bytes > LARGEST || isWithin(path, hidden) || (under !== '' && !isWithin(path, [under]))) continue;
    const read = await readText(root, path, { hidden });
    if (read.ok) matches.push(...matchesIn(path, read.text, words.toLowerCase()));
    if (matches.length >= most) break;
  }
  return matches.slice(0, most);
}

function matchesIn(path: string, text: string, wanted: string): TextMatch[] {
  return text.split('\n').flatMap((line, i) => {
    if (!line.toLowerCase().includes(wanted)) return [];
    return [{ path, line: i + 1, text: line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line }];
  });
}
