import { readdir, readFile, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Sources } from './sources.ts';

/** Files beyond this size are generated, and beyond this number somebody else's. Bytes. */
const LARGEST = 2 ** 20;
const MOST_FILES = 2_000;
/** Folders whose code is not the workspace's own. A folder named `env` may be: reinforcement learning has them. */
const FOREIGN = /(?:^|\/)(?:\.[^/]+|node_modules|site-packages|dist-packages|__pycache__|venv)\//;

/** The Python files of a folder, those of the top first: they are what is started. Read when they are asked for.
 *  @param hidden paths that nobody may read, relative to the folder */
export async function pythonSources(folder: string, hidden: (path: string) => boolean = () => false): Promise<Sources> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const paths = names.map((name) => name.split(sep).join('/'));
  const depth = (path: string): number => path.split('/').length;
  const files = paths
    .filter((path) => path.endsWith('.py') && !FOREIGN.test(path) && !hidden(path))
    .sort((one, other) => depth(one) - depth(other) || (one < other ? -1 : 1))
    .slice(0, MOST_FILES);
  const read = new Map<string, readonly string[]>();
  return {
    files,
    lines: async (file) => {
      const known = read.get(file) ?? (await linesOf(join(folder, file)));
      read.set(file, known);
      return known;
    },
  };
}

async function linesOf(file: string): Promise<readonly string[]> {
  try {
    if ((await stat(file)).size > LARGEST) return [];
    return (await readFile(file, 'utf8')).split('\n');
  } catch {
    return [];
  }
}
