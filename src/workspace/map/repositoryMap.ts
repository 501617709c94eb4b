import { basename } from 'node:path';
import { parse, YAMLParseError } from 'yaml';
import { listFiles } from '../listFiles.ts';
import { readText } from '../readText.ts';
import { aboutOf } from '../survey.ts';
import type { FileFacts } from '../symbols/facts.ts';
import { Pace } from '../symbols/pace.ts';
import { relevantSymbols } from '../symbols/searchIndex.ts';
import type { WorkspaceIndex } from '../symbols/workspaceIndex.ts';
import { codeLines, folderLines, settingLines } from './codeLines.ts';
import { dataLines } from './dataLines.ts';
import { callCounts, importCounts, type MapFile } from './mapFile.ts';
import { cut, type MapLine, SECTIONS } from './mapLine.ts';
import { scoreLines, startLines } from './startLines.ts';

/** What a model (or a person) is told of a workspace that it does not know. */
export interface RepositoryMap {
  /** The workspace's name and the first sentence of its README. */
  readonly title: string;
  readonly about: string;
  /** Within the budget, in the order of SECTIONS. */
  readonly lines: readonly MapLine[];
  /** Lines that did not fit. */
  readonly leftOut: number;
  /** Of the map's text; a token is taken as four bytes. */
  readonly tokens: number;
}

export interface MapOptions {
  /** Words that say what the map is for, such as an idea: what has to do with them comes first. */
  readonly about?: string;
  /** Tokens (default 600). */
  readonly budget?: number;
}

const BUDGET = 600;
const LOOKED_FOR = 60;

/** A map of a workspace within a budget: the contract, what can be started, data, scores, settings, the code that the
 *  rest stands on. The same files and words give the same map. Hidden files are named, never read.
 *  @param index brought up to date */
export async function repositoryMap(index: WorkspaceIndex, options: MapOptions = {}): Promise<RepositoryMap> {
  const { root } = index;
  const { files: listed } = await listFiles(root, { most: 20_000 });
  const contract = await contractOf(root);
  const relevant = relevanceOf(index, options.about ?? '');
  const files = await mapFiles(index, relevant.files);
  const candidates = [
    ...contract.lines,
    ...startLines(files, contract.commands),
    ...(await dataLines(root, files, listed, contract)),
    ...scoreLines(files),
    ...settingLines(files),
    ...codeLines(files, relevant.places),
    ...folderLines(files),
  ];
  const about = await aboutOf(
    root,
    listed.map(({ path }) => path),
  );
  const head = { title: basename(root), about: about ?? '' };
  return within(options.budget ?? BUDGET, head, candidates);
}

/** The map's text, as a model is told it. */
export function mapText({ title, about, lines, leftOut }: Omit<RepositoryMap, 'tokens'>): string {
  const parts = [`# Map of ${title}`, ...(about === '' ? [] : [about])];
  for (const section of SECTIONS) {
    const own = lines.filter((line) => line.section === section);
    if (own.length > 0) parts.push(`\n## ${section}`, ...own.map(lineText));
  }
  if (leftOut > 0) parts.push(`\n(${leftOut} lines of less worth are left out)`);
  return `${parts.join('\n')}\n`;
}

function lineText({ path, line, text }: MapLine): string {
  const place = line === null ? path : `${path}:${line}`;
  return place === '' ? `- ${text}` : `- ${place} ${text}`;
}

/** The lines of most worth that fit, in the order of sections and of worth. */
function within(budget: number, head: { title: string; about: string }, candidates: readonly MapLine[]): RepositoryMap {
  const ranked = candidates
    .map((line, at) => ({ line, at }))
    .sort((a, b) => b.line.worth - a.line.worth || a.at - b.at);
  const kept = new Set<MapLine>();
  let left = budget - tokensOf(mapText({ ...head, lines: [], leftOut: candidates.length }));
  const open = new Set<string>();
  for (const { line } of ranked) {
    const price = tokensOf(`${lineText(line)}\n`) + (open.has(line.section) ? 0 : tokensOf(`\n## ${line.section}\n`));
    if (price > left) continue;
    left -= price;
    open.add(line.section);
    kept.add(line);
  }
  const lines = SECTIONS.flatMap((section) => candidates.filter((line) => line.section === section && kept.has(line)));
  const map = { ...head, lines, leftOut: candidates.length - lines.length };
  return { ...map, tokens: tokensOf(mapText(map)) };
}

/** Models count differently; four bytes a token is a little more than they count in code. */
function tokensOf(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}

function relevanceOf(index: WorkspaceIndex, about: string) {
  const [files, places] = [new Map<string, number>(), new Map<string, number>()];
  if (about.trim() === '') return { files, places };
  for (const [rank, { path, line }] of relevantSymbols(index.store, about, LOOKED_FOR).entries()) {
    const worth = 1 / (1 + rank / 5);
    files.set(path, Math.max(files.get(path) ?? 0, worth));
    places.set(`${path}:${line}`, worth);
  }
  return { files, places };
}

async function mapFiles(index: WorkspaceIndex, relevance: ReadonlyMap<string, number>): Promise<MapFile[]> {
  const pace = new Pace();
  const files: { path: string; facts: FileFacts }[] = [];
  for (const file of index.files()) {
    if (pace.isDue) await pace.rest();
    files.push(file);
  }
  const counts = importCounts(files);
  const callers = callCounts(files);
  return files.map(({ path, facts }) => {
    return { path, facts, callers, importedBy: counts.get(path) ?? 0, relevance: relevance.get(path) ?? 0 };
  });
}

interface ContractFacts {
  readonly lines: readonly MapLine[];
  readonly commands: readonly string[];
  readonly inputs: readonly string[];
  readonly hidden: readonly string[];
}

/** What mlr.yaml says, as far as it can be read; whether it is right is said elsewhere. */
async function contractOf(root: string): Promise<ContractFacts> {
  const read = await readText(root, 'mlr.yaml');
  const none = { lines: [], commands: [], inputs: [], hidden: [] };
  if (!read.ok) return none;
  const contract = parsed(read.text);
  if (contract === null) return none;
  const keys = ['task', 'run', 'evaluate', 'metrics', 'protected'];
  const place = (key: string) => read.text.split('\n').findIndex((line) => line.startsWith(`${key}:`)) + 1 || null;
  const lines = keys.flatMap((key, at): MapLine[] => {
    const value = contract[key];
    if (value === undefined) return [];
    const text = `${key}: ${cut(typeof value === 'string' ? value : JSON.stringify(value), 160)}`;
    return [{ section: 'Experiment', path: 'mlr.yaml', line: place(key), text, worth: 100 - at }];
  });
  const commands = ['run', 'evaluate', 'trivial', 'pilot'].map((key) => [contract[key]].flat().join(' '));
  const hidden = [...paths(contract.hidden), ...paths(finalOf(contract).hidden)];
  return { lines, commands, inputs: paths(contract.inputs), hidden };
}

/** The locked test set, which is as hidden as the other. */
function finalOf({ final }: Record<string, unknown>): { hidden?: unknown } {
  return typeof final === 'object' && final !== null ? final : {};
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch (error) {
    if (error instanceof YAMLParseError) return null;
    throw error;
  }
}

function paths(value: unknown): string[] {
  return [value].flat().filter((one): one is string => typeof one === 'string');
}
