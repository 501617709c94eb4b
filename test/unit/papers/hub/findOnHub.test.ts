import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { HubQuery, Room } from '../../../../src/domain/hub.ts';
import { findOnHub } from '../../../../src/papers/hub/findOnHub.ts';
import { hubCacheFolder } from '../../../../src/papers/hub/hubCache.ts';
import { HUB } from '../../../../src/papers/hub/hubClient.ts';
import type { Surroundings } from '../../../../src/papers/services/serviceDoor.ts';
import { answers, FAULTS, type ServiceServer } from '../services/serviceServer.ts';
import { bench, NEVER, SHORT } from '../services/surroundings.ts';
import { hubDataset, hubModel, SHA } from './shapes.ts';

const here = bench();
const GIB = 2 ** 30;
const ROOM: Room = { memory: 2 * GIB, where: 'memory of this machine', disk: 10 * GIB };
const MODELS: HubQuery = { kind: 'models', words: 'socks', most: 20 };

function find(server: ServiceServer, query: Partial<HubQuery> = {}, room = ROOM, changes: Partial<Surroundings> = {}) {
  const door = here.door({ ...HUB, every: 0, baseUrl: server.baseUrl }, changes);
  const cache = path.join(here.folder, 'hub');
  return findOnHub({ ...MODELS, ...query }, { cache, door, room, signal: NEVER });
}

/** A repository in the folders of https://huggingface.co/docs/hub/local-cache. */
async function downloaded(name: string, card: string, tensors: object | null): Promise<string> {
  const folder = path.join(here.folder, 'hub', name);
  const snapshot = path.join(folder, 'snapshots', SHA);
  await mkdir(snapshot, { recursive: true });
  await mkdir(path.join(folder, 'refs'));
  await mkdir(path.join(folder, 'blobs'));
  await writeFile(path.join(folder, 'refs', 'main'), SHA);
  await writeFile(path.join(folder, 'blobs', 'a'), Buffer.alloc(3000));
  await writeFile(path.join(snapshot, 'README.md'), card);
  if (tensors === null) return snapshot;
  const header = Buffer.from(JSON.stringify(tensors));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  await writeFile(path.join(snapshot, 'model.safetensors'), Buffer.concat([length, header]));
  await writeFile(path.join(snapshot, 'config.json'), '{}');
  return snapshot;
}

test('a model’s card is told: parameters, weights on disk, licence, claims, and the code that loads this revision', async () => {
  const server = await here.serve(answers([hubModel('socks/tiny-bert')]));
  const { entries, asked } = await find(server, {
    task: 'text-classification',
    language: 'en',
    licence: 'apache-2.0',
    open: true,
  });
  expect(server.asked[0]?.path).toBe('/api/models');
  const query = server.asked[0]?.query;
  expect([query?.get('search'), query?.get('pipeline_tag'), query?.getAll('filter'), query?.get('gated')]).toEqual([
    'socks',
    'text-classification',
    ['en', 'license:apache-2.0'],
    'false',
  ]);
  expect(asked.at(-1)).toEqual({ service: 'Hugging Face Hub', outcome: 'answered', found: 1 });
  expect(entries).toMatchObject([
    {
      id: 'socks/tiny-bert',
      revision: SHA,
      tasks: ['text-classification'],
      languages: ['en'],
      licence: 'apache-2.0',
      gated: false,
      parameters: 66_000_000,
      bytes: 264_000_000,
      metrics: [{ dataset: 'socks', metric: 'accuracy', value: 0.91 }],
      fit: { verdict: 'trains', why: 'Training takes at least 1.2 GiB of the 2.0 GiB of memory of this machine.' },
    },
  ]);
  expect(entries[0]?.code).toBe(
    `from transformers import AutoModelForSequenceClassification, AutoTokenizer
tokenizer = AutoTokenizer.from_pretrained("socks/tiny-bert", revision="${SHA}")
model = AutoModelForSequenceClassification.from_pretrained("socks/tiny-bert", revision="${SHA}")
`,
  );
});

test('what fits and may be used comes first, however often the others are downloaded', async () => {
  const sized = (total: number) => ({ safetensors: { parameters: { BF16: total }, total } });
  const server = await here.serve(
    answers([
      hubModel('a/far-too-large', sized(7e9)),
      hubModel('a/gated', { gated: 'auto' }),
      hubModel('a/runs', sized(4e8)),
      hubModel('a/unknown', { safetensors: null, usedStorage: null }),
      hubModel('a/no-licence', { tags: [], cardData: null }),
      hubModel('a/good'),
    ]),
  );
  expect((await find(server)).entries.map(({ id, fit }) => `${id} ${fit?.verdict}`)).toEqual([
    'a/good trains',
    'a/no-licence trains',
    'a/gated trains',
    'a/runs runs',
    'a/unknown undefined',
    'a/far-too-large too large',
  ]);
  const small = await find(server, { parameters: 1e8, open: true });
  expect(small.entries.map(({ id }) => id)).toEqual(['a/good', 'a/no-licence']);
});

test('data sets are told with rows, size and languages, and that their owner must be asked', async () => {
  const server = await here.serve(answers([hubDataset('sock/pairs')]));
  const { entries } = await find(server, { kind: 'datasets', task: 'text-classification', language: 'en' });
  expect(server.asked[0]?.query.getAll('filter')).toEqual(['task_categories:text-classification', 'language:en']);
  expect(entries).toMatchObject([
    {
      kind: 'dataset',
      rows: '10K<n<100K',
      bytes: 40_000_000,
      languages: ['en', 'de'],
      licence: 'cc-by-4.0',
      gated: true,
      code: `from datasets import load_dataset\ndata = load_dataset("sock/pairs", revision="${SHA}")\n`,
    },
  ]);
});

test('words that name a task are taken as one, where no name holds them', async () => {
  const server = await here.serve(
    answers([]),
    answers([hubModel('a/minilm', { library_name: 'sentence-transformers' })]),
  );
  const { entries } = await find(server, { words: 'small sentence similarity' });
  expect(server.asked[1]?.query.get('pipeline_tag')).toBe('sentence-similarity');
  expect(server.asked[1]?.query.get('search')).toBe('small');
  expect(entries[0]?.code).toContain('SentenceTransformer("a/minilm", revision=');
});

test('what is on this machine comes first, needs no download, and is told once', async () => {
  const card = '---\nlicense: mit\npipeline_tag: text-classification\nlanguage: [en]\n---\n# Socks\n';
  const tensors = { __metadata__: { format: 'pt' }, w: { dtype: 'F16', shape: [1000, 50], data_offsets: [0, 100000] } };
  const snapshot = await downloaded('models--socks--tiny-bert', card, tensors);
  await downloaded('models--other--thing', '---\n: [', null);
  await downloaded('datasets--socks', '---\nsize_categories: n<1K\n---\n', null);
  const server = await here.serve(answers([hubModel('a/good-socks'), hubModel('socks/tiny-bert')]));
  const { entries, asked } = await find(server, {}, { ...ROOM, disk: 0 });
  expect(entries.map(({ id, source }) => [id, source])).toEqual([
    ['socks/tiny-bert', 'local'],
    ['a/good-socks', 'Hugging Face Hub'],
  ]);
  expect(entries[0]).toMatchObject({
    licence: 'mit',
    parameters: 50_000,
    bytes: 100_000,
    path: snapshot,
    revision: SHA,
  });
  expect(entries[0]?.code).toContain(`revision="${SHA}", local_files_only=True`);
  expect(entries[1]?.fit).toEqual({ verdict: 'too large', why: '252 MiB do not fit on the disk, which has 0 B free.' });
  expect(asked[0]).toEqual({ service: 'local', outcome: 'answered', found: 1 });
  const data = await find(server, { kind: 'datasets' });
  expect(data.entries[0]).toMatchObject({ id: 'socks', source: 'local', rows: 'n<1K', bytes: 3000 });
});

test('ids and commits that could do harm in code are left out', async () => {
  const evil = ['a/b"); import os; os.system("x', '../../etc', 'a/b/c', ''].map((id) => hubModel(id));
  const server = await here.serve(answers([...evil, hubModel('a/fine', { sha: '") #' }), { nonsense: 1 }]));
  const { entries } = await find(server);
  expect(entries.map(({ id, revision }) => [id, revision])).toEqual([['a/fine', null]]);
});

describe('a Hub that fails leaves what is on this machine:', () => {
  for (const [name, fault] of Object.entries(FAULTS))
    test(`it ${name}`, async () => {
      await downloaded('models--socks--tiny-bert', '', null);
      const { entries, asked } = await find(
        await here.serve(fault),
        {},
        ROOM,
        /never/.test(name) ? { patience: SHORT } : {},
      );
      expect(entries.map(({ id }) => id)).toEqual(['socks/tiny-bert']);
      expect(asked[1]).toMatchObject({ service: 'Hugging Face Hub', found: 0, detail: expect.any(String) });
      expect(asked[1]?.outcome).toMatch(/^(throttled|silent|failed)$/);
    });
});

test('the Hub’s cache is where its own libraries put it', () => {
  expect(hubCacheFolder({}, '/home/a')).toBe('/home/a/.cache/huggingface/hub');
  expect(hubCacheFolder({ HF_HOME: '/data/hf' }, '/home/a')).toBe('/data/hf/hub');
  expect(hubCacheFolder({ HF_HOME: '/data/hf', HF_HUB_CACHE: '/x' }, '/home/a')).toBe('/x');
});
