import { type FileList, listFiles, type WorkspaceFile } from './listFiles.ts';
import { outline } from './outline.ts';
import { isWithin, readText } from './readText.ts';

/** How much of everything fits into a prompt: files named, outlined, and shown with their first lines. */
const MOST = { files: 150, outlines: 20, heads: 8, readmeLines: 25, line: 1_500, characters: 24_000 };
const TABLES = /\.(csv|tsv|jsonl|txt)$/i;

/** A compact map of a workspace for a prompt: files with sizes, definitions, the README's and the tables' first
 *  lines, and the contract. The same workspace gives the same text. Hidden files are named, never read. */
export async function describeWorkspace(root: string, options: { hidden?: readonly string[] } = {}): Promise<string> {
  const hidden = options.hidden ?? [];
  const list = await listFiles(root);
  const seen = list.files.filter(({ path }) => !isWithin(path, hidden));
  const parts = [fileLines(list, hidden), await definitionLines(root, seen)];
  for (const { path } of seen.filter((file) => /^readme(\.\w+)?$/i.test(file.path))) {
    parts.push(await head(root, path, MOST.readmeLines));
  }
  if (seen.some(({ path }) => path === 'mlr.yaml')) parts.push(await head(root, 'mlr.yaml', 200));
  const tables = seen.filter(({ path }) => TABLES.test(path) && !/^(readme|license|requirements)/i.test(path));
  for (const { path } of tables.slice(0, MOST.heads)) parts.push(await head(root, path, 3));
  return cut(parts.filter((part) => part !== '').join('\n\n'), MOST.characters);
}

function fileLines({ files, truncated }: FileList, hidden: readonly string[]): string {
  const lines = files.slice(0, MOST.files).map(({ path, bytes }) => {
    const note = isWithin(path, hidden) ? ', hidden: only the evaluation sees it' : '';
    return `- ${path} (${inWords(bytes)}${note})`;
  });
  const more = files.length - lines.length;
  if (more > 0) lines.push(`- and ${more} more${truncated ? ' at least' : ''}`);
  return ['Files:', ...lines].join('\n');
}

async function definitionLines(root: string, files: readonly WorkspaceFile[]): Promise<string> {
  const lines: string[] = [];
  const python = files.filter(({ path, bytes }) => path.endsWith('.py') && bytes < 200_000);
  for (const { path } of python.slice(0, MOST.outlines)) {
    const read = await readText(root, path);
    if (!read.ok) continue;
    const found = (await outline(read.text)).map(({ signature, line }) => `${signature} line ${line}`);
    if (found.length > 0) lines.push(cut(`- ${path}: ${found.join('; ')}`, MOST.line));
  }
  return lines.length === 0 ? '' : ['Definitions:', ...lines].join('\n');
}

async function head(root: string, path: string, lines: number): Promise<string> {
  const read = await readText(root, path, { mostBytes: 16_384 });
  if (!read.ok) return '';
  const all = read.text.trimEnd().split('\n');
  const shown = all.slice(0, lines).map((line) => cut(line, 200));
  const title = all.length > shown.length || !read.whole ? `${path}, first ${shown.length} lines:` : `${path}:`;
  return [title, ...shown.map((line) => `    ${line}`)].join('\n');
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/** @param bytes as a person says it: 1.2 kB */
export function inWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
