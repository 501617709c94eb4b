import type { Check, Measurement } from '../domain/evidence.ts';
import type { ConfinementLevel } from '../domain/run.ts';
import type { Citations } from './citations.ts';
import { duration } from './figures.ts';
import type { RunEvidence } from './runEvidence.ts';

/** Seeds of which each is listed. */
const MOST_LISTED = 200;

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

export function registrationSection({ registration }: Measurement, cite: Citations): string {
  const { seeds, seedsFrom, orderSeed, order, accepted, detectableEffect } = registration;
  const arms = [registration.baseline, ...registration.variants].map((arm) => {
    const words = arm.args === undefined ? '' : `, arguments \`${cell(arm.args.join(' '))}\``;
    return `- ${cell(arm.name)}: commit \`${arm.commit}\`, tree \`${arm.tree}\`${words}`;
  });
  const doubts = Object.entries(accepted).map(([check, why]) => `- accepted beforehand: ${check}: ${cell(why)}`);
  const detectable =
    detectableEffect === null
      ? 'no effect of any size'
      : `an effect of ${cite.show('registered/detectableEffect')} standard deviations of the paired difference`;
  const shown = (all: readonly string[]): string =>
    all.length > MOST_LISTED ? '`see measurement.json`' : `\`${all.join('; ')}\``;
  const mebibytes = (bytes: number | null): string => String(Math.round((bytes ?? 0) / 2 ** 20));
  return [
    '## Registered before the first run',
    [
      `- hypothesis: ${plain(registration.hypothesis)}`,
      ...arms,
      `- seeds (${seedsFrom}): ${shown(seeds.map(String))}`,
      `- order drawn from \`${orderSeed}\`: ${shown(order.map((names) => names.join(' → ')))}`,
      `- budget of a run: ${cite.show('registered/budget/wallSeconds', (s) => duration(s ?? 0))}, ${cite.show('registered/budget/memoryBytes', mebibytes)} MiB`,
      `- least seeds that could support: ${cite.show('registered/leastSeeds')}; with ${cite.show('registered/seeds')} seeds, ${detectable} is found with ${cite.show('method/power')} % power`,
      `- family of tries: \`${registration.family.slice(0, 12)}\`, try ${cite.show('registered/tryNumber')}${registration.final ? ', on the locked test set' : ''}`,
      ...(registration.forecast ? [`- forecast: ${cell(registration.forecast.words)}`] : []),
      ...doubts,
    ].join('\n'),
  ].join('\n\n');
}

/** What runs took is recomputed from their records; what models took is quoted as their endpoints counted it. */
export function costSection(cite: Citations, thinking: readonly string[] = []): string {
  const seconds = cite.show('cost/seconds', (value) => duration(value ?? 0));
  const memory = cite.show('cost/memory', (value) => String(Math.ceil((value ?? 0) / 2 ** 20)));
  const quoted = thinking.map((line) => `> - ${cell(line)}`).join('\n');
  const models = thinking.length === 0 ? '' : `\n\nLanguage models, as their endpoints counted it:\n\n${quoted}`;
  return `## Cost\n\n${cite.show('count/runs')} runs and ${cite.show('count/evaluations')} evaluations, ${seconds} in all, at most ${memory} MiB at a time.${models}`;
}

export function environmentSection(evidence: readonly RunEvidence[], confinement: ConfinementLevel): string {
  const seen = new Map<string, Set<string>>();
  for (const { run } of evidence) {
    for (const [key, value] of [...Object.entries(run.environment), ...clusterFacts(run)])
      seen.set(key, (seen.get(key) ?? new Set<string>()).add(value));
  }
  const apart = seedsApart(evidence);
  if (apart.length > 0) seen.set('seeds whose arms ran on different nodes', new Set(apart));
  const rows = [...seen].map(([key, values]) => `| ${cell(key)} | \`${[...values].map(code).join(' / ')}\` |`);
  return ['## Environment', ['| | |', '|---|---|', `| confinement | ${confinement} |`, ...rows].join('\n')].join(
    '\n\n',
  );
}

/** Where in a cluster a run ran. */
function clusterFacts({ job }: RunEvidence['run']): (readonly [string, string])[] {
  if (job === undefined) return [];
  const cards = job.gpus.map((name) => ['GPU', name] as const);
  return [['Slurm', 'one job for the arms of a seed'], ['node', job.node], ...cards];
}

/** Seeds of which a run was made again in a job of its own, on another node. */
function seedsApart(evidence: readonly RunEvidence[]): string[] {
  const nodes = new Map<number | null, Set<string>>();
  for (const { run } of evidence) {
    if (run.job) nodes.set(run.seed, (nodes.get(run.seed) ?? new Set<string>()).add(run.job.node));
  }
  return [...nodes].flatMap(([seed, found]) => (found.size > 1 && seed !== null ? [String(seed)] : []));
}

export function listed(paths: readonly string[]): string {
  return paths.length === 0 ? 'none' : paths.map((path) => `\`${code(path)}\``).join(', ');
}

export function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/\|/g, '\\|').replace(/</g, '&lt;').trim();
}

/** Text of others cannot end a table cell, start a line or pass for markup. */
export function plain(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[|<>`*_[\]]/g, (mark) => `\\${mark}`)
    .trim();
}

function code(text: string): string {
  return cell(text).replace(/`/g, "'");
}
