import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EndedRun } from '../../../src/domain/run.ts';
import { Run } from '../../../src/domain/run.ts';
import { readScores, scoreLine } from '../../../src/evidence/metrics.ts';

const run = Run.parse({
  ...{
    version: 1,
    id: 'r',
    session: 's',
    purpose: 'run',
    arm: null,
    seed: 1,
    argv: ['x'],
    cwd: '/',
    confinement: 'none',
  },
  ...{ startedAt: '', pid: 1, environment: {}, endedAt: '', exit: 0, hashes: [], output: null, state: 'finished' },
  resources: { wallSeconds: 12.5, memoryBytes: 4096, processes: 1 },
}) as EndedRun;
const contract = { metrics: { accuracy: 'maximize', seconds: 'minimize' } } as const;
const read = (stdout: string) => readScores(stdout, contract, run);

describe('what evaluate prints', () => {
  it('is its last line alone, with the time from the run’s own record', () => {
    const scores = read('epoch 1\n{"accuracy": 0.1}\n{"accuracy": 0.5, "seconds": 1, "examples": [0, true]}\n\n');
    expect(scores).toEqual({
      metrics: { accuracy: 0.5, seconds: 12.5 },
      examples: [0, 1],
      units: [0, 1],
      groups: null,
      problem: null,
      examplesProblem: null,
    });
  });

  it('is explained in one sentence where it is no metric', () => {
    expect(read('').problem).toBe('`evaluate` printed nothing; its last line must be one JSON object.');
    expect(read('accuracy: 0.5').problem).toBe(
      'The last line that `evaluate` printed is not one JSON object: accuracy: 0.5',
    );
    expect(read('[1]').problem).toContain('not one JSON object');
    expect(read('{"accuracy": 0.5} {"accuracy": 0.6}').problem).toContain('not one JSON object: {"accuracy": 0.5} {');
    expect(read('{"accuracy": 0.5}\ndone').problem).toContain('not one JSON object: done');
    expect(read('{"accuracy": NaN, "note": "Infinity NaN"}').problem).toBe(
      '`evaluate` printed no finite number for `accuracy`.',
    );
    expect(read('{"loss": 1}').metrics).toEqual({ accuracy: null, seconds: 12.5 });
  });

  it('has examples only where they agree with the metric', () => {
    expect(read('{"accuracy": 0.5, "examples": [0, 1, 1]}')).toMatchObject({
      examples: null,
      examplesProblem: 'the mean of `examples`, 0.6666666666666666, is not the primary metric, 0.5',
    });
    expect(read('{"accuracy": 0.5, "examples": [0, "1"]}').examplesProblem).toContain('not a finite number');
    expect(read('{"accuracy": 0.66667, "examples": [0, 1, 1]}').examples).toEqual([0, 1, 1]);
  });

  it('has the means of groups in the place of examples that are no draws of their own', () => {
    const four = (groups: string) => read(`{"accuracy": 0.5, "examples": [0, 1, 1, 0], "groups": ${groups}}`);
    expect(four('["b", "b", "b", 7]')).toMatchObject({ units: [2 / 3, 0], groups: ['b', 'b', 'b', '7'] });
    for (const [groups, why] of [
      ['["a", "b"]', '`groups` is no list of 4 ids, one an example'],
      ['["a", "a", "a", "a"]', '`groups` names one group alone, and one group has no spread'],
      ['[1, null, 2, 3]', '`groups` holds something that is neither text nor a number'],
    ] as const) {
      expect(four(groups)).toMatchObject({ units: [0, 1, 1, 0], groups: null, examplesProblem: why });
    }
    expect(read('{"accuracy": 0.5, "groups": [1, 2]}').examplesProblem).toContain('say nothing');
  });

  it('has the pseudo-values of a jackknife where the metric is no mean of examples', () => {
    const blocks = (values: number[], all: number) =>
      read(JSON.stringify({ accuracy: all, jackknife: values, examples: [1, 2] }));
    const scores = Array.from({ length: 20 }, (_, i) => i * i);
    const all = scores.reduce((sum, score) => sum + score, 0) / 20;
    // Of a mean, leaving each out gives the score itself back as its pseudo-value.
    const found = blocks(
      scores.map((score) => (20 * all - score) / 19),
      all,
    );
    for (const [i, unit] of (found.units ?? []).entries()) expect(unit).toBeCloseTo(scores[i] ?? Number.NaN, 8);
    expect(found).toMatchObject({ examples: null, examplesProblem: expect.stringContaining('the mean of `examples`') });
    expect(blocks(scores.slice(1), all).examplesProblem).toContain('at least 20 blocks');
    expect(
      blocks(
        scores.map(() => all + 1),
        all,
      ),
    ).toMatchObject({
      units: null,
      examplesProblem: expect.stringContaining('lies on one side of the primary metric'),
    });
  });

  it('never breaks the reading, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (stdout) => {
        const scores = read(stdout);
        expect(scores.problem === null).toBe(typeof scores.metrics.accuracy === 'number');
      }),
    );
  });

  it('is kept as it was printed, but for a long line that is no object: that is kept as far as it shows the fault', () => {
    const long = JSON.stringify({ accuracy: 0.5, examples: Array.from({ length: 2000 }, () => 1) });
    expect(scoreLine(`epoch 1\n${long}\n`)).toBe(long);
    const noise = 'x'.repeat(2 ** 20);
    expect(scoreLine(noise).length).toBeLessThan(2000);
    expect(read(scoreLine(noise))).toEqual(read(noise));
    // What stands before the cut would be an object by itself.
    const tail = `{"accuracy": 0.9}${' '.repeat(2000)}x`;
    expect(read(scoreLine(tail)).problem).not.toBeNull();
  });
});
