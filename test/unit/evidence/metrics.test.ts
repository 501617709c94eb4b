import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EndedRun } from '../../../src/domain/run.ts';
import { Run } from '../../../src/domain/run.ts';
import { readScores } from '../../../src/evidence/metrics.ts';

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

  it('never breaks the reading, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (stdout) => {
        const scores = read(stdout);
        expect(scores.problem === null).toBe(typeof scores.metrics.accuracy === 'number');
      }),
    );
  });
});
