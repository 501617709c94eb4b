import type { Claim, Controls, Measurement } from '../domain/evidence.ts';
import { armTitle } from './armNames.ts';
import type { Citations } from './citations.ts';
import { signed } from './figures.ts';
import { ReportError } from './reportError.ts';
import { plain } from './reportSections.ts';
import { average } from './statistics.ts';

type Round = NonNullable<Controls['again']>[number];

/** Every number of the controls, with the runs it comes from; `assertControls` holds them against these.
 *  @throws ReportError where a recorded mean is not the one of its differences */
export function controlClaims({ controls, metric }: Measurement): Claim[] {
  const shuffle = controls?.labelShuffle ?? null;
  return [
    ...(controls?.again ?? []).flatMap((round, i) => roundClaims(roundId(i), round, metric)),
    ...(shuffle === null ? [] : shuffleClaims(shuffle, metric)),
  ];
}

/** What the controls showed, each number with its claim; nothing where none were run. */
export function controlsSection({ controls, registration }: Measurement, cite: Citations): string {
  const rounds = (controls?.again ?? []).map((_, i) => {
    const show = (part: string): string => cite.show(`${roundId(i)}/${part}`, signed);
    const what = i === 0 ? 'The baseline against itself' : 'Once more, on fresh seeds';
    return `- ${what}: mean difference ${show('mean')}, from ${show('low')} to ${show('high')} over ${cite.show(`${roundId(i)}/seeds`)} seeds, p\\* = ${cite.show(`${roundId(i)}/pStar`)}`;
  });
  const shuffle = controls?.labelShuffle ?? null;
  if (rounds.length === 0 && shuffle === null) return '';
  const named = new Map([registration.baseline, ...registration.variants].map((arm) => [arm.revision, armTitle(arm)]));
  const rows = (shuffle?.arms ?? []).map(({ revision }) => {
    const show = (part: string): string => cite.show(`${SHUFFLE}/${revision}/${part}`, signed);
    const cells = ['lead', 'shuffled', 'shuffled/low', 'shuffled/high'].map(show);
    return `| ${plain(named.get(revision) ?? revision)} | ${cells.join(' | ')} |`;
  });
  const head = '| arm | lead over `trivial` | with permuted training labels | least | most |';
  const table = [head, '|---|---:|---:|---:|---:|', ...rows].join('\n');
  const words = `Leads are means over the seeds as measured, and over ${shuffle === null ? '' : cite.show(`${SHUFFLE}/permutations`)} permutations of the training labels; \`trivial\` scored ${shuffle === null ? '' : cite.show(`${SHUFFLE}/trivial`)}.`;
  return ['## Controls', rounds.join('\n'), ...(shuffle === null ? [] : [words, table])].filter(Boolean).join('\n\n');
}

const SHUFFLE = 'control/label-shuffle';

function roundId(i: number): string {
  return `control/a-a/${i + 1}`;
}

function roundClaims(id: string, { seeds, differences, mean, pStar, runs }: Round, metric: string): Claim[] {
  const own = average(differences);
  if (Math.abs(own - mean) > 1e-9 * Math.max(1, Math.abs(mean))) {
    throw new ReportError(
      `The number ${id}/mean does not match its differences: it is recorded as ${mean}, and they give ${own}.`,
    );
  }
  const claim = (part: string, aggregation: string, value: number): Claim => {
    return { id: `${id}/${part}`, runs, metric, aggregation, value };
  };
  return [
    claim('mean', 'mean of paired differences of the baseline against itself', own),
    claim('low', 'smallest of these differences', Math.min(...differences)),
    claim('high', 'largest of these differences', Math.max(...differences)),
    claim('pStar', 'larger of the sign-flip p and the t p', pStar),
    claim('seeds', 'paired seeds', seeds.length),
    ...seeds.map((seed, i) =>
      claim(`difference/${seed}`, 'paired difference of the seed', differences[i] ?? Number.NaN),
    ),
  ];
}

function shuffleClaims(
  { permutations, trivial, arms }: NonNullable<Controls['labelShuffle']>,
  metric: string,
): Claim[] {
  const claim = (part: string, runs: string[], aggregation: string, value: number): Claim => {
    return { id: `${SHUFFLE}/${part}`, runs, metric, aggregation, value };
  };
  return [
    claim('permutations', [], 'permutations of the training labels', permutations),
    claim('trivial', [], 'mean score of `trivial`, larger is better', trivial),
    ...arms.flatMap(({ revision, lead, shuffled, runs }) => [
      claim(`${revision}/lead`, [], 'mean lead over `trivial`', lead),
      claim(`${revision}/shuffled`, runs, 'mean lead over `trivial` with permuted training labels', average(shuffled)),
      claim(`${revision}/shuffled/low`, runs, 'smallest of these leads', Math.min(...shuffled)),
      claim(`${revision}/shuffled/high`, runs, 'largest of these leads', Math.max(...shuffled)),
    ]),
  ];
}
