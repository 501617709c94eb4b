import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { lockedContract } from '../../../src/domain/contract.ts';
import type { Measurement } from '../../../src/domain/evidence.ts';
import { type MeasureRequest, measure } from '../../../src/evidence/measure.ts';
import { readStream } from '../../../src/runs/outputLog.ts';
import { runFolder } from '../../../src/runs/runFolder.ts';
import { CONTRACT, EVALUATE, ScratchStudy, SHORT, TRAIN } from './scratchStudy.ts';

const studies: ScratchStudy[] = [];
const study = async (files: Record<string, string> = {}): Promise<ScratchStudy> => {
  const made = await ScratchStudy.make(files);
  studies.push(made);
  return made;
};
afterEach(async () => {
  for (const one of studies.splice(0)) await one.remove();
});

const better = { 'train.py': TRAIN.replace('SKILL = 20', 'SKILL = 30') };

async function measured(request: MeasureRequest): Promise<Measurement> {
  const outcome = await measure(request);
  if (outcome.kind !== 'measured') throw new Error(JSON.stringify(outcome.failures));
  return outcome.measurement;
}

describe('several tries, test sets and configurations', { timeout: 300_000 }, () => {
  it('pools no block of other arms, of another environment, or with a seed that is used again', async () => {
    const work = await study();
    const baseline = await work.arm('baseline');
    const request = await work.request(baseline, [await work.arm('variant', better)], SHORT);
    const { registration } = await measured({ ...request, allSeeds: true });
    const earlier = async () => ({ registrations: [registration], live: new Set<string>(), noise: [] });
    const other = await work.arm('variant', { 'train.py': TRAIN.replace('SKILL = 20', 'SKILL = 31') });
    const elsewhere = await measured({ ...request, variants: [other], earlier });
    expect([elsewhere.tried, elsewhere.registration.pooled]).toEqual([2, undefined]);
    const same = {
      ...request,
      agentWritten: false,
      allSeeds: true,
      contract: { ...request.contract, seeds: registration.seeds },
    };
    const repeated = await measured({ ...same, earlier });
    expect([repeated.seeds, repeated.variants[0]?.difference.n]).toEqual([registration.seeds, 2]);
    expect(repeated.checks.find(({ name }) => name === 'pooled')?.detail).toContain('its seed is used here too');
    const record = join(runFolder(work.top, `${registration.id}-${registration.seeds[0]}-baseline`), 'run.json');
    const text = await readFile(record, 'utf8');
    await writeFile(record, text.replace('"platform":', '"platformThen":'));
    const moved = await measured({ ...request, allSeeds: true, earlier });
    expect(moved.variants[0]?.difference.n).toBe(3);
    expect(moved.checks.find(({ name }) => name === 'pooled')?.detail).toContain('it ran in another environment');
  });

  it('gives two measurements that register at the same time two tries', async () => {
    const work = await study();
    const request = await work.request(await work.arm('baseline'), [await work.arm('variant', better)], SHORT);
    const { registration } = await measured(request);
    const live = async () => ({
      registrations: [{ ...registration, id: 'm0123' }],
      live: new Set(['m0123']),
      noise: [],
    });
    await mkdir(runFolder(work.top, `m0123-${registration.seeds[0]}-baseline`), { recursive: true });
    expect((await measured({ ...request, earlier: live })).tried).toBe(2);
    const over = async () => ({ ...(await live()), live: new Set<string>(), noise: [] });
    expect((await measured({ ...request, earlier: over })).tried).toBe(1);
  });

  it('scores the locked test set with its own evaluation, and keeps each from runs while the other is asked', async () => {
    const work = await study({
      'data/final.txt': Array.from({ length: 40 }, () => '0').join('\n'),
      'final.py': EVALUATE.replace('data/labels.txt', 'data/final.txt'),
    });
    const spy = `${TRAIN}from pathlib import Path\nprint([Path(p).exists() for p in ("data/final.txt", "data/labels.txt")])\n`;
    const contract = CONTRACT.replace('seeds: 5', 'seeds: 2').replace(
      'protected: [evaluate.py]',
      'protected: [evaluate.py, final.py]\nfinal: { evaluate: "/usr/bin/python3 final.py {out}", hidden: [data/final.txt] }',
    );
    const baseline = await work.arm('baseline', { 'train.py': spy });
    const variant = await work.arm('variant', { 'train.py': spy.replace('SKILL = 20', 'SKILL = 30') });
    const request = await work.request(baseline, [variant], contract);
    const plain = await measured(request);
    const locked = await measured({ ...request, contract: lockedContract(request.contract), final: true });
    expect(locked.registration.final).toBe(true);
    expect(locked.registration.family).not.toBe(plain.registration.family);
    expect(plain.variants[0]?.mean).toBeGreaterThan(0.6);
    expect(locked.variants[0]?.mean).toBeLessThan(0.4);
    for (const { id } of [...plain.runs, ...locked.runs]) {
      expect(await readStream(work.top, id, 'stdout')).toContain('[False, False]');
    }
  });

  it('compares configurations of one commit by the arguments that each is run with', async () => {
    const configured = TRAIN.replace('SKILL = 20', 'SKILL = int(sys.argv[3])');
    const work = await study({ 'train.py': configured });
    const base = await work.arm('base');
    const arms = ['20', '30'].map((skill) => ({ ...base, name: `skill-${skill}`, revision: skill, args: [skill] }));
    const [baseline, variant] = arms;
    if (!baseline || !variant) throw new Error('There are two arms.');
    const contract = CONTRACT.replace('{seed} {out}"', '{seed} {out} {args}"');
    const result = await measured(await work.request(baseline, [variant], contract));
    expect(result.verdict).toBe('supported');
    expect(result.variants[0]?.mean).toBeGreaterThan(result.baseline.mean ?? 1);
    const twice = work.request(baseline, [{ ...baseline, name: 'again' }], contract);
    await expect(twice.then(measure)).rejects.toThrow('Arms "skill-20" and "again" have the same arguments');
  });
});
