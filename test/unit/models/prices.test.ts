import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openaiCompatible } from '../../../src/models/openaiCompatible.ts';
import { type PriceTable, priceFile, readPrices } from '../../../src/models/priceTable.ts';
import { costOf, profileOf } from '../../../src/models/profile.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mlr-prices-'));
  file = path.join(folder, 'prices.json');
});
afterEach(() => rm(folder, { recursive: true }));

const table: PriceTable = {
  providers: [
    {
      host: 'api.example.org',
      dated: '2026-01-02',
      models: {
        plain: { context: 8000, input: 2, cached: 0.5, output: 8 },
        tiered: {
          input: 2,
          write: 2.5,
          output: 10,
          above: { promptTokens: 1000, input: 4, cached: 1, output: 15 },
        },
      },
    },
  ],
};
const at = (model: string, baseUrl = 'https://api.example.org/v1') => profileOf({ baseUrl, model }, table);

test('an answer costs what the table says, cached tokens less, and tells the day of its price', () => {
  const { price, contextTokens } = at('plain');
  if (price === null) throw new Error('It has no price.');
  expect(contextTokens).toBe(8000);
  const usage = { promptTokens: 1_000_000, completionTokens: 100_000 };
  expect(costOf(usage, price)).toEqual({ usd: 2.8, dated: '2026-01-02' });
  expect(costOf({ ...usage, cachedTokens: 600_000 }, price).usd).toBeCloseTo(0.8 + 0.3 + 0.8, 9);
});

test('a prompt above the limit is dearer as a whole, and what may have gone into the cache costs as if it had', () => {
  const { price } = at('tiered');
  if (price === null) throw new Error('It has no price.');
  expect(costOf({ promptTokens: 1000, completionTokens: 0 }, price).usd).toBeCloseTo(0.0025, 12);
  expect(costOf({ promptTokens: 1001, completionTokens: 0 }, price).usd).toBeCloseTo(0.004004, 12);
  // Without a price for cached tokens they cost as much as others.
  expect(costOf({ promptTokens: 1000, completionTokens: 0, cachedTokens: 1000 }, price).usd).toBeCloseTo(0.002, 12);
});

test('a snapshot costs what its model costs; another model or another endpoint has no price', () => {
  expect(at('plain-2026-01-01').price?.input).toBe(2);
  expect(at('plain-20260101').price?.input).toBe(2);
  expect(at('plain-mini').price).toBeNull();
  expect(at('plain', 'https://elsewhere.example.org/v1').price).toBeNull();
});

test('a model on this machine is free', () => {
  const { price, local } = profileOf({ baseUrl: 'http://localhost:11434/v1', model: 'any' }, table, '2026-02-03');
  expect({ local, price }).toEqual({ local: true, price: { input: 0, output: 0, dated: '2026-02-03' } });
});

test('a file of the researcher goes before the table built in, for what it names alone', async () => {
  const models = { 'gpt-4.1': { input: 1, output: 1 }, 'gpt-4.1-mini': { context: 1000 } };
  await write({ providers: [{ host: 'api.openai.com', dated: '2026-05-06', models }] });
  const prices = await readPrices(file);
  const openai = (model: string) => profileOf({ baseUrl: 'https://api.openai.com/v1', model }, prices);
  expect(openai('gpt-4.1')).toMatchObject({ contextTokens: 1_047_576, price: { input: 1, dated: '2026-05-06' } });
  expect(openai('gpt-4.1-mini')).toMatchObject({ contextTokens: 1000, price: { input: 0.4 } });
  expect(priceFile({ XDG_CONFIG_HOME: '/c' })).toBe('/c/mlr/prices.json');
});

test('without a file every price built in names its source and its day', async () => {
  const { providers } = await readPrices(file);
  expect(providers.map(({ host }) => host)).toEqual(['api.openai.com', 'api.anthropic.com']);
  for (const { source } of providers) expect(source).toMatch(/^https:/);
});

test.each([
  ['{"providers": [', /prices\.json: no valid JSON \(.+\); mend it, or remove the file to use the prices built in\.$/],
  [
    JSON.stringify({ providers: [{ host: 'h', dated: '2026-01-01', models: { m: { input: '2', output: 1 } } }] }),
    /prices\.json: `providers\.0\.models\.m\.input`: .*expected number/,
  ],
  [
    JSON.stringify({ providers: [{ host: 'h', dated: '2026-01-01', models: { m: { input: 2 } } }] }),
    /`providers\.0\.models\.m`: a price has both `input` and `output`/,
  ],
  [JSON.stringify({ providers: [{ host: 'h', dated: 'May', models: {} }] }), /`providers\.0\.dated`/],
])('%s is refused with its place', async (text, sentence) => {
  await writeFile(file, text);
  await expect(readPrices(file)).rejects.toMatchObject({ reason: 'prices', message: expect.stringMatching(sentence) });
});

async function write(value: object): Promise<void> {
  await writeFile(file, JSON.stringify(value));
}

test('a model behind an endpoint has the price and the context that are known of it', () => {
  const options = { baseUrl: 'https://api.example.org/v1', model: 'plain', key: 'k' };
  const known = openaiCompatible({ ...options, profile: at('plain') });
  expect(known.contextTokens).toBe(8000);
  expect(known.price?.({ promptTokens: 500_000, completionTokens: 0 })).toEqual({ usd: 1, dated: '2026-01-02' });
  const unknown = openaiCompatible(options);
  expect([unknown.contextTokens, unknown.price?.({ promptTokens: 1, completionTokens: 1 })]).toEqual([undefined, null]);
});
