import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Measurement } from '../../../src/domain/evidence.ts';
import { assertClaims, claimsOf } from '../../../src/evidence/claims.ts';
import { type MeasureRequest, measure } from '../../../src/evidence/measure.ts';
import { noiseCard, renderNoiseCard } from '../../../src/evidence/noiseCard.ts';
import { pilot } from '../../../src/evidence/pilot.ts';
import { loadEvidence } from '../../../src/evidence/runEvidence.ts';
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

const best = (measurement: Measurement): number => Math.max(...(measurement.variants[0]?.values ?? [1]).map(Number));

async function measured(request: MeasureRequest): Promise<Measurement> {
  const outcome = await measure(request);
  if (outcome.kind !== 'measured') throw new Error(JSON.stringify(outcome.failures));
  return outcome.measurement;
}
const failedChecks = (measurement: Measurement): string[] =>
  measurement.checks
    .filter((check) => check.passed === false && check.kind === 'void')
    .map(({ name, revision }) => `${name} ${revision}`);

describe('measuring', { timeout: 300_000 }, () => {
  it('supports an honest better variant, from runs that a stranger can recount', async () => {
    const work = await study();
    const result = await measured(await work.request(await work.arm('baseline'), [await work.arm('variant', better)]));
    expect(result.verdict, result.reason).toBe('supported');
    expect(result.reason).toMatch(/^Better by 0\.\d+ accuracy, at least the minimum of 0\.02 \(adjusted p = 0\.0\d+\)/);
    expect(failedChecks(result)).toEqual([]);
    expect(result.baseline.values).toHaveLength(5);
    expect(result.runs).toHaveLength(10);
    expect(new Set(result.registration.seeds).size).toBe(5);
    expect(result.registration.order.every((names) => [...names].sort().join() === 'baseline,variant')).toBe(true);
    expect(result.registration).toMatchObject({ leastSeeds: 5, tryNumber: 1, seedsFrom: 'drawn' });
    expect(work.events[0]).toMatchObject({ type: 'registered', registration: { id: result.registration.id } });
    expect(work.events.filter((event) => event.type === 'run.queued')).toHaveLength(21);
    expect(work.events.at(-1)?.type).toBe('measured');
    const hidden = result.checks.find((check) => check.name === 'hidden-unseen');
    expect(hidden).toMatchObject({ passed: null, detail: expect.stringContaining('not enforced') });
  });

  it('goes on after a crash without repeating what had ended, and draws other seeds for the next try', async () => {
    const work = await study();
    const request = await work.request(await work.arm('baseline'), [await work.arm('variant', better)]);
    const crash = new AbortController();
    const on = async (event: (typeof work.events)[number]): Promise<void> => {
      work.events.push(event);
      if (work.started.length === 7) crash.abort(new Error('crash'));
    };
    await expect(measure({ ...request, on, signal: crash.signal })).rejects.toThrow('crash');
    const begun = [...work.started];
    const registered = work.events.find((event) => event.type === 'registered');
    if (registered?.type !== 'registered') throw new Error('nothing was registered');
    const { registration } = registered;
    const result = await measured({ ...request, registration });
    expect(result.registration).toEqual(registration);
    expect(new Set(work.started).size).toBe(work.started.length);
    expect(work.started.slice(0, begun.length)).toEqual(begun);
    expect(work.started).toHaveLength(21);
    const earlier = async () => ({ registrations: [registration], live: new Set<string>(), noise: [] });
    const next = await measured({ ...request, contract: { ...request.contract, seeds: 2 }, earlier });
    expect(next.tried).toBe(2);
    expect(next.registration.leastSeeds).toBe(7);
    expect(next.registration.seeds.filter((seed) => registration.seeds.includes(seed))).toEqual([]);
    // The five blocks that were looked at count again, so that two more seeds make the seven that a second try needs.
    expect(next.registration.pooled).toEqual([{ id: registration.id, seeds: registration.seeds }]);
    expect(next.seeds).toEqual([...registration.seeds, ...next.registration.seeds]);
    expect(next.baseline.values.slice(0, 5)).toEqual(result.baseline.values);
    expect(next.variants[0]?.difference.n).toBe(7);
    expect(next.verdict).toBe('supported');
    const evidence = await loadEvidence(work.top, next, request.contract);
    expect(() => assertClaims(next, claimsOf(next, evidence), evidence)).not.toThrow();
  });

  it('refuses to compare equal files before anything runs', async () => {
    const work = await study();
    const baseline = await work.arm('baseline');
    await expect(measure(await work.request(baseline, [await work.arm('variant')]))).rejects.toThrow(
      'variant holds the same files as baseline: there is nothing to compare.',
    );
    expect(work.started).toEqual([]);
  });

  it('hands a failing run to whoever can mend it, or judges it invalid', async () => {
    const work = await study();
    const baseline = await work.arm('baseline');
    const crashing = await work.arm('variant', { 'train.py': `${TRAIN}raise ValueError("a row is short")\n` });
    const request = await work.request(baseline, [crashing], SHORT);
    const outcome = await measure({ ...request, stopAtFailure: true });
    expect(outcome).toMatchObject({
      kind: 'failed',
      failures: [{ arm: { name: 'variant' }, run: { failure: 'exit', exit: 1 } }],
    });
    expect(work.started.filter((id) => id.includes('baseline') && !id.includes('evaluate'))).toHaveLength(1);
    const result = await measured(request);
    expect(result.verdict).toBe('invalid');
    expect(failedChecks(result)).toEqual(['runs-complete variant']);
    expect(result.variants[0]?.values).toEqual([null, null]);
    expect(result.variants[0]?.reason).toBe('This comparison can carry no claim: runs-complete did not pass.');
  });

  it('finds a changed evaluator, in the commit or by a run, and never uses it', async () => {
    const work = await study();
    const baseline = await work.arm('baseline');
    const generous = { 'evaluate.py': EVALUATE.replace('sum(examples)', '39') };
    const result = await measured(
      await work.request(baseline, [await work.arm('variant', { ...generous, ...better })], SHORT),
    );
    expect(result.verdict).toBe('invalid');
    expect(failedChecks(result)).toEqual(['protected-unchanged variant']);
    expect(best(result)).toBeLessThan(0.9);
    const meddling = `${better['train.py']}Path("evaluate.py").write_text("print('{\\"accuracy\\": 1}')")\n`;
    const second = await measured(
      await work.request(
        baseline,
        [await work.arm('meddler', { 'evaluate.py': EVALUATE, 'train.py': meddling })],
        SHORT,
      ),
    );
    expect(failedChecks(second)).toEqual(['protected-unchanged meddler']);
    expect(best(second)).toBeLessThan(0.9);
  });

  it('spends no more than one block on variants that are all invalid by it, unless every seed is asked for', async () => {
    const work = await study();
    const baseline = await work.arm('baseline');
    const cheat = await work.arm('cheat', { ...better, 'evaluate.py': EVALUATE.replace('sum(examples)', '39') });
    const request = await work.request(baseline, [cheat]);
    const short = await measured(request);
    expect(short.verdict).toBe('invalid');
    expect(failedChecks(short)).toEqual(['protected-unchanged cheat']);
    expect(short.runs).toHaveLength(2);
    expect(work.events).toContainEqual({
      type: 'notice',
      text: 'The first seed shows already that this comparison can carry no claim, so the other 4 are not run.',
    });
    expect(short.variants[0]?.values.filter((value) => value === null)).toHaveLength(4);
    const whole = await measured({ ...request, allSeeds: true });
    expect(whole.runs).toHaveLength(10);
    const honest = await work.arm('honest', { 'evaluate.py': EVALUATE, ...better });
    const both = await measured({ ...(await work.request(baseline, [cheat, honest])), allSeeds: false });
    expect(both.variants.map(({ values }) => values.filter((value) => value !== null).length)).toEqual([5, 5]);
  });

  it('finds a changed input, an effect that is none, a lucky seed and a metric that is missing', async () => {
    const work = await study();
    const baseline = await work.arm('baseline');
    const inputs = await measured(
      await work.request(baseline, [await work.arm('v1', { 'data/test.csv': 'r1\nr2\n' })], SHORT),
    );
    expect(failedChecks(inputs)).toContain('inputs-unchanged v1');
    await work.git('revert', '--no-edit', 'HEAD');
    const comment = await measured(
      await work.request(baseline, [await work.arm('v2', { 'train.py': `${TRAIN}# faster\n` })], SHORT),
    );
    expect(failedChecks(comment)).toEqual(['arms-differ v2']);
    const lucky = { 'train.py': better['train.py'].replace('random.Random(seed * 100 + SKILL)', 'random.Random(1)') };
    const fixed = await measured(await work.request(baseline, [await work.arm('v3', lucky)]));
    expect(fixed.verdict).toBe('inconclusive');
    expect(fixed.reason).toContain('seed-effect is an open doubt');
    const accepting = `${CONTRACT}accept: { seed-effect: deterministic learner }\n`;
    const accepted = await measured(
      await work.request(baseline, [await work.arm('v4', { 'train.py': `${lucky['train.py']}# again\n` })], accepting),
    );
    expect(accepted.verdict).toBe('supported');
  });

  it('finds an evaluator that gives other numbers each time, and a run that leaves its output unscored', async () => {
    const clock = EVALUATE.replace('sum(examples) /', '__import__("time").time() % 1 * 1e-6 + sum(examples) /');
    const work = await study({ 'evaluate.py': clock });
    const result = await measured(
      await work.request(await work.arm('baseline'), [await work.arm('variant', better)], SHORT),
    );
    expect(result.verdict).toBe('invalid');
    expect(failedChecks(result)).toEqual(['evaluator-stable undefined']);
    const empty = { 'train.py': 'import sys, pathlib; pathlib.Path(sys.argv[2], "note.txt").write_text("x")\n' };
    const request = await work.request(await work.arm('again'), [await work.arm('empty', empty)], SHORT);
    const outcome = await measure({ ...request, stopAtFailure: true });
    expect(outcome).toMatchObject({
      kind: 'failed',
      failures: [{ arm: { name: 'empty' }, run: { purpose: 'evaluate', exit: 1 } }],
    });
  });

  it('stops a useless variant early and says so', async () => {
    const work = await study();
    const worse = { 'train.py': TRAIN.replace('SKILL = 20', 'SKILL = 12') };
    const request = await work.request(await work.arm('baseline'), [await work.arm('variant', worse)]);
    const result = await measured(request);
    expect(result.verdict).toBe('inconclusive');
    expect(result.reason).toMatch(/^Stopped after [12] of 5 seeds: could not have been supported/);
    expect(result.baseline.values.filter((value) => value === null).length).toBeGreaterThanOrEqual(3);
    const whole = await measured({ ...request, allSeeds: true });
    expect(whole.verdict).toBe('refuted');
    expect(whole.reason).toMatch(/^Not better: a gain of 0\.02 accuracy is ruled out/);
  });

  it('repeats a run that was lost with its host once, and keeps both', async () => {
    const work = await study();
    const request = await work.request(await work.arm('baseline'), [await work.arm('variant', better)]);
    let lost = '';
    const result = await measured({
      ...request,
      queue: {
        ...request.queue,
        wait: async (id, options) => {
          const run = await request.queue.wait(id, options);
          if (lost !== '' || run.purpose !== 'run') return run;
          lost = id;
          const record = {
            ...run,
            state: 'failed' as const,
            failure: 'host' as const,
            reason: 'The machine went away.',
          };
          await writeFile(join(work.top, '.mlr', 'runs', id, 'run.json'), JSON.stringify(record));
          return record;
        },
      },
    });
    expect(result.verdict).toBe('supported');
    expect(result.runs.filter(({ id }) => id.startsWith(lost)).map(({ id }) => id)).toEqual([lost, `${lost}-2`]);
  });

  it('gives the baseline alone a noise card, and a pilot no score', async () => {
    const work = await study();
    const baseline = await work.arm('baseline');
    const request = await work.request(baseline, []);
    const card = await noiseCard({ ...request, id: 'noise', seeds: [1, 2, 3, 4] });
    expect(card.values).toHaveLength(4);
    expect(card.plans.map(({ seeds }) => seeds)).toEqual([5, 8, 10]);
    expect(renderNoiseCard(card)).toContain('two runs of the same code differ by about');
    const { contract, ...rest } = request;
    const scores = 'import json; print(json.dumps(dict(mae=7.5, examples=[1 / 3] * 2000)))';
    const tried = await pilot({
      ...rest,
      contract: { ...contract, validate: `/usr/bin/python3 -c "${scores}"` },
      arm: baseline,
      name: 'baseline',
    });
    expect(tried).toMatchObject({ ok: true, reason: '' });
    expect(tried.text).toMatch(
      /^The pilot finished in .* s\.[\s\S]*validate printed:\n\{"mae": 7\.5, "examples": \[…\]\}$/,
    );
    const broken = await work.arm('broken', { 'train.py': 'import nothing_of_that_name\n' });
    const failed = await pilot({ ...rest, contract, arm: broken, name: 'broken' });
    expect(failed).toMatchObject({ ok: false, reason: 'It ended with exit code 1.' });
    expect(failed.text).toContain('ModuleNotFoundError');
  });
});
