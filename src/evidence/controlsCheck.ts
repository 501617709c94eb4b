import type { Check, Controls, Registration } from '../domain/evidence.ts';
import { type CheckRequest, notRun } from './checkRequest.ts';
import { figure, signed } from './figures.ts';
import { average } from './statistics.ts';

/** What `--controls` found. Without it both are named as not run. */
export function checkControls({ registration, control }: CheckRequest): Check[] {
  const lacking = 'it takes runs of its own: ask for them with --controls';
  const labels = control?.controls.labelShuffle ?? null;
  const again = control?.controls.again ?? null;
  return [
    ...(labels === null
      ? notRun('label-shuffle', 'doubt', control?.lacks.labelShuffle ?? lacking)
      : labelShuffle(registration, labels)),
    ...(again === null ? notRun('a-a', 'void', control?.lacks.again ?? lacking) : [againstItself(registration, again)]),
  ];
}

/** A lead of which more than half is kept under every permutation was not learned from the training labels. Under
 *  every one, not on average: a learner of one column is right or wrong as a whole where its labels are noise, and the
 *  mean of five such leads is beyond half of the true one six times in 32. */
export function labelShuffle(
  { baseline, metric }: Pick<Registration, 'baseline' | 'metric'>,
  { arms, permutations }: NonNullable<Controls['labelShuffle']>,
): Check[] {
  const [base, ...variants] = arms;
  const keeps = (arm: (typeof arms)[number] | undefined): boolean =>
    arm !== undefined && arm.lead > 0 && arm.shuffled.every((lead) => lead > 0.5 * arm.lead);
  const words = (one: (typeof arms)[number] | undefined): string =>
    one === undefined ? 'nothing' : `${signed(average(one.shuffled))} instead of ${signed(one.lead)}`;
  const found = variants.filter(keeps).map((arm): Check => {
    if (keeps(base)) {
      const detail = `the task needs no training labels: with ${permutations} permutations of them baseline and variant keep their leads over \`trivial\` (${words(base)} and ${words(arm)} ${metric})`;
      return { name: 'label-shuffle', kind: 'note', passed: false, detail, revision: arm.revision };
    }
    const detail = `a variant that learns from other data, or that knows the answers? With ${permutations} permutations of the training labels it leads \`trivial\` by ${words(arm)} ${metric}, the baseline (${baseline.revision}) by ${words(base)}`;
    return { name: 'label-shuffle', kind: 'doubt', passed: false, detail, revision: arm.revision };
  });
  if (found.some(({ kind }) => kind === 'doubt')) return found;
  const fine = variants.map((arm) => words(arm)).join(', ');
  const lost = `with ${permutations} permutations of the training labels the lead over \`trivial\` is ${fine} ${metric}`;
  const detail = found.length > 0 ? 'no variant keeps its lead where the baseline loses its own' : lost;
  return [{ name: 'label-shuffle', kind: 'doubt', passed: true, detail }, ...found];
}

/** False alarms at most alpha²: it has to happen twice running, on fresh seeds. */
export function againstItself(
  { alpha, metric }: Pick<Registration, 'alpha' | 'metric'>,
  rounds: NonNullable<Controls['again']>,
): Check {
  const passed = !(rounds.length > 1 && rounds.every(({ pStar }) => pStar <= alpha + 1e-12));
  const each = rounds.map(({ mean, differences, pStar, seeds }) => {
    const [low, high] = [Math.min(...differences), Math.max(...differences)];
    return `${signed(mean)} ${metric} over ${seeds.length} seeds (${signed(low)} to ${signed(high)}, p* = ${figure(pStar)})`;
  });
  const seen = `the baseline against itself differs by ${each.join(', then by ')}`;
  const detail = passed ? seen : `an evaluation or a machine that favours the second of two equal arms: ${seen}`;
  return { name: 'a-a', kind: 'void', passed, detail };
}
