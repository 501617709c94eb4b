import { expect, test } from 'vitest';
import type { NewEvent, SessionEvent } from '../../../src/domain/event.ts';
import type { Registration } from '../../../src/domain/evidence.ts';
import { countedRuns, ExperimentLedger, progressOf, secondsLeft } from '../../../src/vscode/experimentLedger.ts';

const arm = (name: string, revision: string) => ({ name, revision, commit: name, tree: name });

const registration: Registration = {
  id: 'm1',
  hypothesis: 'better is better than main',
  metric: 'score',
  goal: 'maximize',
  baseline: arm('baseline', 'main'),
  variants: [arm('variant', 'better')],
  seeds: [7, 8],
  seedsFrom: 'drawn',
  orderSeed: '1',
  order: [],
  minimumEffect: 0,
  alpha: 0.05,
  budget: { wallSeconds: 60, memoryBytes: 1e9 },
  accepted: {},
  family: 'f',
  tryNumber: 1,
  leastSeeds: 5,
  detectableEffect: null,
};

const BEGUN = Date.parse('2026-04-12T10:15:00Z');

function ledgerOf(events: readonly NewEvent[]): ExperimentLedger {
  const ledger = new ExperimentLedger();
  for (const [i, event] of events.entries()) ledger.take(stamped(event, i));
  return ledger;
}

function stamped(event: NewEvent, i: number): SessionEvent {
  return { ...event, seq: i + 1, at: new Date(BEGUN + 1000 * i).toISOString(), hash: '' };
}

const queued = (run: string, purpose: string, name: string | null, seed: number | null): NewEvent => {
  return { type: 'run.queued', run, purpose, arm: name, seed };
};

type Ended = Extract<NewEvent, { type: 'run.ended' }>;

const ended = (id: string, name: string, seed: number, wallSeconds: number, more: object = {}): Ended => ({
  type: 'run.ended',
  run: {
    version: 1,
    id,
    session: 's',
    purpose: id.includes('evaluate') ? 'evaluate' : 'run',
    arm: { name, commit: name, tree: name },
    seed,
    argv: ['true'],
    cwd: '/',
    confinement: 'none',
    startedAt: '',
    pid: 1,
    environment: {},
    endedAt: '',
    exit: 0,
    resources: { wallSeconds, memoryBytes: 1, processes: 1 },
    hashes: [],
    output: null,
    state: 'finished',
    ...more,
  } as Ended['run'],
  metrics: id.includes('evaluate') ? { score: 0.5 } : {},
});

test('runs stand below their arm and their experiment, those that try things out apart', () => {
  const { experiments } = ledgerOf([
    queued('p', 'pilot', 'baseline', 7),
    { type: 'registered', registration },
    queued('m1-7-baseline', 'run', 'baseline', 7),
    queued('m1-7-variant', 'run', 'variant', 7),
    queued('m1-c-baseline', 'control', 'baseline', 7),
  ]);
  const shown = experiments.map((one) => [
    one.kind,
    one.arms.map(({ role, runs }) => [role, runs.map(({ id }) => id)]),
  ]);
  expect(shown).toEqual([
    ['trials', [['control', ['p']]]],
    [
      'comparison',
      [
        ['baseline', ['m1-7-baseline']],
        ['variant', ['m1-7-variant']],
        ['control', ['m1-c-baseline']],
      ],
    ],
  ]);
});

test('a run has its value and its whole time from its evaluation, and a second evaluation changes neither', () => {
  const { all } = ledgerOf([
    { type: 'registered', registration },
    queued('m1-7-baseline', 'run', 'baseline', 7),
    ended('m1-7-baseline', 'baseline', 7, 2),
    queued('m1-7-baseline-evaluate', 'evaluate', 'baseline', 7),
    ended('m1-7-baseline-evaluate', 'baseline', 7, 0.5),
    queued('m1-7-baseline-again', 'evaluate', 'baseline', 7),
  ]);
  expect(all).toEqual([
    expect.objectContaining({ state: 'finished', value: 0.5, seconds: 2, wholeSeconds: 2.5, reason: '' }),
  ]);
});

test('a run is failed where its evaluation is, and says that it was the evaluation', () => {
  const { all } = ledgerOf([
    { type: 'registered', registration },
    ended('m1-7-baseline', 'baseline', 7, 2),
    ended('m1-7-baseline-evaluate', 'baseline', 7, 1, { state: 'failed', failure: 'exit', reason: 'exit code 1' }),
  ]);
  expect(all).toEqual([expect.objectContaining({ state: 'failed', reason: 'its evaluation: exit code 1' })]);
});

test('a run that was stopped and repeated counts once, and the repetition counts', () => {
  const ledger = ledgerOf([
    { type: 'registered', registration },
    ended('m1-7-baseline', 'baseline', 7, 1, { state: 'stopped', by: 'researcher' }),
    ended('m1-7-baseline-2', 'baseline', 7, 2),
  ]);
  const [experiment] = ledger.experiments;
  expect(experiment && progressOf(experiment)).toEqual({ done: 1, planned: 4, failed: 0 });
  expect(experiment?.arms[0] && countedRuns(experiment.arms[0]).map(({ id }) => id)).toEqual(['m1-7-baseline-2']);
});

test('time left is what the finished runs took, arm by arm, less what the run under way has taken', () => {
  const ledger = ledgerOf([
    { type: 'registered', registration },
    ended('m1-7-baseline', 'baseline', 7, 10),
    ended('m1-7-variant', 'variant', 7, 20),
    queued('m1-8-baseline', 'run', 'baseline', 8),
  ]);
  const [experiment] = ledger.experiments;
  const queuedAt = BEGUN + 3000;
  expect(experiment && secondsLeft(experiment, queuedAt)).toBe(30);
  expect(experiment && secondsLeft(experiment, queuedAt + 4000)).toBe(26);
  expect(experiment && secondsLeft(experiment, queuedAt + 60_000)).toBe(20);
});

test('no time left is told before a run has ended', () => {
  const [experiment] = ledgerOf([{ type: 'registered', registration }]).experiments;
  expect(experiment && secondsLeft(experiment, BEGUN)).toBeNull();
});

test('an event that comes twice changes nothing the second time', () => {
  const ledger = new ExperimentLedger();
  const event = stamped(queued('p', 'pilot', 'baseline', 7), 0);
  expect([ledger.take(event), ledger.take(event)]).toEqual([true, false]);
  expect(ledger.all).toHaveLength(1);
});
