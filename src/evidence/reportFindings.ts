import type { Arm, Measurement } from '../domain/evidence.ts';
import { armTitle } from './armNames.ts';
import type { Citations } from './citations.ts';
import { figure, signed } from './figures.ts';
import { plain } from './reportSections.ts';
import { seedsOf } from './runEvidence.ts';

/** Values of more runs than this are not linked one by one: the table's note says how their claims are named. */
const MOST_LINKED = 200;

export function differenceSection(measurement: Measurement, cite: Citations): string {
  const { registration, goal, metric } = measurement;
  const rows = registration.variants.map((arm, i) => {
    const show = (part: string, form = figure): string => cite.show(`${arm.name}/difference/${part}`, form);
    const cells = [
      named(arm),
      show('mean', signed),
      `${show('low', signed)} to ${show('high', signed)}`,
      ...['p', 'pT', 'pStar', 'adjustedP'].map((part) => show(part)),
      `${show('won')} of ${show('n')}`,
      show('worst', signed),
      measurement.variants[i]?.verdict,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const tries = registration.tryNumber === 1 ? 'the first try' : `try ${cite.show('registered/tryNumber')}`;
  const pooled = registration.pooled ? ', those of earlier tries of the same arms among them' : '';
  const first = registration.variants[0]?.name;
  return [
    `## Difference in ${metric} (${goal}), variant against baseline, larger is better`,
    [
      `| variant | mean | ${cite.show('registered/interval')} % interval | p (flips) | p (t) | p\\* | adjusted p | seeds won | worst seed | verdict |`,
      '|---|---:|---:|---:|---:|---:|---:|---:|---:|---|',
      ...rows,
    ].join('\n'),
    `${cite.show(`${first}/difference/n`)} paired seeds of ${cite.show('count/seeds')} registered${pooled}; ${tries} on this test set, variants: ${cite.show('registered/variants')}. Two runs of the baseline's own code differ by about ${cite.show(`${registration.baseline.name}/noiseFloor`)} (noise floor). The p-values speak against "the change does not alter how scores are distributed"; a rare collapse is not covered by them, hence the worst seed.`,
    spreads(measurement, cite).join('\n'),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function spreads({ registration }: Measurement, cite: Citations): string[] {
  return registration.variants.flatMap((arm) => {
    if (cite.value(`${arm.name}/difference/deviation`) === null) return [];
    const ratio =
      cite.value(`${arm.name}/difference/ofNoise`) === null
        ? ''
        : ` (${cite.show(`${arm.name}/difference/ofNoise`)} of the noise floor; where less than the whole, pairing helps)`;
    const chance =
      cite.value(`${arm.name}/difference/luck`) === null
        ? ''
        : `; the best of so many comparisons on this test set gains ${cite.show(`${arm.name}/difference/luck`)} by luck alone`;
    return [
      `- ${named(arm)}: paired differences spread by ${cite.show(`${arm.name}/difference/deviation`)}${ratio}${chance}`,
    ];
  });
}

export function runsSection(measurement: Measurement, cite: Citations): string {
  const { registration, metric, runs } = measurement;
  const arms = [registration.baseline, ...registration.variants];
  const linked = runs.length <= MOST_LINKED;
  const byCell = new Map<string, Measurement['runs']>();
  for (const run of runs) {
    const key = JSON.stringify([run.seed, run.revision]);
    byCell.set(key, [...(byCell.get(key) ?? []), run]);
  }
  const rows = seedsOf(measurement).map((seed) => {
    const cells = arms.map((arm) => {
      const own = byCell.get(JSON.stringify([seed, arm.revision])) ?? [];
      const counted = own.at(-1);
      if (counted === undefined) return 'not run';
      const id = `run/${counted.id}/${metric}`;
      const value = metric in counted.metrics ? cite.value(id) : null;
      const repeated = own.length > 1 ? ' (repeated)' : '';
      if (value === null) return `no score (exit \`${counted.exit ?? 'none'}\`)${repeated}`;
      return `${linked ? cite.show(id) : figure(value)}${repeated}`;
    });
    return `| ${[`\`${seed}\``, ...cells].join(' | ')} |`;
  });
  const summary = (what: string, id: string): string =>
    `| ${[`**${what}**`, ...arms.map((arm) => cite.show(`${arm.name}/${id}`))].join(' | ')} |`;
  return [
    `## ${metric} per seed and arm`,
    linked
      ? ''
      : 'Each value is the claim `run/RUN/METRIC` of `claims.json`; `measurement.json` names the run of a seed and arm.',
    [
      `| ${['seed', ...arms.map(named)].join(' | ')} |`,
      `|${['---:', ...arms.map(() => '---:')].join('|')}|`,
      ...rows,
      summary('mean', 'mean'),
      summary('standard deviation', 'deviation'),
    ].join('\n'),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function named(arm: Arm): string {
  return plain(armTitle(arm));
}
