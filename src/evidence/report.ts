import type { Claim } from '../domain/evidence.ts';
import { citationsOf, unclaimedNumbers } from './citations.ts';
import { assertClaims, claimsOf } from './claims.ts';
import { controlClaims, controlsSection } from './controlClaims.ts';
import { differencePlot, scorePlot } from './plots.ts';
import { recordedClaims } from './recordedClaims.ts';
import { ReportError } from './reportError.ts';
import { differenceSection, runsSection } from './reportFindings.ts';
import { methodsSection, reproduceSection, triedSection } from './reportMethods.ts';
import type { ReportRequest } from './reportRequest.ts';
import { cell, checksSection, costSection, environmentSection, plain, registrationSection } from './reportSections.ts';
import type { Picture } from './svgCard.ts';

export interface Report {
  readonly markdown: string;
  readonly claims: readonly Claim[];
  readonly pictures: Readonly<Record<'differences' | 'scores', Picture>>;
}

/** Writes the report of a measurement. Every number is recomputed from the records of the runs.
 *  @throws ReportError naming a number that does not match them, or that has no claim */
export function renderReport(request: ReportRequest): Report {
  const { measurement, evidence, tries = [], enclosed = [] } = request;
  const computed = claimsOf(measurement, evidence);
  assertClaims(measurement, computed, evidence);
  const claims = [
    ...computed,
    ...controlClaims(measurement),
    ...recordedClaims(measurement, evidence, tries, enclosed),
  ];
  const pictures = { differences: differencePlot(measurement), scores: scorePlot(measurement) };
  const cite = citationsOf(claims);
  const sections = [
    headSection(request),
    differenceSection(measurement, cite),
    picture('differences', pictures.differences),
    runsSection(measurement, cite),
    picture('scores', pictures.scores),
    checksSection(measurement.checks),
    controlsSection(measurement, cite),
    methodsSection(request, cite),
    registrationSection(measurement, cite),
    triedSection(measurement, tries, cite),
    costSection(cite, request.thinking),
    environmentSection(evidence, request.confinement),
    reproduceSection(request),
    request.opinion === undefined ? '' : opinionSection(request.opinion),
    cite.definitions(),
  ];
  const markdown = `${sections.filter(Boolean).join('\n\n')}\n`;
  assertClaimed(markdown, claims, request);
  return { markdown, claims, pictures };
}

/** @throws ReportError naming the first number without a claim */
function assertClaimed(markdown: string, claims: readonly Claim[], request: ReportRequest): void {
  const { measurement, contract, enclosed = [] } = request;
  const { registration, metric, variants, baseline, checks, reason } = measurement;
  const foreign = [
    registration.hypothesis,
    ...[registration.baseline, ...registration.variants].flatMap(({ name, revision }) => [name, revision]),
    ...[baseline, ...variants].map(({ revision }) => revision),
    ...Object.values(registration.accepted),
    ...Object.keys(contract.metrics),
    metric,
    // Recorded sentences: their numbers are claims of their own (recordedClaims.ts).
    ...checks.map(({ detail }) => detail),
    registration.forecast?.words ?? '',
    reason,
    ...enclosed,
  ];
  const [first] = unclaimedNumbers(markdown, claims, [...foreign, ...foreign.map(plain), ...foreign.map(cell)]);
  if (first !== undefined) throw new ReportError(`A number of the report has no claim: ${first}`);
}

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

function picture(name: string, { alt }: Picture): string {
  return `![${plain(alt)}](plots/${name}.svg)`;
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
