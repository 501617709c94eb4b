import { describe, expect, it } from 'vitest';
import type { Measurement } from '../../../src/domain/evidence.ts';
import { unclaimedNumbers } from '../../../src/evidence/citations.ts';
import { parseContract } from '../../../src/evidence/contractFile.ts';
import { assertControls } from '../../../src/evidence/controlEvidence.ts';
import { renderReport } from '../../../src/evidence/report.ts';
import { exampleMeasurement } from './exampleMeasurement.ts';

const CONTRACT = parseContract(
  'version: 1\ntask: t\nrun: "r {seed} {out}"\nevaluate: "e {out}"\nmetrics: { accuracy: maximize }\n',
  'mlr.yaml',
);
const AGAIN = {
  seeds: [11, 12, 13],
  differences: [0.0121, -0.0242, 0.0363],
  mean: 0.0242 / 3,
  pStar: 0.375,
  runs: ['c1', 'c2'],
};
const SHUFFLE = {
  permutations: 5,
  trivial: 0.5019,
  arms: [
    { revision: 'main', lead: 0.2037, shuffled: [0.0107, 0.0127], runs: ['s1'] },
    { revision: 'branch-1', lead: 0.3071, shuffled: [-0.0213, 0.0187], runs: ['s2'] },
  ],
};

function reportOf(controls: Measurement['controls']) {
  const { measurement, evidence } = exampleMeasurement({ variants: 1, seeds: 5 });
  const whole = { ...measurement, ...(controls && { controls }) };
  return renderReport({ measurement: whole, evidence, contract: CONTRACT, confinement: 'none', version: '1.2.3' });
}

describe('the controls of a report', () => {
  it('cannot be checked without the records of their runs, which is not taken for tampering', () => {
    const { measurement, evidence } = exampleMeasurement({ variants: 1, seeds: 5 });
    const whole = { ...measurement, controls: { again: [AGAIN], labelShuffle: null } };
    expect(() => assertControls(whole, evidence, [])).toThrow(
      `no records of its control runs, as none did at first, so what it says of them cannot be checked: write it again with \`mlr report ${measurement.session} --out DIR\``,
    );
  });

  it('have a claim with its runs for every number', () => {
    const { markdown, claims } = reportOf({ again: [AGAIN], labelShuffle: SHUFFLE });
    const own = claims.filter(({ id }) => id.startsWith('control/'));
    const values = new Set(own.map(({ value }) => Number(value?.toFixed(12))));
    const numbers = [
      ...AGAIN.differences,
      AGAIN.pStar,
      3,
      5,
      0.5019,
      0.2037,
      0.0117,
      0.0107,
      0.0127,
      0.3071,
      -0.0013,
      -0.0213,
    ];
    expect(numbers.filter((number) => !values.has(number))).toEqual([]);
    expect(claims.find(({ id }) => id === 'control/a-a/1/mean')).toMatchObject({ runs: ['c1', 'c2'] });
    expect(claims.find(({ id }) => id === 'control/label-shuffle/branch-1/shuffled')).toMatchObject({ runs: ['s2'] });
    expect(markdown).toMatch(/baseline against itself: mean difference \[\+0\.008067\]\[c\d+\], from \[[-−]0\.0242\]/);
    expect(markdown).toMatch(
      /\| variant-1 \(branch-1\) \| \[\+0\.3071\]\[c\d+\] \| \[[-−]0\.0013\]\[c\d+\] \| \[[-−]0\.0213\]/,
    );
    const altered = markdown.replace('0.3071', '0.3072');
    expect(unclaimedNumbers(altered, claims, ['branch-1'])).not.toEqual([]);
  });

  it('are refused where the recorded mean is not the one of the differences', () => {
    expect(() => reportOf({ again: [{ ...AGAIN, mean: 0.009 }], labelShuffle: null })).toThrow('control/a-a/1/mean');
  });

  it('take no room where none were run', () => {
    expect(reportOf(undefined).markdown).not.toContain('## Controls');
    expect(reportOf({ again: null, labelShuffle: null }).markdown).not.toContain('## Controls');
  });
});
