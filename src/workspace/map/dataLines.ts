import { stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { columnsOf } from '../data/tableHead.ts';
import { inWords } from '../describeWorkspace.ts';
import type { WorkspaceFile } from '../listFiles.ts';
import { isWithin } from '../readText.ts';
import { isAside, type MapFile } from './mapFile.ts';
import { type MapLine, namesInRow } from './mapLine.ts';

const DATA =
  /\.(?:csv|tsv|jsonl|ndjson|npz|npy|parquet|arff|h5|hdf5|feather|arrow|pkl|pt|json)$|(?:^|\/)(?:data|datasets?|corpus|corpora)\/(?:.*\/)?[^/]*\.txt$/i;
const NOT_DATA =
  /(?:^|\/)(?:requirements[^/]*|readme[^/]*|license[^/]*|constraints[^/]*|CMakeLists\.txt|[^/]*\.json)$/i;
const MOST = { lines: 12, columns: 8 };

/** Files of data: those that the contract or the code names, whether git knows them or not, and those that lie about.
 *  Hidden files are named, never read. */
export async function dataLines(
  root: string,
  files: readonly MapFile[],
  listed: readonly WorkspaceFile[],
  contract: { readonly inputs: readonly string[]; readonly hidden: readonly string[] },
): Promise<MapLine[]> {
  const named = new Map<string, string>();
  for (const path of contract.inputs) named.set(path, 'an input');
  for (const path of contract.hidden) named.set(path, 'hidden: only the evaluation sees it');
  for (const { path, facts } of files) {
    if (isAside(path)) continue;
    for (const trait of facts.traits)
      if (trait.kind === 'data' && isPlain(trait.text) && !named.has(trait.text))
        named.set(trait.text, `read by ${path}:${trait.line}`);
  }
  for (const { path } of listed)
    if (DATA.test(path) && !NOT_DATA.test(path) && !isAside(path) && !named.has(path)) named.set(path, '');
  const lines: MapLine[] = [];
  for (const [path, why] of [...named].slice(0, 4 * MOST.lines)) {
    const text = await describe(root, path, why, contract.hidden);
    if (text !== null) lines.push({ section: 'Data', path, line: null, text, worth: 0 });
  }
  return lines.slice(0, MOST.lines).map((line, rank) => ({ ...line, worth: 82 - 4 * rank }));
}

/** A path below the workspace that is written out, and that of data rather than of what a run writes. */
function isPlain(text: string): boolean {
  return (
    (/\/$/.test(text) || DATA.test(text)) &&
    !/[{}%*<>]|:\/\/|^\.\/?$|(?:^|\/)\.\.(?:\/|$)/.test(text) &&
    !text.startsWith('/')
  );
}

async function describe(root: string, path: string, why: string, hidden: readonly string[]): Promise<string | null> {
  const found = await stat(join(root, path)).catch(() => null);
  // Of a path in code that is not there it is not known what it is relative to.
  if (found === null) return why.startsWith('read') && path.includes('/') ? `${why}; not here` : null;
  if (found.isDirectory()) return `a folder${why === '' ? '' : `, ${why}`}`;
  const size = inWords(found.size);
  const columns = isWithin(posix.normalize(path), hidden) ? null : await columnsOf(join(root, path));
  const says = columns === null ? '' : `; ${columnsInWords(columns)}`;
  return [size, why].filter(Boolean).join(', ') + says;
}

function columnsInWords(columns: readonly string[]): string {
  const unnamed = columns.every((name) => /^column \d+$/.test(name));
  if (unnamed) return `${columns.length} columns without names`;
  // The last is often the one to predict.
  const last = columns.length > MOST.columns ? `, the last ${columns.at(-1)}` : '';
  return `columns ${namesInRow(columns, MOST.columns)}${last}`;
}
