import { readFile, realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';

/** How deep files may include each other, how many are included, and how many characters all together may hold. */
const MAX_DEPTH = 6;
const MAX_FILES = 200;
const MAX_CHARACTERS = 8 * 1024 * 1024;

/** A paper's source with the files it includes put in and comments taken out. Files outside the main file's folder
 *  are never opened: a paper is data and may not choose what is read. */
export async function withIncludes(source: string, path: string): Promise<string> {
  return expand(source, { folder: dirname(resolve(path)), depth: 0, spent: { characters: 0, files: 0 } });
}

/** A file beside the paper, with the first extension that exists; null where there is none in the paper's folder. */
export async function besidePaper(folder: string, name: string, extensions: readonly string[]): Promise<string | null> {
  const root = await realpath(folder);
  for (const extension of extensions) {
    const wanted = join(root, name.endsWith(extension) ? name : name + extension);
    const found = await realpath(wanted).catch(() => null);
    if (found === null || relative(root, found).startsWith('..')) continue;
    const text = await readFile(found, 'utf8').catch(() => null);
    if (text !== null && text.length <= MAX_CHARACTERS) return text;
  }
  return null;
}

interface Expansion {
  folder: string;
  depth: number;
  spent: { characters: number; files: number };
}

async function expand(source: string, expansion: Expansion): Promise<string> {
  const text = withoutComments(source);
  expansion.spent.characters += text.length;
  if (expansion.depth >= MAX_DEPTH || expansion.spent.characters > MAX_CHARACTERS) return text;
  let whole = '';
  let from = 0;
  for (const match of text.matchAll(/\\(?:input|include)\s*\{([^{}]{1,300})\}/g)) {
    if (++expansion.spent.files > MAX_FILES) break;
    const included = await besidePaper(expansion.folder, (match[1] ?? '').trim(), ['.tex', '']);
    const inner = included === null ? '' : await expand(included, { ...expansion, depth: expansion.depth + 1 });
    whole += text.slice(from, match.index) + inner;
    from = match.index + match[0].length;
  }
  return whole + text.slice(from);
}

/** A per cent sign begins a comment unless a backslash stands before it. A line that is all comment goes whole. */
function withoutComments(source: string): string {
  return source
    .replace(/\r\n?/g, '\n')
    .replace(/^[^\S\n]*%.*\n/gm, '')
    .replace(/\\[\s\S]|%.*$/gm, (found) => (found.startsWith('%') ? '' : found));
}
