import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Claim, Measurement } from '../../../src/domain/evidence.ts';
import { measure } from '../../../src/evidence/measure.ts';
import { renderReport } from '../../../src/evidence/report.ts';
import { ReportError } from '../../../src/evidence/reportError.ts';
import { writeReportFolder } from '../../../src/evidence/reportFolder.ts';
import type { ReportRequest } from '../../../src/evidence/reportRequest.ts';
import { loadEvidence } from '../../../src/evidence/runEvidence.ts';
import { CONTRACT, ScratchStudy, TRAIN } from './scratchStudy.ts';

let study: ScratchStudy;
let request: ReportRequest;

beforeAll(async () => {
  study = await ScratchStudy.make();
  const baseline = await study.arm('baseline');
  const variant = await study.arm('variant', { 'train.py': TRAIN.replace('SKILL = 20', 'SKILL = 30') });
  const asked = await study.request(baseline, [variant]);
  const outcome = await measure({ ...asked, hypothesis: 'More skill | <b>helps</b>' });
  if (outcome.kind !== 'measured') throw new Error('a run failed');
  const { measurement } = outcome;
  const evidence = await loadEvidence(study.top, measurement, asked.contract);
  request = { measurement, evidence, contract: asked.contract, confinement: 'none', version: '1.2.3', head: 'abc' };
});
afterAll(async () => await study.remove());

const changed = (change: (measurement: Measurement) => void): ReportRequest => {
  const measurement = structuredClone(request.measurement);
  change(measurement);
  return { ...request, measurement };
};

describe('a report', () => {
  it('says the verdict first, then that nothing was confined, and shows every run', () => {
    const { markdown } = renderReport({ ...request, opinion: 'I think\nit is p < 0.001 # really' });
    const lines = markdown.split('\n');
    expect(lines[0]).toBe('# SUPPORTED: More skill \\| \\<b\\>helps\\</b\\>');
    expect(lines[2]).toMatch(/^\*\*Supported\.\*\* Better by /);
    expect(lines[4]).toContain('**not confined**');
    expect(markdown).toMatch(/\| \[90\]\[c\d+\] % interval \|/);
    for (const seed of request.measurement.registration.seeds)
      expect(markdown).toMatch(new RegExp(`^\\| \`${seed}\` \\| \\[0\\.`, 'm'));
    expect(markdown).toMatch(
      /## A language model's opinion\n\nIt did not affect the verdict.*\n\n> I think\n> it is p < 0\.001 # really\n\n\[c1\]: /,
    );
  });

  it('has a claim for every number, with the runs that it comes from', () => {
    const { claims } = renderReport(request);
    for (const claim of claims) Claim.parse(claim);
    const mean = claims.find(({ id }) => id === 'variant/difference/mean');
    expect(mean).toMatchObject({ metric: 'accuracy', value: request.measurement.variants[0]?.difference.mean });
    expect(mean?.runs).toHaveLength(10);
  });

  it('is refused where a number does not match its runs, and names it', () => {
    const side = (m: Measurement) => m.variants[0] ?? expect.unreachable();
    const refusal = (change: (m: Measurement) => void): string => {
      try {
        renderReport(changed(change));
      } catch (error) {
        expect(error).toBeInstanceOf(ReportError);
        return (error as Error).message;
      }
      return 'accepted';
    };
    expect(refusal(() => undefined)).toBe('accepted');
    expect(refusal((m) => (side(m).difference.mean = 0.5))).toContain(
      'The number variant/difference/mean does not match',
    );
    expect(refusal((m) => (side(m).difference.adjustedP = 0.001))).toContain('variant/difference/adjustedP');
    expect(refusal((m) => (side(m).values[2] = 0.99))).toContain(
      `The value of variant for seed ${request.measurement.registration.seeds[2]}`,
    );
    expect(refusal((m) => (m.baseline.mean = 0.1))).toContain('The number baseline/mean');
    expect(refusal((m) => Object.assign(m.runs[0]?.metrics ?? {}, { accuracy: 1 }))).toContain('The number run/');
    expect(refusal((m) => (m.verdict = 'refuted'))).toBe(
      'The verdict is recorded as refuted, and its runs give supported.',
    );
  });

  it('is a folder that a stranger can read: report, claims, contract, records', async () => {
    const folder = join(study.top, '.mlr', 'reports', 's1');
    const { file } = await writeReportFolder(folder, request, CONTRACT);
    expect(await readFile(file, 'utf8')).toBe(renderReport(request).markdown);
    const kept = Measurement.parse(JSON.parse(await readFile(join(folder, 'measurement.json'), 'utf8')));
    expect(kept).toEqual(request.measurement);
    const [run] = kept.runs;
    const records = JSON.parse(await readFile(join(folder, 'runs.json'), 'utf8')) as { id: string; purpose: string }[];
    expect(records.find(({ id }) => id === `${run?.id}-evaluate`)?.purpose).toBe('evaluate');
    expect(records).toHaveLength(2 * kept.runs.length);
  });

  it('is refused where a run’s own record says otherwise, or is gone', async () => {
    const [run] = request.measurement.runs;
    const log = join(study.top, '.mlr', 'runs', `${run?.id}-evaluate`, 'output.log');
    const before = await readFile(log, 'utf8');
    await writeFile(log, before.replace(/0\.\d+/, '0.99'));
    const evidence = await loadEvidence(study.top, request.measurement, request.contract);
    expect(() => renderReport({ ...request, evidence })).toThrow(
      `The number run/${run?.id}/accuracy does not match its runs`,
    );
    await rm(join(study.top, '.mlr', 'runs', run?.id ?? ''), { recursive: true });
    await expect(loadEvidence(study.top, request.measurement, request.contract)).rejects.toThrow(
      `The record of run ${run?.id} is missing`,
    );
  });
});
