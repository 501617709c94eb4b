import type { Measurement } from '../domain/evidence.ts';
import { armTitle } from './armNames.ts';
import type { Citations } from './citations.ts';
import { duration, signed } from './figures.ts';
import type { ReportRequest } from './reportRequest.ts';
import { cell, listed, plain } from './reportSections.ts';
import type { Try } from './tries.ts';

/** What a paper could say as it stands; formulas are code, so that no reader takes them for results. */
export function methodsSection({ measurement, contract }: ReportRequest, cite: Citations): string {
  return ['## Method', comparison(measurement, contract, cite), statistics(measurement, cite)].join('\n\n');
}

function comparison({ registration }: Measurement, contract: ReportRequest['contract'], cite: Citations): string {
  const { metric, goal, seedsFrom, variants } = registration;
  const seeds =
    seedsFrom === 'drawn'
      ? 'drawn from the operating system’s randomness after all arms were fixed, and never used before'
      : 'known beforehand';
  const several = variants.length > 1 ? `${cite.show('registered/variants')} variants` : 'the variant';
  return `We compared ${several} with the baseline over ${cite.show('count/seeds')} paired random seeds, ${seeds}. Hypothesis, arms, number of seeds, smallest effect of interest (${cite.show('registered/minimumEffect')} ${metric}) and significance level (alpha = ${cite.show('registered/alpha')}) were registered before the first run. Each seed is a block: every arm was run with it once, on one machine, in an order drawn beforehand, within ${cite.show('registered/budget/wallSeconds', (s) => duration(s ?? 0))} a run. Each run saw an export of its commit without the hidden files (${listed(contract.hidden)}); a separate process scored its output with the baseline's copy of the evaluation code, so that nothing a training script prints is a metric. ${metric} (${goal}) was the primary and only metric that gets a verdict.`;
}

function statistics({ registration, variants }: Measurement, cite: Citations): string {
  const unit = variants[0]?.difference.unit ?? 'none';
  const results = registration.variants.map((arm, i) => {
    const show = (part: string, form?: (value: number | null) => string) =>
      cite.show(`${arm.name}/difference/${part}`, form);
    const judged = variants[i];
    if (judged?.difference.mean == null)
      return `${plain(armTitle(arm))} gave no complete set of pairs (${judged?.verdict})`;
    const interval =
      judged.difference.low === null ? '' : `, interval ${show('low', signed)} to ${show('high', signed)}`;
    return `${plain(armTitle(arm))} differed by ${show('mean', signed)}${interval}, adjusted p = ${show('adjustedP')}, n = ${show('n')} (${judged.verdict})`;
  });
  return `The mean paired difference was tested one-sided by a sign-flip permutation test (exact to ${cite.show('method/exactUnits')} units, beyond that ${cite.show('method/draws')} draws) and by Student's t; the larger p-value decided. ${UNITS[unit]} The interval is the \`1 − 2·alpha\` t interval. p-values are adjusted for the variants by Holm's method and for all tries on the same test set by alpha spending: the first try has the share \`2/3\` of alpha, the b-th \`1/(3·b·(b−1))\`; this was try ${cite.show('registered/tryNumber')}. *Supported* means adjusted \`p ≤ alpha\`, a mean difference of at least the smallest effect of interest, and no open doubt; *refuted* means that such a gain is ruled out at alpha. Result: ${results.join('; ')}.`;
}

const UNITS: Readonly<Record<Measurement['variants'][number]['difference']['unit'], string>> = {
  seed: 'The unit is the seed: the claim is about this test set, over training seeds.',
  'seed and example': 'Its variance carries both seeds and test examples: the claim is about data like this test set.',
  example: 'Seeds change nothing in either arm, so the test examples are the unit.',
  none: 'There was no unit from which a spread could be estimated.',
};

/** Everything tried on the same test set, the failures too. */
export function triedSection({ registration, session }: Measurement, tries: readonly Try[], cite: Citations): string {
  const heading = '## What was tried on this test set, and what failed';
  if (tries.length === 0) return `${heading}\n\nNothing else was tried on this test set in this workspace before.`;
  const rows = tries.flatMap((one, i) =>
    one.variants.map(({ name, revision, verdict }) => {
      const mean = cite.show(`tried/${i + 1}/${name}/mean`, signed);
      return `| ${cite.show(`tried/${i + 1}/number`)} | \`${one.session}\` | \`${cell(revision)}\` | ${mean} | ${verdict ?? 'not finished'} |`;
    }),
  );
  return [
    heading,
    ['| try | session | variant | mean difference | verdict |', '|---:|---|---|---:|---|', ...rows].join('\n'),
    `This one is try ${cite.show('registered/tryNumber')} (session \`${session}\`, registration \`${registration.id}\`).`,
  ].join('\n\n');
}

export function reproduceSection({ measurement, version, head, enclosed = [] }: ReportRequest): string {
  const { baseline, variants, id } = measurement.registration;
  const { session } = measurement;
  const words = variants.map((arm) => `--variant ${arm.commit}`).join(' ');
  return [
    '## How to reproduce',
    [
      '- `mlr verify FOLDER` recomputes every number here from this folder alone; `--evaluate` scores the kept predictions again, `--rerun K` repeats so many random pairs.',
      '- `mlr reproduce FOLDER` runs every arm again from its commit with the same seeds and compares every claim.',
      baseline.args === undefined
        ? `- \`mlr measure --baseline ${baseline.commit} ${words}\` measures the same commits with fresh seeds, as a further try.`
        : `- \`mlr measure --baseline ${baseline.commit} ${[baseline, ...variants].map(({ name, args = [] }) => `--arm ${name}="${args.join(' ')}"`).join(' ')}\` measures the same configurations with fresh seeds, as a further try.`,
      `- Where the session is, the commits are kept alive as \`refs/mlr/${session}/…\`.`,
      '- `claims.json` says which runs every number comes from (point at a number to see its claim), `runs.json` holds their records, `scores.jsonl` what `evaluate` printed of each.',
      ...enclosed.map((sentence) => `- ${sentence}`),
    ].join('\n'),
    `MLR Copilot \`${version}\`, session \`${session}\`, registration \`${id}\`${head === undefined ? '' : `, log head \`${head}\``}.`,
  ].join('\n\n');
}
