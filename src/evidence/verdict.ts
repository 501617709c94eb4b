import type { Check, Difference, Registration, Verdict } from '../domain/evidence.ts';
import { figure, signed } from './figures.ts';
import { expectedMaximum, leastSeeds, moreSeeds, share } from './sizes.ts';
import type { Comparison } from './statistics.ts';

/** What is known of one variant when it is judged. */
export interface VariantEvidence {
  readonly revision: string;
  /** null where its runs gave no complete set of paired scores. */
  readonly comparison: Comparison | null;
  /** Whether runs were left out because no completion could have supported it. */
  readonly stopped: boolean;
}

export interface VariantJudgement {
  readonly revision: string;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly difference: Difference;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly variants: readonly VariantJudgement[];
}

/** Rounding allowance of comparisons with alpha and with the minimum effect. */
const SLACK = 1e-12;
const ORDER: readonly Verdict[] = ['supported', 'inconclusive', 'refuted', 'invalid'];

/** Decides every variant and the whole (trust.md 6) from its comparison and the checks; nothing else enters. */
export function judge(
  registration: Registration,
  evidence: readonly VariantEvidence[],
  checks: readonly Check[],
): Judgement {
  const failed = checks.filter((check) => check.kind === 'void' && check.passed === false);
  const common = failed.filter((check) => isCommon(check, registration));
  const own = (revision: string): Check[] => [...common, ...failed.filter((check) => check.revision === revision)];
  const adjusted = adjustForTries(
    evidence.map(({ revision, comparison }) => (own(revision).length > 0 ? 1 : (comparison?.pStar ?? 1))),
    registration.tryNumber,
  );
  const variants = evidence.map((one, i) => {
    const adjustedP = adjusted[i] ?? 1;
    const difference = describeDifference(one.comparison, adjustedP, registration);
    return { revision: one.revision, difference, ...decide(registration, one, adjustedP, own(one.revision), checks) };
  });
  if (common.length > 0) return { verdict: 'invalid', reason: noClaim(common), variants };
  const best = [...variants].sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict))[0];
  if (best === undefined) throw new RangeError('A registration has at least one variant.');
  const prefix = variants.length > 1 ? `${best.revision}: ` : '';
  return { verdict: best.verdict, reason: prefix + best.reason, variants };
}

/** Holm's step-down over the variants of one registration, divided by the try's share of alpha (trust.md 5). */
export function adjustForTries(pStars: readonly number[], tryNumber: number): number[] {
  const order = pStars.map((p, i) => ({ p, i })).sort((a, b) => a.p - b.p || a.i - b.i);
  const adjusted = pStars.map(() => 1);
  let running = 0;
  for (const [rank, { p, i }] of order.entries()) {
    running = Math.max(running, Math.min(1, ((pStars.length - rank) * p) / share(tryNumber)));
    adjusted[i] = running;
  }
  return adjusted;
}

/** Doubts that are open: failed, and accepted neither in the contract nor by a person. */
export function openDoubts(registration: Registration, revision: string, checks: readonly Check[]): Check[] {
  return checks.filter(
    (check) =>
      check.kind === 'doubt' &&
      check.passed === false &&
      (check.revision === undefined || check.revision === revision) &&
      registration.accepted[check.name] === undefined &&
      check.acceptedAfter === undefined,
  );
}

/** What follows from numbers alone, as the reference computes it. */
export function statisticalVerdict(
  comparison: Pick<Comparison, 'mean' | 'pRefuted'>,
  adjustedP: number,
  { alpha, minimumEffect }: Pick<Registration, 'alpha' | 'minimumEffect'>,
): Exclude<Verdict, 'invalid'> {
  const large = comparison.mean >= minimumEffect - 1e-9 * Math.max(1, minimumEffect);
  if (adjustedP <= alpha + SLACK && large) return 'supported';
  return comparison.pRefuted <= alpha + SLACK ? 'refuted' : 'inconclusive';
}

function decide(
  registration: Registration,
  { revision, comparison, stopped }: VariantEvidence,
  adjustedP: number,
  failed: readonly Check[],
  checks: readonly Check[],
): { verdict: Verdict; reason: string } {
  if (failed.length > 0 || comparison === null) return { verdict: 'invalid', reason: noClaim(failed) };
  const doubts = openDoubts(registration, revision, checks);
  const verdict = statisticalVerdict(comparison, adjustedP, registration);
  if (verdict === 'supported' && doubts.length === 0) {
    return { verdict, reason: supported(registration, comparison, adjustedP) + acceptedAfter(revision, checks) };
  }
  if (verdict === 'refuted') return { verdict, reason: refuted(registration, comparison, adjustedP) };
  return {
    verdict: 'inconclusive',
    reason: undecided(registration, comparison, { stopped, adjustedP, doubts: verdict === 'supported' ? doubts : [] }),
  };
}

function isCommon(check: Check, registration: Registration): boolean {
  return check.revision === undefined || check.revision === registration.baseline.revision;
}

/** That, not why: the checks say what they saw. */
function noClaim(failed: readonly Check[]): string {
  const names = [...new Set(failed.map(({ name }) => name))];
  return names.length === 0
    ? 'This comparison can carry no claim: it has no complete pair of runs.'
    : `This comparison can carry no claim: ${names.join(', ')} did not pass.`;
}

function supported(registration: Registration, comparison: Comparison, adjustedP: number): string {
  const minimum =
    registration.minimumEffect > 0 ? `, at least the minimum of ${figure(registration.minimumEffect)}` : '';
  return `Better by ${figure(comparison.mean)} ${registration.metric}${minimum} (adjusted p = ${figure(adjustedP)}), ${scope(comparison)}.`;
}

function acceptedAfter(revision: string, checks: readonly Check[]): string {
  return checks
    .filter((check) => check.revision === undefined || check.revision === revision)
    .flatMap(({ name, acceptedAfter: why }) =>
      why === undefined ? [] : [` The doubt ${name} was accepted after seeing the result: ${why}.`],
    )
    .join('');
}

function scope(comparison: Comparison): string {
  return comparison.examples === null ? 'on this test set, over training seeds' : 'on data like this test set';
}

function refuted(registration: Registration, comparison: Comparison, adjustedP: number): string {
  const { metric, minimumEffect, alpha } = registration;
  const better = comparison.mean > 0 && adjustedP <= alpha + SLACK;
  const reason = better ? 'Better, but by less than the minimum' : 'Not better';
  const ruled =
    minimumEffect > 0
      ? `a gain of ${figure(minimumEffect)} ${metric} is ruled out`
      : `${metric} is worse than the baseline's`;
  // Another p than the one that a gain is shown with: it is named by what it rules out.
  return `${reason}: ${ruled} with p = ${figure(comparison.pRefuted)} (difference ${signed(comparison.mean)}).`;
}

interface Undecided {
  readonly stopped: boolean;
  readonly adjustedP: number;
  readonly doubts: readonly Check[];
}

function undecided(registration: Registration, comparison: Comparison, state: Undecided): string {
  const { metric, alpha, minimumEffect, leastSeeds: least } = registration;
  const seen = `difference ${signed(comparison.mean)} ${metric}`;
  const [doubt] = state.doubts;
  if (doubt)
    return `${doubt.name} is an open doubt (${doubt.detail}): accept it with a reason, or mend it and measure again.`;
  if (state.stopped)
    return `Stopped after ${comparison.n} of ${plannedSeeds(registration, comparison)} seeds: could not have been supported (${seen}).`;
  if (comparison.n < 2) return `One seed decides nothing (${seen}): measure with at least ${least} seeds.`;
  if (comparison.unit === 'none') {
    return `${metric} is the same for every seed of both arms, so seeds measure nothing: let \`evaluate\` print \`examples\`.`;
  }
  if (comparison.n < least)
    return `${comparison.n} seeds cannot support any gain here (${seen}): at least ${least} are needed.`;
  if (state.adjustedP <= alpha + SLACK) {
    return `A gain shows (${seen}, adjusted p = ${figure(state.adjustedP)}), but not one of at least ${figure(minimumEffect)}, nor is that ruled out${advice(registration, comparison)}.`;
  }
  return `No gain is shown and none is ruled out (${seen}, adjusted p = ${figure(state.adjustedP)})${advice(registration, comparison)}.`;
}

function plannedSeeds({ seeds, pooled = [] }: Registration, { n }: Comparison): number {
  const all = seeds.length + pooled.flatMap((one) => one.seeds).length;
  return Math.max(n, all);
}

function advice(registration: Registration, comparison: Comparison): string {
  const { minimumEffect, alpha, variants, tryNumber } = registration;
  const plan = moreSeeds({
    deviation: comparison.deviation ?? 0,
    seeds: comparison.n,
    minimumEffect,
    alpha,
    least: leastSeeds(variants.length, tryNumber + 1, alpha),
    ...(comparison.examples ? { examples: comparison.examples } : {}),
  });
  if (plan.kind === 'examples') return `; the test set is too small: about ${plan.needed} examples would decide`;
  if (plan.kind === 'none') return minimumEffect > 0 ? '' : '; with a minimum_effect the seeds needed can be told';
  const range = plan.from === plan.to ? `${plan.from}` : `${plan.from} to ${plan.to}`;
  return `; about ${range} seeds would decide between no effect and ${figure(2 * minimumEffect)}, and need not decide in between`;
}

function describeDifference(
  comparison: Comparison | null,
  adjustedP: number,
  { tryNumber, variants }: Registration,
): Difference {
  if (comparison === null) {
    // In the schema's order: a record is compared letter by letter.
    return { mean: null, low: null, high: null, p: 1, pT: null, pStar: 1, adjustedP: 1, unit: 'none', n: 0 };
  }
  const { mean, low, high, p, pT, pStar, unit, n, examples } = comparison;
  const base = { mean, low: finite(low), high: finite(high), p, pT, pStar, adjustedP, unit, n };
  if (examples === null) return base;
  const luck = Math.sqrt(examples.variance) * expectedMaximum(tryNumber - 1 + variants.length);
  return { ...base, examples: examples.count, luck };
}

/** Scores whose squares are no numbers have a spread that is none. */
function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
