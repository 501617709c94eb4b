import { readFile, realpath } from 'node:fs/promises';
import { basename, join, posix, relative } from 'node:path';

/** How deep files may include each other, how many are included, and how many characters all together may hold. */
const MAX_DEPTH = 10;
const MAX_FILES = 200;
const MAX_CHARACTERS = 8 * 1024 * 1024;

/** The files of a paper's source, by names relative to its main file's folder, with forward slashes. */
export interface SourceFiles {
  /** @returns null where there is no such file among them */
  read(name: string): Promise<string | null>;
}

/** The files of a folder and below it. Files outside are never opened, by no path and no link: a paper is data and may
 *  not choose what is read. */
export function filesIn(folder: string): SourceFiles {
  return {
    async read(name) {
      const root = await realpath(folder);
      const found = await realpath(join(root, name)).catch(() => null);
      if (found === null || relative(root, found).startsWith('..')) return null;
      const text = await readFile(found, 'utf8').catch(() => null);
      return text !== null && text.length <= MAX_CHARACTERS ? text : null;
    },
  };
}

/** Nothing beside the paper. */
export const NO_FILES: SourceFiles = { read: async () => null };

/** A paper's source that is whole, and a sentence for each file that could not be put in. */
export interface WholeSource {
  readonly text: string;
  readonly notices: readonly string[];
}

/** A paper's source with the files it includes put in and comments taken out.
 *  @param path of its main file, for messages */
export async function withIncludes(source: string, path: string, files: SourceFiles): Promise<WholeSource> {
  const notices: string[] = [];
  const name = basename(path);
  const text = await expand(source, { files, name, path, open: [name], spent: { characters: 0, files: 0 }, notices });
  return { text, notices };
}

/** A file beside the paper, with the first extension that exists; null where there is none. */
export async function besidePaper(
  files: SourceFiles,
  name: string,
  extensions: readonly string[],
): Promise<{ text: string; name: string } | null> {
  for (const extension of extensions) {
    const whole = posix.normalize(name.endsWith(extension) ? name : name + extension);
    const text = await files.read(whole);
    if (text !== null) return { text, name: whole };
  }
  return null;
}

interface Expansion {
  readonly files: SourceFiles;
  /** Of the file that is put in, relative to the main file, and as messages call it. */
  readonly name: string;
  readonly path: string;
  /** The files around it, from the main file on. */
  readonly open: readonly string[];
  readonly spent: { characters: number; files: number };
  readonly notices: string[];
}

const INCLUDE =
  /\\(?:input|include|subfile|subfileinclude)\s*\{([^{}]{1,300})\}|\\(?:sub)?(?:import|inputfrom|includefrom)\*?\s*\{([^{}]{0,300})\}\s*\{([^{}]{1,300})\}|\\input\s+([^\s{}\\%]{1,300})/g;

async function expand(source: string, expansion: Expansion): Promise<string> {
  const { spent, notices, path } = expansion;
  const text = bodyOf(withoutComments(source), expansion);
  spent.characters += text.length;
  if (spent.characters > MAX_CHARACTERS) {
    notices.push(`${path}: all files together are longer than is read; what is included from here on was left out.`);
    return text;
  }
  let whole = '';
  let from = 0;
  for (const match of text.matchAll(INCLUDE)) {
    const [command, plain, folder, imported, bare] = match;
    const wanted = (plain ?? (imported === undefined ? bare : posix.join(folder ?? '', imported)) ?? '').trim();
    whole += text.slice(from, match.index) + (await included(wanted, expansion, () => placeOf(source, command, path)));
    from = match.index + command.length;
    if (spent.files > MAX_FILES) break;
  }
  return whole + text.slice(from);
}

async function included(wanted: string, expansion: Expansion, place: () => string): Promise<string> {
  const { files, open, spent, notices, name } = expansion;
  if (++spent.files > MAX_FILES) {
    notices.push(`${place()}: more than ${MAX_FILES} files are included; this one and those after it were left out.`);
    return '';
  }
  // A file of a part of the paper may name others as they lie beside itself.
  const found =
    (await besidePaper(files, wanted, ['.tex', ''])) ??
    (await besidePaper(files, posix.join(posix.dirname(name), wanted), ['.tex', '']));
  if (found === null) {
    notices.push(`${place()}: “${wanted}” is not among the files of the paper, and was left out.`);
    return '';
  }
  if (open.includes(found.name) || open.length > MAX_DEPTH) {
    const why = open.includes(found.name)
      ? 'includes itself by way of others'
      : `is included ${open.length} files deep`;
    notices.push(`${place()}: “${found.name}” ${why}, and was left out.`);
    return '';
  }
  return await expand(found.text, { ...expansion, name: found.name, path: found.name, open: [...open, found.name] });
}

/** What a file of a part says: its own preamble, by which it can be set alone, is none of the paper's. */
function bodyOf(text: string, { open }: Expansion): string {
  const begin = open.length > 1 ? text.indexOf('\\begin{document}') : -1;
  if (begin < 0) return text;
  const end = text.indexOf('\\end{document}', begin);
  return text.slice(begin + '\\begin{document}'.length, end < 0 ? undefined : end);
}

/** The file and line at which a command stands. */
function placeOf(source: string, command: string, path: string): string {
  const [first = ''] = command.split('\n');
  const line = source.split('\n').findIndex((one) => withoutComments(`${one}\n`).includes(first));
  return line < 0 ? path : `${path}:${line + 1}`;
}

/** A per cent sign begins a comment unless a backslash stands before it. A line that is all comment goes whole. */
function withoutComments(source: string): string {
  return source
    .replace(/\r\n?/g, '\n')
    .replace(/^[^\S\n]*%.*\n/gm, '')
    .replace(/\\[\s\S]|%.*$/gm, (found) => (found.startsWith('%') ? '' : found));
}
