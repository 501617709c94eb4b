import { afterAll } from 'vitest';
import { share } from '../../../src/evidence/sizes.ts';
import { compare, type Scores } from '../../../src/evidence/statistics.ts';
import { adjustForTries, statisticalVerdict } from '../../../src/evidence/verdict.ts';

export const ALPHA = 0.05;
/** What the first try of a family may spend. */
export const LEVEL = ALPHA * share(1);
const EXPERIMENTS = 20_000;

const printed: string[] = [];
afterAll(() => void process.stdout.write(`${printed.join('\n')}\n`));

/** Share of experiments in which something happens; printed, so that whoever runs the tests sees the rates. */
export function rate(name: string, happens: () => boolean, experiments = EXPERIMENTS): number {
  let count = 0;
  for (let i = 0; i < experiments; i += 1) if (happens()) count += 1;
  printed.push(`${(count / experiments).toFixed(4)} of ${experiments}  ${name}`);
  return count / experiments;
}

/** Three standard errors of a rate. */
export const margin = (level: number, experiments = EXPERIMENTS): number =>
  3 * Math.sqrt((level * (1 - level)) / experiments);

export function verdictOf(baseline: Scores, variant: Scores, tryNumber = 1, minimumEffect = 0): string {
  const found = compare(baseline, variant, { minimumEffect, alpha: ALPHA });
  const [adjusted = 1] = adjustForTries([found.pStar], tryNumber);
  return statisticalVerdict(found, adjusted, { alpha: ALPHA, minimumEffect });
}
