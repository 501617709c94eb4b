import * as z from 'zod';
import type { HubEntry, HubQuery } from '../../domain/hub.ts';
import type { ServiceAnswer, ServiceDoor } from '../services/serviceDoor.ts';
import { commitOr, isHubId, loadingCode } from './loadingCode.ts';

export const HUB = {
  name: 'Hugging Face Hub',
  baseUrl: 'https://huggingface.co',
  setting: 'HF_ENDPOINT',
  keyName: 'HF_TOKEN',
  /** Without a token 500 requests in five minutes. Source: https://huggingface.co/docs/hub/rate-limits */
  every: 600,
} as const;

/** Days that an answer is good for: cards change slowly. Milliseconds. */
const FRESH = 24 * 3600 * 1000;

/** Most that are asked for, so that those which do not fit can be left out. */
const MOST_ASKED = 100;

/** A word or several. */
const Words = z
  .union([z.string(), z.array(z.string().nullable())])
  .nullish()
  .catch(null)
  .transform((one) => (one == null ? [] : [one].flat().filter((word) => word !== null)));

const Metric = z.looseObject({ type: z.string(), value: z.unknown() });
const Result = z.looseObject({
  dataset: z.looseObject({ name: z.string().nullish(), type: z.string().nullish() }).nullish(),
  metrics: z.array(Metric).nullish(),
});
const Card = z.looseObject({ license: Words, language: Words, task_categories: Words, size_categories: Words });

/** What `expand` asks for; a card that its owner wrote in another shape is none. */
const Listed = z.object({
  id: z.string(),
  sha: z.string().nullish(),
  gated: z.union([z.boolean(), z.string()]).nullish(),
  downloads: z.number().nullish(),
  tags: z.array(z.string()).nullish(),
  pipeline_tag: z.string().nullish(),
  library_name: z.string().nullish(),
  safetensors: z
    .object({ parameters: z.record(z.string(), z.number()), total: z.number() })
    .nullish()
    .catch(null),
  usedStorage: z.number().nullish(),
  cardData: Card.nullish().catch(null),
  'model-index': z
    .array(z.looseObject({ results: z.array(Result).nullish() }))
    .nullish()
    .catch(null),
});
type Listed = z.infer<typeof Listed>;

const EXPAND = {
  models: [
    'cardData',
    'downloads',
    'gated',
    'library_name',
    'model-index',
    'pipeline_tag',
    'safetensors',
    'sha',
    'tags',
    'usedStorage',
  ],
  datasets: ['cardData', 'downloads', 'gated', 'sha', 'tags', 'usedStorage'],
};

/** Searches the Hub, the most downloaded first. It looks for words in ids alone, so a task among them is taken as one.
 *  Source: https://huggingface.co/docs/hub/api (GET /api/models, GET /api/datasets), and list_models and list_datasets of
 *  https://github.com/huggingface/huggingface_hub/blob/main/src/huggingface_hub/hf_api.py */
export async function searchHub(
  door: ServiceDoor,
  query: HubQuery,
  signal: AbortSignal,
): Promise<ServiceAnswer<readonly HubEntry[]>> {
  const first = await ask(door, query, query.words.trim(), signal);
  if (first.value.length > 0) return first;
  const { task, words } = taskIn(query.words);
  if (task === null || query.task !== undefined) return first;
  return ask(door, { ...query, task }, words, signal);
}

async function ask(door: ServiceDoor, query: HubQuery, words: string, signal: AbortSignal) {
  const { kind, task, language, licence, open } = query;
  const asked = new URLSearchParams({ sort: 'downloads', limit: `${MOST_ASKED}` });
  if (words !== '') asked.set('search', words);
  if (task !== undefined && kind === 'models') asked.set('pipeline_tag', task);
  if (task !== undefined && kind === 'datasets') asked.append('filter', `task_categories:${task}`);
  if (language !== undefined) asked.append('filter', kind === 'models' ? language : `language:${language}`);
  if (licence !== undefined) asked.append('filter', `license:${licence}`);
  if (open) asked.set('gated', 'false');
  for (const property of EXPAND[kind]) asked.append('expand', property);
  const parse = (text: string) => entriesIn(text, kind);
  return door.ask({ path: `/api/${kind}?${asked}`, parse, freshFor: FRESH, signal });
}

function entriesIn(text: string, kind: HubQuery['kind']): HubEntry[] {
  const listed = z.array(z.unknown()).parse(JSON.parse(text));
  // One that has another shape takes the others not with it.
  const read = listed.flatMap((one) => Listed.safeParse(one).data ?? []);
  if (listed.length > 0 && read.length === 0) throw new SyntaxError('none of them is an entry of the Hub');
  return read.filter(({ id }) => isHubId(id)).map((one) => entryOf(one, kind));
}

function entryOf(one: Listed, kind: HubQuery['kind']): HubEntry {
  const { id, sha, gated, downloads, library_name, safetensors, usedStorage, cardData } = one;
  const tagged = (prefix: string) =>
    (one.tags ?? []).flatMap((tag) => (tag.startsWith(prefix) ? [tag.slice(prefix.length)] : []));
  const pipeline = one.pipeline_tag ? [one.pipeline_tag] : [];
  const entry = {
    kind: kind === 'models' ? ('model' as const) : ('dataset' as const),
    id,
    source: HUB.name,
    revision: commitOr(sha),
    tasks: kind === 'models' ? pipeline : either(tagged('task_categories:'), cardData?.task_categories),
    languages: either(tagged('language:'), cardData?.language),
    licence: either(tagged('license:'), cardData?.license)[0] ?? null,
    gated: gated !== undefined && gated !== null && gated !== false,
    library: library_name ?? null,
    parameters: safetensors?.total ?? null,
    bytes: safetensors ? weightsOf(safetensors.parameters) : (usedStorage ?? null),
    rows: either(tagged('size_categories:'), cardData?.size_categories)[0] ?? null,
    downloads: downloads ?? null,
    metrics: metricsOf(one),
  };
  return { ...entry, fit: null, code: loadingCode(entry) };
}

function either(tags: readonly string[], card: readonly string[] | undefined): readonly string[] {
  return tags.length > 0 ? tags : (card ?? []);
}

/** Bits of a number, by the name that safetensors gives it.
 *  Source: https://huggingface.co/docs/safetensors (Format) */
const BITS: Readonly<Record<string, number>> = {
  F64: 64,
  I64: 64,
  U64: 64,
  F32: 32,
  I32: 32,
  U32: 32,
  F16: 16,
  BF16: 16,
  I16: 16,
  U16: 16,
};

export function weightsOf(parameters: Readonly<Record<string, number>>): number {
  return Object.entries(parameters).reduce((bytes, [type, count]) => bytes + (count * (BITS[type] ?? 8)) / 8, 0);
}

/** Most claims of a card that are told. */
const MOST_METRICS = 8;

function metricsOf(one: Listed): HubEntry['metrics'] {
  const results = (one['model-index'] ?? []).flatMap(({ results }) => results ?? []);
  const metrics = results.flatMap(({ dataset, metrics }) =>
    (metrics ?? []).flatMap(({ type, value }) =>
      typeof value === 'number'
        ? [{ dataset: dataset?.name ?? dataset?.type ?? 'unnamed data', metric: type, value }]
        : [],
    ),
  );
  return metrics.slice(0, MOST_METRICS);
}

/** Tasks as the Hub calls them. Source: https://huggingface.co/tasks */
const TASKS = [
  'audio-classification',
  'automatic-speech-recognition',
  'depth-estimation',
  'feature-extraction',
  'fill-mask',
  'image-classification',
  'image-segmentation',
  'image-text-to-text',
  'image-to-text',
  'object-detection',
  'question-answering',
  'sentence-similarity',
  'summarization',
  'tabular-classification',
  'tabular-regression',
  'text-classification',
  'text-generation',
  'text-ranking',
  'text-to-image',
  'text-to-speech',
  'time-series-forecasting',
  'token-classification',
  'translation',
  'video-classification',
  'zero-shot-classification',
];

/** The task that some words name, and the words that are left. */
function taskIn(words: string): { task: string | null; words: string } {
  const said = words
    .toLowerCase()
    .split(/[\s-]+/)
    .filter(Boolean);
  const named = TASKS.filter((task) => task.split('-').every((part) => said.includes(part)));
  const task = named.sort((a, b) => b.length - a.length)[0] ?? null;
  const parts = task?.split('-') ?? [];
  return { task, words: said.filter((word) => !parts.includes(word)).join(' ') };
}
