import { posix } from 'node:path';
import type { IndexedSymbol } from '../symbols/facts.ts';
import { isAside, type MapFile } from './mapFile.ts';
import { cut, type MapLine, namesInRow } from './mapLine.ts';

const MOST = { files: 40, names: 5, keys: 10, folders: 20 };
const TOOLING =
  /(?:^|\/)(?:mlr\.yaml|package(?:-lock)?\.json|tsconfig[^/]*\.json|pyproject\.toml|[^/]*lock[^/]*|\.[^/]+|docker-compose[^/]*|mkdocs\.ya?ml|environment\.ya?ml|codecov\.ya?ml)$|(?:^|\/)\.[^/]+\//;
/** Code with more files than this is told folder by folder too. */
const MANY = 40;

/** What the code consists of: files that others rest on, or that have to do with what was asked. */
export function codeLines(files: readonly MapFile[], relevant: ReadonlyMap<string, number>): MapLine[] {
  const code = files.filter(
    ({ path, facts, relevance }) =>
      facts.symbols.some(isDefinition) && !isAside(path) && (relevance > 0 || !path.endsWith('__init__.py')),
  );
  const scored = code.map((file) => ({ file, score: Math.log2(1 + file.importedBy) + 12 * file.relevance }));
  scored.sort((a, b) => b.score - a.score || (a.file.path < b.file.path ? -1 : 1));
  return scored.slice(0, MOST.files).flatMap(({ file, score }, rank): MapLine[] => {
    const symbols = bestOf(file, relevant);
    const [first] = symbols;
    if (first === undefined) return [];
    const names = namesInRow(symbols.map(told), MOST.names);
    const worth = 62 - 1.5 * rank + Math.min(30, 3 * score);
    return [{ section: 'Code', path: file.path, line: first.line, text: names, worth }];
  });
}

/** Definitions on the outside: those that were asked about first, then those that most files call. */
function bestOf(file: MapFile, relevant: ReadonlyMap<string, number>): IndexedSymbol[] {
  const outer = file.facts.symbols.filter((one) => isDefinition(one) && !/^(?:_.*|main)$/.test(lastOf(one.name)));
  const worth = (one: IndexedSymbol): number => relevant.get(`${file.path}:${one.line}`) ?? 0;
  const own = outer.filter((one) => !one.name.includes('.') || worth(one) > 0);
  const calls = (one: IndexedSymbol): number => file.callers.get(lastOf(one.name)) ?? 0;
  return [...own].sort((a, b) => worth(b) - worth(a) || calls(b) - calls(a) || a.line - b.line);
}

function told({ kind, name, signature, doc }: IndexedSymbol): string {
  const shown = kind === 'class' ? `class ${cut(signature, 50)}` : cut(signature, 56);
  return doc === '' || name.length > 40 ? shown : `${shown} “${cut(doc, 44)}”`;
}

/** Files of settings with their outermost keys; those of one folder in one line. */
export function settingLines(files: readonly MapFile[]): MapLine[] {
  const settings = files.filter(
    ({ path, facts }) => ['yaml', 'toml', 'json'].includes(facts.language) && !TOOLING.test(path) && !isAside(path),
  );
  const folders = new Map<string, MapFile[]>();
  for (const file of settings) {
    const folder = posix.dirname(file.path);
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  const isConfig = /conf|settings|param|hyper/i;
  return [...folders]
    .sort(([a], [b]) => Number(isConfig.test(b)) - Number(isConfig.test(a)) || a.length - b.length || (a < b ? -1 : 1))
    .flatMap(([, own]) => linesOfFolder(own))
    .map((line, rank) => ({ ...line, worth: line.worth - 5 * rank }));
}

function linesOfFolder(files: readonly MapFile[]): MapLine[] {
  const line = ({ path, facts, relevance }: MapFile): MapLine => {
    const keys = facts.symbols.filter(({ kind }) => kind === 'key' || kind === 'section').map(({ name }) => name);
    return {
      section: 'Configuration',
      path,
      line: null,
      text: namesInRow(keys, MOST.keys),
      worth: 66 + 10 * relevance,
    };
  };
  const [first] = files;
  if (first === undefined || files.length <= 3) return files.map(line);
  const names = files.slice(1).map(({ path }) => posix.basename(path));
  return [{ ...line(first), text: `${line(first).text}; beside it ${namesInRow(names, 8)}` }];
}

/** Where things are in a large tree. */
export function folderLines(files: readonly MapFile[]): MapLine[] {
  const code = files.filter(({ path, facts }) => facts.symbols.some(isDefinition) && !isAside(path));
  if (code.length < MANY) return [];
  const groups = new Map<string, MapFile[]>();
  for (const file of code) {
    const folder = file.path.split('/').slice(0, -1).slice(0, depthFor(code)).join('/') || '.';
    groups.set(folder, [...(groups.get(folder) ?? []), file]);
  }
  const ranked = [...groups].map(([folder, own]) => {
    const relevance = Math.max(...own.map((file) => file.relevance));
    return {
      folder,
      own,
      score: Math.log2(1 + own.reduce((sum, file) => sum + 1 + file.importedBy, 0)) + 8 * relevance,
    };
  });
  ranked.sort((a, b) => b.score - a.score || (a.folder < b.folder ? -1 : 1));
  return ranked.slice(0, MOST.folders).map(({ folder, own }, rank) => {
    const best = [...own].sort(
      (a, b) => b.relevance - a.relevance || b.importedBy - a.importedBy || (a.path < b.path ? -1 : 1),
    );
    const doc = own.find(({ path }) => path === `${folder}/__init__.py`)?.facts.symbols[0]?.doc ?? '';
    const says = doc === '' ? '' : `: ${cut(doc.replace(/[=\-~]{4,}/g, '').trim(), 80)}`;
    const names = namesInRow(
      best.map(({ path }) => path.slice(folder === '.' ? 0 : folder.length + 1)),
      4,
    );
    return {
      section: 'Folders',
      path: folder,
      line: null,
      text: `${own.length} files${says}; ${names}`,
      worth: 84 - 3 * rank,
    };
  });
}

/** So deep that there are several folders to tell apart, and not too many. */
function depthFor(files: readonly MapFile[]): number {
  for (const depth of [1, 2, 3]) {
    const folders = new Set(files.map(({ path }) => path.split('/').slice(0, -1).slice(0, depth).join('/')));
    if (folders.size >= 5) return depth;
  }
  return 3;
}

function isDefinition({ kind }: IndexedSymbol): boolean {
  return kind === 'function' || kind === 'class' || kind === 'method';
}

function lastOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
