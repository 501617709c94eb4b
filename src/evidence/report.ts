import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Contract } from '../domain/contract.ts';
import type { Arm, Claim, Measurement } from '../domain/evidence.ts';
import type { ConfinementLevel } from '../domain/run.ts';
import { assertClaims, claimsOf } from './claims.ts';
import { figure, signed } from './figures.ts';
import { ReportError } from './reportError.ts';
import {
  checksSection,
  costSection,
  environmentSection,
  methodsSection,
  registrationSection,
} from './reportSections.ts';
import { type RunEvidence, seedsOf } from './runEvidence.ts';

export interface ReportRequest {
  readonly measurement: Measurement;
  /** Records of the measurement's runs, read again from disk. */
  readonly evidence: readonly RunEvidence[];
  readonly contract: Contract;
  readonly confinement: ConfinementLevel;
  /** Version of the tool. */
  readonly version: string;
  /** Hash of the session log's last event, so that a re-chained log is seen. */
  readonly head?: string;
  /** What a language model said of the verdict; quoted, and without influence. */
  readonly opinion?: string;
}

export interface Report {
  readonly markdown: string;
  readonly claims: readonly Claim[];
}

/** Writes the report of a measurement. Every number is recomputed from the records of the runs.
 *  @throws ReportError naming a number that does not match them, or that has no claim */
export function renderReport(request: ReportRequest): Report {
  const { measurement, evidence } = request;
  const claims = claimsOf(measurement, evidence);
  assertClaims(measurement, claims, evidence);
  const values = new Map(claims.map((claim) => [claim.id, claim.value]));
  const cite: Cite = (id) => {
    const value = values.get(id);
    if (value === undefined) throw new ReportError(`The number ${id} has no claim, so it cannot be reported.`);
    return value;
  };
  const sections = [
    headSection(request),
    differenceSection(measurement, cite),
    runsSection(measurement, cite),
    checksSection(measurement.checks),
    methodsSection(measurement, request.contract),
    registrationSection(measurement),
    costSection(evidence, cite),
    environmentSection(evidence, request.confinement),
    reproduceSection(request),
    request.opinion === undefined ? '' : opinionSection(request.opinion),
  ];
  return { markdown: `${sections.filter(Boolean).join('\n\n')}\n`, claims };
}

/** The files of a report folder by name. The same records give the same letters, so that a report can be checked by
 *  writing it again.
 *  @throws ReportError naming a number that does not match the records */
export function reportFiles(
  request: ReportRequest,
  contractYaml: string,
): { files: Record<string, string>; claims: readonly Claim[] } {
  const { markdown, claims } = renderReport(request);
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  // One file of records, not one a run: a report is made to be committed, and is read as a change by whoever does.
  const records = request.evidence.flatMap(({ run, evaluation }) => (evaluation ? [run, evaluation] : [run]));
  const files = {
    'report.md': markdown,
    'claims.json': json(claims),
    'measurement.json': json(request.measurement),
    'runs.json': json(records),
    'mlr.yaml': contractYaml,
  };
  return { files, claims };
}

/** Writes the files of a report into a folder.
 *  @returns the path of the report */
export async function writeReportFolder(folder: string, request: ReportRequest, contractYaml: string): Promise<string> {
  const { files } = reportFiles(request, contractYaml);
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return join(folder, 'report.md');
}

/** The value of a claim; a number can reach the report in no other way. */
type Cite = (id: string) => number | null;

function headSection({ measurement, confinement }: ReportRequest): string {
  const { registration, verdict, reason } = measurement;
  const confined =
    confinement === 'none'
      ? 'Runs were **not confined**: what only confinement can enforce was not checked.'
      : `Runs were confined (${confinement}).`;
  return [
    `# ${verdict.toUpperCase()}: ${plain(registration.hypothesis)}`,
    `**${verdict[0]?.toUpperCase()}${verdict.slice(1)}.** ${reason}`,
    confined,
  ].join('\n\n');
}

function differenceSection(measurement: Measurement, cite: Cite): string {
  const { registration, goal, metric } = measurement;
  const percent = figure(100 * (1 - 2 * registration.alpha));
  const rows = registration.variants.map((arm, i) => {
    const difference = (part: string): number | null => cite(`${arm.name}/difference/${part}`);
    const interval = `${signed(difference('low'))} to ${signed(difference('high'))}`;
    const judged = measurement.variants[i];
    const won = `${figure(difference('won'))} of ${judged?.difference.n}`;
    const ps = ['p', 'pT', 'pStar', 'adjustedP'].map((part) => figure(difference(part)));
    return `| ${[name(arm), signed(difference('mean')), interval, ...ps, won, signed(difference('worst')), judged?.verdict].join(' | ')} |`;
  });
  const floor = cite(`${registration.baseline.name}/noiseFloor`);
  const spreads = registration.variants.flatMap((arm) => {
    const deviation = cite(`${arm.name}/difference/deviation`);
    const luck = cite(`${arm.name}/difference/luck`);
    const ratio =
      deviation !== null && floor ? ` (${figure(deviation / floor)} of the noise floor; below 1, pairing helps)` : '';
    const chance =
      luck === null ? '' : `; the best of so many comparisons on this test set gains ${figure(luck)} by luck alone`;
    return deviation === null
      ? []
      : [`- ${name(arm)}: paired differences spread by ${figure(deviation)}${ratio}${chance}`];
  });
  return [
    `## Difference in ${metric} (${goal}), variant against baseline, larger is better`,
    [
      `| variant | mean | ${percent} % interval | p (flips) | p (t) | p* | adjusted p | seeds won | worst seed | verdict |`,
      '|---|---:|---:|---:|---:|---:|---:|---:|---:|---|',
      ...rows,
    ].join('\n'),
    `${measurement.variants[0]?.difference.n ?? 0} paired seeds of ${seedsOf(measurement).length}${registration.pooled ? ' registered, those of earlier tries of the same arms among them' : ' registered'}; try ${registration.tryNumber} on this test set, ${registration.variants.length} variant${registration.variants.length > 1 ? 's' : ''}. Two runs of the baseline's own code differ by about ${figure(floor)} (noise floor). The p-values speak against "the change does not alter how scores are distributed"; a rare collapse is not covered by them, hence the worst seed.`,
    spreads.join('\n'),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function runsSection(measurement: Measurement, cite: Cite): string {
  const { registration, metric, runs } = measurement;
  const arms = [registration.baseline, ...registration.variants];
  const rows = seedsOf(measurement).map((seed) => {
    const cells = arms.map((arm) => {
      const own = runs.filter((run) => run.seed === seed && run.revision === arm.revision);
      const counted = own.at(-1);
      if (counted === undefined) return 'not run';
      const value = metric in counted.metrics ? cite(`run/${counted.id}/${metric}`) : null;
      return `${value === null ? `no score (exit ${counted.exit ?? 'none'})` : figure(value)}${own.length > 1 ? ' (repeated)' : ''}`;
    });
    return `| ${[seed, ...cells].join(' | ')} |`;
  });
  const summary = (what: string, id: string): string =>
    `| ${[`**${what}**`, ...arms.map((arm) => figure(cite(`${arm.name}/${id}`)))].join(' | ')} |`;
  return [
    `## ${metric} per seed and arm`,
    [
      `| ${['seed', ...arms.map(name)].join(' | ')} |`,
      `|${['---:', ...arms.map(() => '---:')].join('|')}|`,
      ...rows,
      summary('mean', 'mean'),
      summary('standard deviation', 'deviation'),
    ].join('\n'),
  ].join('\n\n');
}

function reproduceSection({ measurement, version, head }: ReportRequest): string {
  const { baseline, variants, id } = measurement.registration;
  const revisions = variants.map((arm) => `--variant ${arm.commit}`).join(' ');
  return [
    '## How to reproduce',
    `\`mlr measure --baseline ${baseline.commit} ${revisions}\` measures the same commits again, with fresh seeds and as a further try. The commits are kept alive as \`refs/mlr/${measurement.session}/…\`; \`claims.json\` beside this file says which runs every number comes from, and \`runs.json\` holds their records.`,
    `MLR Copilot ${version}, session ${measurement.session}, registration ${id}${head === undefined ? '' : `, log head ${head}`}.`,
  ].join('\n\n');
}

function opinionSection(opinion: string): string {
  const quoted = opinion
    .trim()
    .split('\n')
    .map((line) => `> ${line}`.trimEnd());
  return [
    "## A language model's opinion",
    'It did not affect the verdict, and its numbers were not checked.',
    quoted.join('\n'),
  ].join('\n\n');
}

function name(arm: Arm): string {
  return plain(arm.revision === arm.name ? arm.name : `${arm.name} (${arm.revision})`);
}

/** Text of others cannot end a table cell, start a line or pass for markup. */
function plain(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[|<>`*_[\]]/g, (mark) => `\\${mark}`)
    .trim();
}
