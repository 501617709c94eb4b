import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pricesText } from '../../../src/cli/commands/prices.ts';
import { costOf, toldCost } from '../../../src/domain/cost.ts';
import type { NewEvent } from '../../../src/domain/event.ts';
import { readPrices } from '../../../src/models/priceTable.ts';
import { profileOf } from '../../../src/models/profile.ts';
import { beginPrices, prices } from '../../../src/session/prices.ts';

let config: string;
let environment: NodeJS.ProcessEnv;
beforeEach(async () => {
  config = await mkdtemp(path.join(tmpdir(), 'mlr-config-'));
  environment = { XDG_CONFIG_HOME: config };
});
afterEach(() => rm(config, { recursive: true }));

const chosen = { model: 'big-model', baseUrl: 'https://openrouter.ai/api/v1' };
const profile = async (file: string) => profileOf({ ...chosen, model: 'big-model' }, await readPrices(file));

test('a file of one’s own prices has a place for the chosen model, whose price stays unknown until it is put in', async () => {
  const file = await beginPrices(chosen, environment);
  expect(file).toBe(path.join(config, 'mlr', 'prices.json'));
  expect((await profile(file)).price).toBeNull();
  const shown = stripVTControlCharacters(pricesText(await prices(environment)));
  expect(shown).toMatch(/^openrouter\.ai, \d{4}-\d\d-\d\d\n {2}big-model {2}price unknown\n/m);
  expect(shown).toMatch(
    /^api\.openai\.com, 2026-05-31, https:\S+\n(?: .*\n)* {2}gpt-4\.1 +2 in, 0\.5 cached, 8 out\n/m,
  );
  await writeFile(
    file,
    (await readFile(file, 'utf8')).replace('"big-model": {}', '"big-model": {"input": 3, "output": 9}'),
  );
  expect((await profile(file)).price).toMatchObject({ input: 3, output: 9 });
  // What a person has written is never written over.
  await beginPrices({ model: 'other', baseUrl: null }, environment);
  expect((await profile(file)).price).toMatchObject({ input: 3 });
});

test('other programs are told money by agent and phase, and null, not nothing, where nobody knows it', () => {
  const usage = { promptTokens: 1000, completionTokens: 10 };
  const said = (agent: 'idea' | 'debug', price: { usd: number; dated: string } | null): NewEvent => {
    return { type: 'agent.message', agent, call: agent, turn: 1, text: '', toolCalls: [], usage, model: 'm', price };
  };
  const paid = { usd: 0.25, dated: '2026-05-31' };
  const told = toldCost(
    costOf([said('idea', paid), said('idea', { ...paid, dated: '2026-01-01' }), said('debug', null)]),
  );
  expect(told.thinking.map(({ agent, phase, usd, unpriced }) => [agent, phase, usd, unpriced])).toEqual([
    ['idea', 'idea', 0.5, 0],
    ['debug', 'debug', null, 1],
  ]);
  expect(told.total).toMatchObject({ answers: 3, usd: 0.5, unpriced: 1 });
  expect(told.pricedOn).toEqual(['2026-01-01', '2026-05-31']);
  expect(toldCost(costOf([said('debug', null)])).total.usd).toBeNull();
  expect(toldCost(costOf([])).total.usd).toBe(0);
  expect(toldCost(costOf([said('idea', { usd: 0, dated: '2026-01-01' })]))).toMatchObject({
    total: { usd: 0 },
    pricedOn: [],
  });
});
