import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Arm, Measurement } from '../../../src/domain/evidence.ts';
import type { EndedRun } from '../../../src/domain/run.ts';
import { prepareArms } from '../../../src/evidence/arms.ts';
import { claimsOf } from '../../../src/evidence/claims.ts';
import { type MeasureRequest, measure } from '../../../src/evidence/measure.ts';
import { reproduce } from '../../../src/evidence/reproduce.ts';
import { loadEvidence } from '../../../src/evidence/runEvidence.ts';
import { CONTRACT, ScratchStudy, TRAIN } from './scratchStudy.ts';

let study: ScratchStudy;
let asked: MeasureRequest;
let arms: Arm[];
let measurement: Measurement;

beforeAll(async () => {
  study = await ScratchStudy.make();
  arms = [
    await study.arm('baseline'),
    await study.arm('variant', { 'train.py': TRAIN.replace('SKILL = 20', 'SKILL = 30') }),
  ];
  const [baseline, variant] = arms as [Arm, Arm];
  asked = await study.request(baseline, [variant], CONTRACT);
  const outcome = await measure(asked);
  if (outcome.kind !== 'measured') throw new Error('a run failed');
  measurement = outcome.measurement;
});
afterAll(async () => await study.remove());

/** Runs the report again, where one run ends as given. */
async function again(id: string, ends: (run: EndedRun) => EndedRun) {
  const reported = await loadEvidence(study.top, measurement, asked.contract);
  let first = true;
  const wait = async (name: string, options: { signal: AbortSignal }): Promise<EndedRun> => {
    const run = await asked.queue.wait(name, options);
    if (!first || run.purpose !== 'run') return run;
    first = false;
    const ended = ends(run);
    await writeFile(join(study.top, '.mlr', 'runs', name, 'run.json'), JSON.stringify(ended));
    return ended;
  };
  return await reproduce({
    ports: { ...asked, arms: await prepareArms(asked), queue: { ...asked.queue, wait } },
    ...{ measurement, arms, reported, id, folder: join(study.top, 'report'), tolerance: 1e-6, pairs: null },
    claims: claimsOf(measurement, reported),
  });
}

describe('a report that is run again', { timeout: 300_000 }, () => {
  it('is reproduced where every run gives its number again', async () => {
    expect(await again('r1', (run) => run)).toMatchObject({ reproduced: true, problem: null });
  });

  it('is not reproduced where a run took too long, whatever it had written by then', async () => {
    const slow = (run: EndedRun): EndedRun => ({
      ...run,
      state: 'failed',
      failure: 'wall',
      reason: 'It took longer than 90 s.',
    });
    const found = await again('r2', slow);
    expect(found.reproduced).toBe(false);
    expect(found.problem).toMatch(/^The run r2-\S+ failed: It took longer than 90 s\.$/);
    expect(found.claims.filter(({ found: value }) => value === null).length).toBeGreaterThan(0);
  });
});
