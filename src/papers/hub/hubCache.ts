import { lstat, open, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { parse as parseYaml } from 'yaml';
import * as z from 'zod';
import type { HubEntry, HubQuery } from '../../domain/hub.ts';
import { fold, queryWords } from '../finding/queryWords.ts';
import { weightsOf } from './hubClient.ts';
import { commitOr, isHubId, loadingCode } from './loadingCode.ts';

const Words = z
  .union([z.string(), z.array(z.string())])
  .nullish()
  .catch(null)
  .transform((one) => (one == null ? [] : [one].flat()));

const Front = z.looseObject({
  license: Words,
  language: Words,
  pipeline_tag: Words,
  library_name: Words,
  task_categories: Words,
  size_categories: Words,
  tags: Words,
});

/** The models or data sets that were downloaded to this machine and that a query means.
 *  Source: https://huggingface.co/docs/hub/local-cache (the folders)
 *  @param folder the cache of the Hub */
export async function searchHubCache(folder: string, query: HubQuery): Promise<HubEntry[]> {
  const names = await readdir(folder).catch(() => []);
  const found: HubEntry[] = [];
  for (const name of names.filter((one) => one.startsWith(`${query.kind}--`))) {
    const id = name.slice(query.kind.length + 2).replace('--', '/');
    const entry = isHubId(id) ? await entryAt(path.join(folder, name), id, query.kind) : null;
    if (entry && means(query, entry)) found.push(entry.entry);
  }
  return found;
}

/** Where the Hub's cache is. Source: the same. */
export function hubCacheFolder(environment: NodeJS.ProcessEnv, home: string): string {
  const { HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME } = environment;
  return (
    HF_HUB_CACHE || path.join(HF_HOME || path.join(XDG_CACHE_HOME || path.join(home, '.cache'), 'huggingface'), 'hub')
  );
}

interface Cached {
  readonly entry: HubEntry;
  readonly tags: readonly string[];
}

async function entryAt(folder: string, id: string, kind: HubQuery['kind']): Promise<Cached | null> {
  const snapshots = path.join(folder, 'snapshots');
  const named = (await readFile(path.join(folder, 'refs', 'main'), 'utf8').catch(() => '')).trim();
  const all = await readdir(snapshots).catch((): string[] => []);
  const revision = all.includes(named) ? named : all.at(-1);
  if (revision === undefined) return null;
  const snapshot = path.join(snapshots, revision);
  const [front, weights, bytes] = await Promise.all([
    frontOf(path.join(snapshot, 'README.md')),
    safetensorsIn(snapshot),
    bytesBelow(path.join(folder, 'blobs')),
  ]);
  const isModel = kind === 'models';
  const config = isModel && (await stat(path.join(snapshot, 'config.json')).catch(() => null)) !== null;
  const entry = {
    kind: isModel ? ('model' as const) : ('dataset' as const),
    id,
    source: 'local' as const,
    revision: commitOr(revision),
    path: snapshot,
    tasks: isModel ? front.pipeline_tag : front.task_categories,
    languages: front.language,
    licence: front.license[0] ?? null,
    gated: false,
    library: front.library_name[0] ?? (config ? 'transformers' : null),
    parameters: weights === null ? null : Object.values(weights).reduce((sum, count) => sum + count, 0),
    bytes: weights === null ? bytes : weightsOf(weights),
    rows: front.size_categories[0] ?? null,
    downloads: null,
    metrics: [],
  };
  return { entry: { ...entry, fit: null, code: loadingCode(entry) }, tags: front.tags };
}

/** Half of the words, in its id, tasks and tags; a filter holds where the card says anything. */
function means({ words, task, language, licence, parameters }: HubQuery, { entry, tags }: Cached): boolean {
  const text = fold([entry.id, ...entry.tasks, ...tags, ...entry.languages].join(' '));
  const asked = queryWords(words);
  const matched = asked.filter((word) => text.includes(word)).length;
  if (matched * 2 < asked.length) return false;
  const holds = (wanted: string | undefined, said: readonly string[]) =>
    wanted === undefined || said.length === 0 || said.includes(wanted);
  return (
    holds(task, entry.tasks) &&
    holds(language, entry.languages) &&
    holds(licence, entry.licence === null ? [] : [entry.licence]) &&
    (parameters === undefined || entry.parameters === null || entry.parameters <= parameters)
  );
}

/** The YAML at the head of a card, as far as it has the shape that the Hub documents.
 *  Source: https://huggingface.co/docs/hub/model-cards (Model card metadata) */
async function frontOf(file: string): Promise<z.infer<typeof Front>> {
  const text = (await readFile(file, 'utf8').catch(() => '')).slice(0, 100_000);
  const yaml = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1] ?? '';
  try {
    return Front.parse(parseYaml(yaml, { maxAliasCount: 20 }) ?? {});
  } catch (error) {
    // Somebody else's file: what it does not say well, it does not say.
    if (error instanceof Error) return Front.parse({});
    throw error;
  }
}

const Header = z.record(z.string(), z.unknown());
const Tensor = z.object({ dtype: z.string(), shape: z.array(z.number()) });

/** Largest header that is read. */
const MOST_HEADER = 16 * 1024 * 1024;

/** Numbers by their type, of all weights in a folder; null where there are none.
 *  Source: https://huggingface.co/docs/safetensors (Format: eight bytes of length, then JSON) */
async function safetensorsIn(folder: string): Promise<Record<string, number> | null> {
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.safetensors'));
  const counts: Record<string, number> = {};
  for (const name of files) {
    const header = await headerOf(path.join(folder, name));
    if (header === null) return null;
    for (const tensor of Object.values(header)) {
      const { data } = Tensor.safeParse(tensor);
      if (data)
        counts[data.dtype] = (counts[data.dtype] ?? 0) + data.shape.reduce((product, side) => product * side, 1);
    }
  }
  return files.length === 0 ? null : counts;
}

async function headerOf(file: string): Promise<z.infer<typeof Header> | null> {
  const handle = await open(file).catch(() => null);
  if (handle === null) return null;
  try {
    const { buffer: length } = await handle.read(Buffer.alloc(8), 0, 8, 0);
    const bytes = Number(length.readBigUInt64LE());
    if (bytes > MOST_HEADER) return null;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, 8);
    return Header.safeParse(JSON.parse(buffer.toString('utf8', 0, bytesRead))).data ?? null;
  } catch (error) {
    // Still being downloaded, or no weights at all.
    if (error instanceof SyntaxError) return null;
    throw error;
  } finally {
    await handle.close();
  }
}

async function bytesBelow(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(
    names.map(async (name) => (await lstat(path.join(folder, name)).catch(() => null))?.size ?? 0),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
