import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Claim } from '../domain/evidence.ts';
import { assertOutputs } from './keptOutputs.ts';
import { ReportError } from './reportError.ts';
import { readReportFolder, reportFiles, SUMS, sumsOf } from './reportFolder.ts';

/** Texts that follow from the other files: an altered one is named with its line. */
const WRITTEN = ['claims.json', 'plots/differences.svg', 'plots/scores.svg', 'report.md'];

/** Checks a report folder from itself alone: every file against its sum, every number and kept output
 *  against the records of the runs, every word against what these give.
 *  @throws ReportError naming the first file that does not hold */
export async function verifyFolder(
  folder: string,
): Promise<{ runs: number; claims: readonly Claim[]; session: string }> {
  const altered = await alteredFiles(folder);
  const [source] = altered.filter((name) => !WRITTEN.includes(name));
  if (source !== undefined) throw new ReportError(differs(folder, source));
  const { request, contractYaml } = await readReportFolder(folder);
  const { files, claims } = await reportFiles(request, contractYaml);
  for (const [name, expected] of Object.entries(files)) await assertSameText(join(folder, name), expected);
  await assertOutputs(folder, request.evidence);
  const [left] = altered;
  if (left !== undefined) throw new ReportError(differs(folder, left));
  return {
    runs: request.evidence.length + (request.control?.length ?? 0),
    claims,
    session: request.measurement.session,
  };
}

/** @throws ReportError naming file and line where a text is not what the records give */
export async function assertSameText(file: string, expected: string): Promise<void> {
  const found = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ReportError(`${file} is missing.`, { cause });
  });
  if (found === expected) return;
  const lines = expected.split('\n');
  const line = found.split('\n').findIndex((text, i) => text !== lines[i]);
  throw new ReportError(`${file}:${line + 1} was altered: the records of the runs give other words there.`);
}

/** @throws ReportError where there are no sums, or a line of them is none */
async function alteredFiles(folder: string): Promise<string[]> {
  const text = await readFile(join(folder, SUMS), 'utf8').catch((cause: unknown) => {
    throw new ReportError(`${join(folder, SUMS)} is missing: ${folder} is no report folder of this version.`, {
      cause,
    });
  });
  const listed = new Map<string, string>();
  for (const [i, line] of text.split('\n').slice(0, -1).entries()) {
    const [, sum, name] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    if (sum === undefined || name === undefined)
      throw new ReportError(`${join(folder, SUMS)}:${i + 1} was altered: it is no sum any more.`);
    listed.set(name, sum);
  }
  const there = await sumsOf(folder);
  const names = [...new Set([...listed.keys(), ...there.keys()])];
  return names.filter((name) => listed.get(name) !== there.get(name));
}

function differs(folder: string, name: string): string {
  return `${join(folder, name)} is not what ${SUMS} says: one of the two was altered.`;
}
