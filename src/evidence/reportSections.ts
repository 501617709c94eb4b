import type { Contract } from '../domain/contract.ts';
import type { Check, Measurement } from '../domain/evidence.ts';
import type { ConfinementLevel } from '../domain/run.ts';
import { duration, figure } from './figures.ts';
import type { RunEvidence } from './runEvidence.ts';

export function checksSection(checks: readonly Check[]): string {
  const state = (check: Check): string => {
    if (check.passed === null) return 'not run';
    if (check.passed) return 'passed';
    return check.kind === 'void' ? 'FAILED' : check.kind;
  };
  const rows = checks.map(
    (check) =>
      `| ${[check.name, check.kind, state(check), cell(`${check.detail}${check.revision ? ` (${check.revision})` : ''}`)].join(' | ')} |`,
  );
  return ['## Checks', ['| check | kind | result | what it saw |', '|---|---|---|---|', ...rows].join('\n')].join(
    '\n\n',
  );
}

export function methodsSection({ registration, variants }: Measurement, contract: Contract): string {
  const { alpha, minimumEffect, metric, goal } = registration;
  const unit = variants[0]?.difference.unit ?? 'none';
  const units: Readonly<Record<string, string>> = {
    seed: 'The unit is the seed: the claim is about this test set, over training seeds.',
    'seed and example':
      'Its variance carries both seeds and test examples: the claim is about data like this test set.',
    example: 'Seeds change nothing in either arm, so the test examples are the unit.',
    none: 'There was no unit from which a spread could be estimated.',
  };
  return [
    '## Method',
    `Each seed is a block: the baseline and every variant run with it once, on one machine, in an order drawn beforehand. Each run sees an export of its commit without hidden files (${listed(contract.hidden)}); \`evaluate\` is a process of its own on the baseline's files, and what a training script prints is no metric. ${metric} (${goal}) is primary and the only metric that gets a verdict.`,
    `p is the one-sided sign-flip test on the mean paired difference (all sign assignments to 20 units, beyond that 99,999 draws); p (t) is Student's t; the larger of both, p*, decides. ${units[unit] ?? ''} The interval is the (1 − 2·alpha) t interval. Several variants are adjusted by Holm, and the b-th try on one test set gets the share 2/3, then 1/(3b(b−1)) of alpha = ${figure(alpha)}. *Supported* needs adjusted p ≤ alpha, a mean difference of at least ${figure(minimumEffect)} and no open doubt; *refuted* means that such a gain is ruled out at alpha.`,
  ].join('\n\n');
}

export function registrationSection({ registration }: Measurement): string {
  const { seeds, seedsFrom, orderSeed, order, budget, accepted, detectableEffect } = registration;
  const arms = [registration.baseline, ...registration.variants].map(
    (arm) => `- ${cell(arm.name)}: commit \`${arm.commit}\`, tree \`${arm.tree}\``,
  );
  const doubts = Object.entries(accepted).map(([check, why]) => `- accepted beforehand: ${check}: ${cell(why)}`);
  const detectable =
    detectableEffect === null
      ? 'no effect of any size'
      : `an effect of ${figure(detectableEffect)} standard deviations of the paired difference`;
  return [
    '## Registered before the first run',
    [
      `- hypothesis: ${cell(registration.hypothesis)}`,
      ...arms,
      `- seeds (${seedsFrom}): ${seeds.join(', ')}`,
      `- order drawn from \`${orderSeed}\`: ${order.map((names) => names.join(' → ')).join('; ')}`,
      `- budget of a run: ${duration(budget.wallSeconds)}, ${Math.round(budget.memoryBytes / 2 ** 20)} MiB`,
      `- least seeds that could support: ${registration.leastSeeds}; with ${seeds.length} seeds, ${detectable} is found with 80 % power`,
      `- family of tries: \`${registration.family.slice(0, 12)}\`, try ${registration.tryNumber}`,
      ...doubts,
    ].join('\n'),
  ].join('\n\n');
}

/** @param cite gives the value of a claim */
export function costSection(evidence: readonly RunEvidence[], cite: (id: string) => number | null): string {
  const evaluations = evidence.filter(({ evaluation }) => evaluation !== null).length;
  const mebibytes = Math.ceil((cite('cost/memory') ?? 0) / 2 ** 20);
  return `## Cost\n\n${evidence.length} runs and ${evaluations} evaluations, ${duration(cite('cost/seconds') ?? 0)} in all, at most ${mebibytes} MiB at a time.`;
}

export function environmentSection(evidence: readonly RunEvidence[], confinement: ConfinementLevel): string {
  const seen = new Map<string, Set<string>>();
  for (const { run } of evidence) {
    for (const [key, value] of Object.entries(run.environment))
      seen.set(key, (seen.get(key) ?? new Set<string>()).add(value));
  }
  const rows = [...seen].map(([key, values]) => `| ${cell(key)} | ${[...values].map(cell).join(' / ')} |`);
  return ['## Environment', ['| | |', '|---|---|', `| confinement | ${confinement} |`, ...rows].join('\n')].join(
    '\n\n',
  );
}

function listed(paths: readonly string[]): string {
  return paths.length === 0 ? 'none' : paths.map((path) => `\`${path}\``).join(', ');
}

function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/\|/g, '\\|').replace(/</g, '&lt;').trim();
}
