import { realpath } from 'node:fs/promises';
import { prepareStore } from '../session/store.ts';
import type { RepositoryMap } from '../workspace/map/repositoryMap.ts';
import { type FileFacts, TRAIT_KINDS } from '../workspace/symbols/facts.ts';
import type { SearchHit } from '../workspace/symbols/searchIndex.ts';
import type { IndexCounts } from '../workspace/symbols/workspaceIndex.ts';

/** What of a workspace's experiments can be listed. */
export const FACT_KINDS = [...TRAIT_KINDS, 'import'] as const;
type FactKind = (typeof FACT_KINDS)[number];

export interface IndexRequest {
  /** A question or a name to search for. */
  readonly search?: string;
  /** A function whose callers are asked for. */
  readonly callers?: string;
  /** A function of which is asked what it calls. */
  readonly callees?: string;
  /** What of the experiments is listed: their arguments, data, printed metrics, seeds, entries, or what is imported. */
  readonly facts?: FactKind;
  /** Whether every definition is listed. */
  readonly list?: boolean;
  /** Threads that parse. */
  readonly threads?: number;
}

export interface IndexAnswer extends IndexCounts {
  readonly hits?: readonly SearchHit[];
  readonly definitions?: readonly { path: string; line: number; kind: string; name: string }[];
  /** Files of which something was left out, and why. */
  readonly problems: readonly { path: string; problem: string }[];
  readonly notices: readonly string[];
}

/** Brings the index of a workspace up to date, and asks it. */
export async function indexWorkspace(workspace: string, request: IndexRequest = {}): Promise<IndexAnswer> {
  const { WorkspaceIndex } = await import('../workspace/symbols/workspaceIndex.ts');
  const { calleesOf, callersOf, searchIndex } = await import('../workspace/symbols/searchIndex.ts');
  const notices: string[] = [];
  const { search, callers, callees, facts, list, threads } = request;
  const root = await realpath(workspace);
  await ownFolder(root);
  const index = await WorkspaceIndex.open(root, {
    notice: (sentence) => notices.push(sentence),
    ...(threads !== undefined && { threads }),
  });
  try {
    const counts = await index.update();
    const hits = [
      ...(search === undefined ? [] : searchIndex(index.store, search)),
      ...(callers === undefined ? [] : callersOf(index.store, callers)),
      ...(callees === undefined ? [] : calleesOf(index.store, callees)),
      ...(facts === undefined ? [] : factsIn(index.files(), facts)),
    ];
    const definitions = list ? [...definitionsIn(index.files())] : undefined;
    return {
      ...counts,
      problems: index.store.problems(),
      notices,
      ...((search ?? callers ?? callees ?? facts) !== undefined && { hits }),
      ...(definitions && { definitions }),
    };
  } finally {
    index.close();
  }
}

export interface SearchRequest {
  /** A question or a name. */
  readonly question: string;
  /** Whether files may have changed since the last search; they are then looked at first. */
  readonly changed: boolean;
}

export interface SearchAnswer {
  readonly hits: readonly SearchHit[];
  /** How many files and symbols were searched. */
  readonly files: number;
  readonly symbols: number;
}

/** An index that is kept open, because many questions follow: as many as letters are typed. */
export interface OpenIndex {
  search(request: SearchRequest): Promise<SearchAnswer>;
  /** Takes up files that were written or removed; a first look at all of them would find those anyway. */
  takeUp(paths: readonly string[]): Promise<void>;
  close(): void;
}

const MOST_HITS = 30;

export async function openIndex(workspace: string): Promise<OpenIndex> {
  const { WorkspaceIndex } = await import('../workspace/symbols/workspaceIndex.ts');
  const { searchIndex } = await import('../workspace/symbols/searchIndex.ts');
  const root = await realpath(workspace);
  await ownFolder(root);
  const index = await WorkspaceIndex.open(root);
  let isFresh = false;
  return {
    search: async ({ question, changed }) => {
      if (changed || !isFresh) await index.update();
      isFresh = true;
      const { files, symbols } = index.store.counts();
      return { hits: searchIndex(index.store, question, MOST_HITS), files, symbols };
    },
    takeUp: async (paths) => {
      if (isFresh) await index.updateAt(paths);
    },
    close: () => index.close(),
  };
}

function* definitionsIn(files: Iterable<{ path: string; facts: FileFacts }>) {
  for (const { path, facts } of files) {
    for (const { kind, name, line } of facts.symbols) if (kind !== 'file') yield { path, line, kind, name };
  }
}

function* factsIn(files: Iterable<{ path: string; facts: FileFacts }>, asked: FactKind): Generator<SearchHit> {
  for (const { path, facts } of files) {
    const imports = facts.imports.map(({ line, text }) => ({ kind: 'import' as const, line, text }));
    for (const { kind, line, text } of [...facts.traits, ...imports]) {
      if (kind === asked) yield { path, line, endLine: line, kind, name: text, signature: '', doc: '' };
    }
  }
}

export interface MapRequest {
  /** Words that say what the map is for, such as an idea. */
  readonly about?: string;
  /** Tokens. */
  readonly budget?: number;
}

/** A map with its text, made to be told to an agent. */
export interface MapAnswer extends RepositoryMap {
  readonly text: string;
}

/** What a workspace is, within a budget of tokens. */
export async function mapWorkspace(workspace: string, request: MapRequest = {}): Promise<MapAnswer> {
  const { WorkspaceIndex } = await import('../workspace/symbols/workspaceIndex.ts');
  const { mapText, repositoryMap } = await import('../workspace/map/repositoryMap.ts');
  const root = await realpath(workspace);
  await ownFolder(root);
  const index = await WorkspaceIndex.open(root);
  try {
    await index.update();
    const map = await repositoryMap(index, request);
    return { ...map, text: mapText(map) };
  } finally {
    index.close();
  }
}

/** The index is kept where git does not see it; where nothing can be written, it is in memory alone. */
async function ownFolder(root: string): Promise<void> {
  try {
    await prepareStore(root);
  } catch (error) {
    const isReadOnly =
      error instanceof Error && 'code' in error && ['EACCES', 'EPERM', 'EROFS'].includes(String(error.code));
    if (!isReadOnly) throw error;
  }
}
