import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { redteamCases } from './cases/all.ts';
import { failedChecks, mismatches } from './judge.ts';
import { type Answer, command, isConfined, measure } from './measure.ts';
import { Place } from './place.ts';
import { againstMain, type Outcome, type RedteamCase } from './types.ts';

interface Line {
  readonly name: string;
  readonly kind: RedteamCase['kind'];
  readonly asExpected: boolean;
  readonly problems: readonly string[];
  readonly must: string;
  readonly got: Readonly<Record<string, unknown>>;
  readonly seconds: number;
}

const lines: Line[] = [];
let confined = true;

beforeAll(async () => {
  confined = await isConfined();
});

describe('a cheat never comes out as a result, and honest work is never called invalid', () => {
  // Six at a time (vitest.config.ts): a case waits for its runs more than it computes.
  for (const item of spread(redteamCases)) {
    test.concurrent(`${item.kind} ${item.name}: ${item.must}`, async ({ expect }) => {
      const line = await outcomeOf(item);
      lines.push(line);
      expect(line.problems).toEqual([]);
    });
  }

  test('the names are unique, and every case is among the tests', () => {
    expect(spread(redteamCases)).toHaveLength(redteamCases.length);
    expect(new Set(redteamCases.map(({ name }) => name)).size).toBe(redteamCases.length);
  });
});

afterAll(async () => {
  await places.remove();
  const folder = join(import.meta.dirname, '..', '..', '.artifacts');
  mkdirSync(folder, { recursive: true });
  const honest = lines.filter(({ kind }) => kind === 'honest');
  const others = lines.filter(({ kind }) => kind !== 'honest');
  const good = (some: readonly Line[]): number => some.filter(({ asExpected }) => asExpected).length;
  const share = (some: readonly Line[]): string => `${good(some)} of ${some.length}`;
  const total = `caught ${share(others)}, honest ${share(honest)}, ${confined ? 'confined' : 'without confinement'}`;
  writeFileSync(join(folder, 'redteam.json'), `${JSON.stringify({ total, confined, cases: lines }, null, 2)}\n`);
  process.stdout.write(`\n${total}\n`);
});

async function outcomeOf(item: RedteamCase): Promise<Line> {
  if (item.shares !== undefined)
    return await places.with(
      item.shares,
      () => begin(item),
      (begun) => look(item, begun),
    );
  const begun = await begin(item);
  try {
    return await look(item, begun);
  } finally {
    begun.place.remove();
  }
}

/** A case that was laid and measured. */
interface Begun {
  readonly place: Place;
  readonly answer: Answer;
  readonly seconds: number;
}

async function begin(item: RedteamCase): Promise<Begun> {
  const started = performance.now();
  const place = new Place();
  try {
    await item.build(place);
    return { place, answer: await lastAnswer(item, place), seconds: (performance.now() - started) / 1000 };
  } catch (error) {
    place.remove();
    throw error;
  }
}

async function look(item: RedteamCase, { place, answer, seconds }: Begun): Promise<Line> {
  const { name, kind, must } = item;
  const started = performance.now();
  const found = (await item.after?.(place, (words, folder) => command(place, words, folder), confined)) ?? [];
  const problems = judge(outcomes(item), answer, found);
  const took = Math.round(1000 * seconds + performance.now() - started) / 1000;
  return { name, kind, must, asExpected: problems.length === 0, problems, got: summary(answer), seconds: took };
}

/** Places that several cases look at, one after the other. */
class SharedPlaces {
  readonly #begun = new Map<string, Promise<Begun>>();
  readonly #turns = new Map<string, Promise<unknown>>();

  with<T>(key: string, begin: () => Promise<Begun>, look: (begun: Begun) => Promise<T>): Promise<T> {
    const begun = this.#begun.get(key) ?? begin();
    this.#begun.set(key, begun);
    const turn = Promise.allSettled([this.#turns.get(key)]).then(async () => look(await begun));
    this.#turns.set(key, turn);
    return turn;
  }

  async remove(): Promise<void> {
    await Promise.allSettled(this.#turns.values());
    for (const begun of await Promise.allSettled(this.#begun.values())) {
      if (begun.status === 'fulfilled') begun.value.place.remove();
    }
  }
}

const places = new SharedPlaces();

/** Cases that share a place would wait for each other if they stood side by side: they stand apart. */
function spread(cases: readonly RedteamCase[]): RedteamCase[] {
  const alone = cases.filter(({ shares }) => shares === undefined);
  const shared = cases.filter(({ shares }) => shares !== undefined);
  const step = Math.max(1, Math.floor(alone.length / Math.max(1, shared.length)));
  return alone.flatMap((item, i) => [item, ...(i % step === 0 ? shared.slice(i / step, i / step + 1) : [])]);
}

async function lastAnswer(item: RedteamCase, place: Place): Promise<Answer> {
  let answer: Answer | undefined;
  for (const words of item.commands ?? [againstMain('variant')]) {
    if (answer !== undefined) item.between?.(place);
    answer = await measure(place, words, confined);
  }
  if (answer === undefined) throw new Error(`${item.name} has no command`);
  return answer;
}

function outcomes(item: RedteamCase): readonly Outcome[] {
  return confined ? item.expected : (item.unconfined ?? item.expected);
}

/** Nothing when one outcome fits; otherwise what speaks against each. */
function judge(allowed: readonly Outcome[], answer: Answer, aftermath: readonly string[]): string[] {
  const against = allowed.map((outcome) => mismatches(outcome, answer));
  if (against.some((found) => found.length === 0)) return [...aftermath];
  return [...against.map((found) => found.join('; ')), ...aftermath];
}

function summary(answer: Answer): Record<string, unknown> {
  const { exit, json, runs, words } = answer;
  if (json === null) return { exit, runs, words };
  const { verdict, metric, baseline, variants } = json;
  return {
    exit,
    verdict,
    metric,
    failed: failedChecks(json),
    baseline: baseline.values,
    variants: Object.fromEntries(variants.map(({ revision, verdict: own, values }) => [revision, { own, values }])),
    runs,
  };
}
