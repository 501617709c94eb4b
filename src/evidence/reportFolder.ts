import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import * as z from 'zod';
import { lockedContract } from '../domain/contract.ts';
import { type Claim, Measurement } from '../domain/evidence.ts';
import { ConfinementLevel, hasEnded, Run } from '../domain/run.ts';
import { parseContract } from './contractFile.ts';
import { assertControls, controlRuns } from './controlEvidence.ts';
import { ReportError } from './reportError.ts';
import type { ReportRequest } from './reportRequest.ts';
import { type RunEvidence, scored } from './runEvidence.ts';
import { Try } from './tries.ts';

/** What a report says besides its measurement: `report.json` of its folder. */
const About = z.object({
  format: z.literal(1),
  version: z.string(),
  head: z.string().optional(),
  confinement: ConfinementLevel,
  opinion: z.string().optional(),
  thinking: z.array(z.string()).optional(),
  tries: z.array(Try),
  enclosed: z.array(z.string()),
  bundled: z.record(z.string(), z.string()).optional(),
});

/** What `evaluate` printed of one run: a line of `scores.jsonl`. */
const Printed = z.object({ run: z.string(), printed: z.string().nullable() });

/** Sums of every file but itself, as `sha256sum -c` reads them. */
export const SUMS = 'SHA256SUMS';

/** Where a folder keeps the arms. */
export const inReport = {
  bundle: (folder: string) => join(folder, 'arms.bundle'),
};

/** The texts of a report folder by name. The same records give the same letters, so that a report can be checked by
 *  writing it again.
 *  @throws ReportError naming a number that does not match the records, or a control whose record is missing */
export async function reportFiles(
  request: ReportRequest,
  contractYaml: string,
): Promise<{ files: Record<string, string>; claims: readonly Claim[] }> {
  // Plotting is half of what a measurement would load, and it is needed last.
  const { renderReport } = await import('./report.ts');
  const { markdown, claims, pictures } = renderReport(request);
  const { measurement, version, head, confinement, opinion, thinking, bundled } = request;
  const { tries = [], enclosed = [], control = [] } = request;
  assertControls(measurement, request.evidence, control);
  const evidence = [...request.evidence, ...control];
  // One file of records, not one a run: a report is made to be committed, and is read as a change by whoever does.
  const records = evidence.flatMap(({ run, evaluation }) => (evaluation ? [run, evaluation] : [run]));
  const about = { format: 1, version, head, confinement, opinion, thinking, tries, enclosed, bundled };
  const files = {
    'mlr.yaml': contractYaml,
    'measurement.json': json(measurement),
    'runs.json': json(records),
    'scores.jsonl': evidence.map(({ run, printed }) => `${JSON.stringify({ run: run.id, printed })}\n`).join(''),
    'report.json': json(about),
    'claims.json': json(claims),
    'plots/differences.svg': pictures.differences.svg,
    'plots/scores.svg': pictures.scores.svg,
    'report.md': markdown,
  };
  return { files, claims };
}

/** Writes the texts of a report beside what the folder holds already, and the sums of everything.
 *  @returns the path of the report, and the SHA-256 of the sums */
export async function writeReportFolder(
  folder: string,
  request: ReportRequest,
  contractYaml: string,
): Promise<{ file: string; sha256: string }> {
  const { files } = await reportFiles(request, contractYaml);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const sums = await sumsOf(folder);
  const text = [...sums].map(([name, sum]) => `${sum}  ${name}\n`).join('');
  await writeFile(join(folder, SUMS), text);
  return { file: join(folder, 'report.md'), sha256: createHash('sha256').update(text).digest('hex') };
}

/** A report folder read back: everything that its texts were written from.
 *  @throws ReportError naming the file that is missing or unreadable */
export async function readReportFolder(folder: string): Promise<{ request: ReportRequest; contractYaml: string }> {
  const measurement = await parsed(folder, 'measurement.json', (text) => Measurement.parse(JSON.parse(text)));
  const about = await parsed(folder, 'report.json', (text) => About.parse(JSON.parse(text)));
  const records = await parsed(folder, 'runs.json', (text) => z.array(Run).parse(JSON.parse(text)));
  const printed = await parsed(folder, 'scores.jsonl', (text) =>
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => Printed.parse(JSON.parse(line))),
  );
  const contractYaml = await readText(folder, 'mlr.yaml');
  const whole = await parsed(folder, 'mlr.yaml', (text) => parseContract(text, 'mlr.yaml'));
  const contract = measurement.registration.final ? lockedContract(whole) : whole;
  const ended = records.filter(hasEnded);
  const places = new Map(ended.map((run, at) => [run.id, at]));
  const lines = new Map(printed.map((one) => [one.run, one.printed]));
  const evidenceOf = (id: string): RunEvidence => {
    const at = places.get(id);
    const run = at === undefined ? undefined : ended[at];
    if (at === undefined || run === undefined)
      throw new ReportError(`${join(folder, 'runs.json')} lacks the record of run ${id}.`);
    const next = ended[at + 1];
    const evaluation = next?.id.startsWith(`${id}-evaluate`) ? next : null;
    return { run, evaluation, ...scored(lines.get(id) ?? null, contract, run) };
  };
  const evidence = measurement.runs.map(({ id }) => evidenceOf(id));
  const trivial = ended.filter(({ purpose }) => purpose === 'trivial').map(({ id }) => id);
  const control = [...controlRuns(measurement), ...trivial].map(evidenceOf);
  const { version, head, confinement, opinion, thinking, tries, enclosed, bundled } = about;
  const request = {
    measurement,
    evidence,
    control,
    contract,
    confinement,
    version,
    tries,
    enclosed,
    ...(head !== undefined && { head }),
    ...(opinion !== undefined && { opinion }),
    ...(thinking !== undefined && { thinking }),
    ...(bundled !== undefined && { bundled }),
  };
  return { request, contractYaml };
}

/** SHA-256 of every file of a folder but the sums themselves, by name. */
export async function sumsOf(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((name) => name !== SUMS)
    .sort();
  const sums = new Map<string, string>();
  for (const name of names) {
    sums.set(
      name,
      createHash('sha256')
        .update(await readFile(join(folder, name)))
        .digest('hex'),
    );
  }
  return sums;
}

async function parsed<T>(folder: string, name: string, parse: (text: string) => T): Promise<T> {
  const text = await readText(folder, name);
  try {
    return parse(text);
  } catch (cause) {
    throw new ReportError(`${join(folder, name)} cannot be read as this version writes it; restore it from a copy.`, {
      cause,
    });
  }
}

async function readText(folder: string, name: string): Promise<string> {
  return await readFile(join(folder, name), 'utf8').catch((cause: unknown) => {
    throw new ReportError(`${join(folder, name)} is missing: the folder is no whole report.`, { cause });
  });
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
