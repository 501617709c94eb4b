import { afterEach, describe, expect, it } from 'vitest';
import type { ConfinementLevel } from '../../../src/domain/run.ts';
import { measure } from '../../../src/evidence/measure.ts';
import { probeConfinement } from '../../../src/runs/confinement.ts';
import { ScratchStudy, SHORT, TRAIN } from './scratchStudy.ts';

const probed = await probeConfinement();
const levels: ConfinementLevel[] = probed.level === 'none' ? ['none'] : [probed.level, 'none'];

/** Looks for the labels wherever they might be, and says what it found. */
const PEEK = `${TRAIN}
import os
places = ["data/labels.txt"] + [os.path.join(folder, name) for folder, _, names in os.walk(os.path.abspath("../..")) for name in names]
seen = [place for place in places if os.path.basename(place) == "labels.txt" and os.path.exists(place)]
assert not seen, seen
assert not os.path.exists("../../.git")
try:
    open("data/test.csv", "a").write("r99")
except OSError:
    pass
`;

it('this machine confines runs, or the probe says why not', () => {
  if (probed.level === 'none') process.stderr.write(`not run: measuring in confinement (${probed.detail})\n`);
  if (process.env.MLR_REQUIRE === 'all') expect(probed.level).not.toBe('none');
  expect(levels).toContain('none');
});

describe.each(levels)(
  'measuring with confinement "%s", in a folder below the repository’s top',
  { timeout: 300_000 },
  (confinement) => {
    let study: ScratchStudy | undefined;
    afterEach(async () => await study?.remove());

    const outcomeOf = async (files: Record<string, string>) => {
      study = await ScratchStudy.make(files, 'packages/model');
      const baseline = await study.arm('baseline');
      const better = { 'train.py': (files['train.py'] ?? TRAIN).replace('SKILL = 20', 'SKILL = 30') };
      const request = await study.request(baseline, [await study.arm('variant', better)], SHORT);
      return await measure({ ...request, confinement, allSeeds: true });
    };

    it('scores data that git does not track', async () => {
      const outcome = await outcomeOf({ '.gitignore': '.mlr/\ndata/\n' });
      expect(outcome).toMatchObject({ kind: 'measured', measurement: { verdict: 'inconclusive' } });
      if (outcome.kind !== 'measured') return;
      expect(outcome.measurement.checks.filter(({ kind, passed }) => kind === 'void' && passed === false)).toEqual([]);
      expect(outcome.measurement.baseline.mean).toBeGreaterThan(0.3);
    });

    it('shows a run neither the labels nor a way to change its inputs, where that can be enforced', async () => {
      const outcome = await outcomeOf({ 'train.py': PEEK });
      if (outcome.kind !== 'measured') throw new Error(JSON.stringify(outcome.failures));
      const { checks } = outcome.measurement;
      const seen = checks.find(({ name }) => name === 'hidden-unseen');
      const inputs = checks.filter(({ name, passed }) => name === 'inputs-unchanged' && passed === false);
      if (confinement === 'none') {
        // Nothing keeps the run from its own copy of an input; the change is found all the same.
        expect(seen?.passed).toBeNull();
        expect(inputs.length).toBeGreaterThan(0);
      } else {
        expect(seen?.passed).toBe(true);
        expect(checks.filter(({ kind, passed }) => kind === 'void' && passed === false)).toEqual([]);
      }
    });
  },
);
