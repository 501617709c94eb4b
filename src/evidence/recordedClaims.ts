import type { Arm, Claim, Measurement } from '../domain/evidence.ts';
import { MOST_POINTS } from './figures.ts';
import { type RunEvidence, seedsOf } from './runEvidence.ts';
import type { Try } from './tries.ts';

/** Numbers that a report shows and no run produced: what was registered, what checks counted, what earlier tries gave,
 *  constants of the method. Each says where it stands instead. */
export function recordedClaims(
  measurement: Measurement,
  evidence: readonly RunEvidence[],
  tries: readonly Try[],
  enclosed: readonly string[],
): Claim[] {
  const { registration, variants, tried } = measurement;
  const { budget, alpha } = registration;
  const registered: Record<string, number | null> = {
    alpha,
    minimumEffect: registration.minimumEffect,
    interval: 100 * (1 - 2 * alpha),
    seeds: registration.seeds.length,
    variants: registration.variants.length,
    tryNumber: registration.tryNumber,
    leastSeeds: registration.leastSeeds,
    detectableEffect: registration.detectableEffect,
    'budget/wallSeconds': budget.wallSeconds,
    'budget/memoryBytes': budget.memoryBytes,
  };
  const evaluations = evidence.filter(({ evaluation }) => evaluation !== null).length;
  const counted: Record<string, number> = {
    runs: evidence.length,
    evaluations,
    seeds: seedsOf(measurement).length,
    tries: Math.max(tried, tries.length + 1),
  };
  return [
    ...listed('registered', registered, 'fixed before the first run'),
    ...listed('count', counted, 'counted over the records'),
    ...registration.variants.flatMap((arm, i) => ratioClaims(arm, variants[i]?.difference.n ?? 0)),
    ...proseClaims(measurement, enclosed),
    ...tries.flatMap(tryClaims),
    ...listed('method', { exactUnits: 20, draws: 99_999, power: 80, plotted: MOST_POINTS }, 'constant of the method'),
  ];
}

function ratioClaims(arm: Arm, n: number): Claim[] {
  return listed(`${arm.name}/difference`, { n }, 'paired seeds');
}

/** What checks saw and what the forecast said, in words: their numbers are recorded with the words. */
function proseClaims({ checks, registration, variants, reason }: Measurement, enclosed: readonly string[]): Claim[] {
  const texts = [
    ...checks.map(({ name, revision, detail }) => [`check/${name}${revision ? `/${revision}` : ''}`, detail] as const),
    ['forecast', registration.forecast?.words ?? ''] as const,
    ...variants.map((one) => [`reason/${one.revision}`, one.reason] as const),
    ['reason', reason] as const,
    ['enclosed', enclosed.join(' ')] as const,
  ];
  return texts.flatMap(([id, text]) =>
    numbersIn(text).map((value, i) => one(`${id}/${i + 1}`, value, 'stands in the recorded sentence')),
  );
}

function tryClaims({ session, tryNumber, variants }: Try, i: number): Claim[] {
  const id = `tried/${i + 1}`;
  return [
    one(`${id}/number`, tryNumber, `recorded by session ${session}`),
    ...variants.map(({ name, mean }) => one(`${id}/${name}/mean`, mean, `recorded by session ${session}`)),
  ];
}

function listed(prefix: string, values: Readonly<Record<string, number | null>>, aggregation: string): Claim[] {
  return Object.entries(values).map(([name, value]) => one(`${prefix}/${name}`, value, aggregation));
}

function one(id: string, value: number | null, aggregation: string): Claim {
  return { id, runs: [], metric: '', aggregation, value };
}

/** A number as people write it, signs and thousands included; not a digit of a word, a version or a name. */
export const NUMBER = /(?<![\w./-])[-+−]?\d(?:[\d,]*\d)?(?:\.\d+)?(?:e[-+]?\d+)?(?![\w/]|\.\d)/g;

function numberOf(text: string): number {
  return Number(text.replace(/,/g, '').replace('−', '-'));
}

function numbersIn(text: string): number[] {
  return [...text.matchAll(NUMBER)].map(([number]) => numberOf(number));
}
