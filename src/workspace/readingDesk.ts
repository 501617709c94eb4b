import { inWords } from './describeWorkspace.ts';
import { listFiles } from './listFiles.ts';
import { outline } from './outline.ts';
import { isWithin, readText } from './readText.ts';
import { searchPattern } from './searchPattern.ts';

/** What an agent is told: a result, or why there is none. */
export interface DeskReply {
  readonly ok: boolean;
  readonly text: string;
}

/** Looking into a folder, in words for a model. Nothing is changed, and hidden files are never read. */
export interface ReadingDesk {
  list(folder: string): Promise<DeskReply>;
  /** @param range lines from 1; without it the beginning */
  read(path: string, range?: { from?: number | undefined; lines?: number | undefined }): Promise<DeskReply>;
  /** @param pattern a regular expression of JavaScript, upper and lower case alike */
  search(pattern: string, under?: string): Promise<DeskReply>;
}

const MOST_FILES = 400;
const LINES_AT_ONCE = 400;
const MOST_MATCHES = 60;

/** @param hidden files and folders, relative to the root, that agents must not see
 *  @param alone whether the folder is no part of the repository that it lies in */
export function readingDesk(
  root: string,
  hidden: readonly string[] = [],
  { alone = false }: { alone?: boolean } = {},
): ReadingDesk {
  return {
    list: async (folder) => {
      const place = folder.replace(/^\.?\/+|\/+$/g, '').replace(/^\.$/, '');
      const { files } = await listFiles(root, { alone });
      const within = files.filter(({ path }) => place === '' || isWithin(path, [place]));
      if (within.length === 0) return { ok: false, text: `There are no files in ${folder || 'the workspace'}.` };
      const lines = within.slice(0, MOST_FILES).map(({ path, bytes }) => {
        return isWithin(path, hidden) ? `${path} (hidden)` : `${path} (${inWords(bytes)})`;
      });
      if (within.length > MOST_FILES) lines.push(`and ${within.length - MOST_FILES} more: name a folder`);
      return { ok: true, text: lines.join('\n') };
    },
    read: async (path, range = {}) => {
      const read = await readText(root, path, { hidden });
      if (!read.ok) return { ok: false, text: read.why };
      const lines = read.text.split('\n');
      if (lines.at(-1) === '') lines.pop();
      const from = Math.max(1, range.from ?? 1);
      const shown = lines.slice(from - 1, from - 1 + Math.max(1, range.lines ?? LINES_AT_ONCE));
      const title = `${path}, lines ${from} to ${from + shown.length - 1} of ${lines.length}${read.whole ? '' : ' (its beginning)'}:`;
      const map = shown.length < lines.length ? await mapOf(path, read.text) : '';
      return { ok: true, text: `${title}\n${shown.join('\n')}${map}` };
    },
    search: async (pattern, under = '') => {
      const found = await searchPattern(root, pattern, { hidden, under, most: MOST_MATCHES, alone });
      if (!found.ok) return { ok: false, text: found.why };
      if (found.matches.length === 0) return { ok: true, text: `No line matches ${pattern}.` };
      const lines = found.matches.map(({ path, line, text }) => `${path}:${line}: ${text.trim()}`);
      if (lines.length === MOST_MATCHES) lines.push('and perhaps more: search for something longer, or in one folder');
      return { ok: true, text: lines.join('\n') };
    },
  };
}

/** Where a part of a long Python file was asked for, what else is in it. */
async function mapOf(path: string, source: string): Promise<string> {
  if (!path.endsWith('.py')) return '';
  const found = (await outline(source)).map(({ name, line, endLine }) => `${name} ${line}-${endLine}`);
  return found.length === 0 ? '' : `\n[defined in this file: ${found.join(', ')}]`;
}
