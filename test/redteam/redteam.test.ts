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
  // Four at a time (vitest.config.ts): a case waits for its runs more than it computes.
  for (const item of redteamCases) {
    test.concurrent(`${item.kind} ${item.name}: ${item.must}`, async ({ expect }) => {
      const line = await outcomeOf(item);
      lines.push(line);
      expect(line.problems).toEqual([]);
    });
  }

  test('the names are unique', () => {
    expect(new Set(redteamCases.map(({ name }) => name)).size).toBe(redteamCases.length);
  });
});

afterAll(() => {
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
  const started = performance.now();
  const { name, kind, must } = item;
  const place = new Place();
  try {
    await item.build(place);
    const answer = await lastAnswer(item, place);
    const problems = judge(
      outcomes(item),
      answer,
      (await item.after?.(place, (words, folder) => command(place, words, folder))) ?? [],
    );
    const seconds = Math.round(performance.now() - started) / 1000;
    return { name, kind, must, asExpected: problems.length === 0, problems, got: summary(answer), seconds };
  } finally {
    place.remove();
  }
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
