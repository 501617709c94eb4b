import { homedir, hostname, userInfo } from 'node:os';
import path from 'node:path';
import { type Contract, slurmOf } from '../domain/contract.ts';
import { anonymized, anonymousText } from '../evidence/anonymous.ts';
import { encloseAll } from '../evidence/enclosures.ts';
import { type ExportFormat, exportRuns } from '../evidence/exportRuns.ts';
import { readReportFolder, writeReportFolder } from '../evidence/reportFolder.ts';
import type { RunEvidence } from '../evidence/runEvidence.ts';
import { verifyFolder } from '../evidence/verifyFolder.ts';
import { Repository } from '../git/repository.ts';
import { reportFolderOf } from './reproducePhase.ts';

export type { ExportFormat };

export interface CopyOptions {
  /** Leave out hosts, paths, authors. */
  readonly anonymous: boolean;
  /** Enclose hidden files that git tracks with the arms. */
  readonly withHidden: boolean;
}

/** Writes a session's report into another folder, where it holds by itself.
 *  @returns the path of the report
 *  @throws ReportError where the report does not hold; SessionError where there is none */
export async function copyReport(
  workspace: string,
  session: string,
  out: string,
  options: CopyOptions,
): Promise<string> {
  const folder = await reportFolderOf(workspace, session);
  await verifyFolder(folder);
  const { request, contractYaml } = await readReportFolder(folder);
  const repository = await Repository.open(workspace);
  const { baseline, variants } = request.measurement.registration;
  const arms = [baseline, ...variants];
  const { contract, evidence } = request;
  const commits = arms.map(({ commit }) => commit);
  const texts = options.anonymous
    ? [...(await secretTexts(workspace, repository, commits)), ...clusterNames(contract, evidence)]
    : [];
  const { withHidden } = options;
  const kept = await encloseAll(out, { workspace, repository, contract, evidence, arms, withHidden, avoid: texts });
  const whole = { ...request, ...kept };
  if (!options.anonymous) return (await writeReportFolder(out, whole, contractYaml)).file;
  const instead = new Map<string, string>();
  for (const { name, revision, commit } of arms) {
    instead.set(revision, name);
    instead.set(commit, kept.bundled?.[name] ?? '0'.repeat(40));
  }
  const secrets = { texts, instead };
  return (await writeReportFolder(out, anonymized(whole, secrets), anonymousText(contractYaml, secrets))).file;
}

/** Writes the runs of a report for other tools.
 *  @returns what was written
 *  @throws ReportError; SessionError where there is no report */
export async function exportReport(
  workspace: string,
  target: string,
  format: ExportFormat,
  out: string,
): Promise<string[]> {
  const { request } = await readReportFolder(await reportFolderOf(workspace, target));
  return await exportRuns(out, format, request);
}

/** A cluster's names of nodes and accounts tell whose it is. */
function clusterNames(contract: Contract, evidence: readonly RunEvidence[]): string[] {
  const nodes = new Set(evidence.flatMap(({ run }) => run.job?.node ?? []));
  return [...nodes, slurmOf(contract)?.account ?? ''].filter((text) => text.length > 2);
}

async function secretTexts(workspace: string, repository: Repository, commits: readonly string[]): Promise<string[]> {
  const authors = await repository.authorsOf(commits);
  const own = [workspace, path.dirname(workspace), homedir(), hostname(), userInfo().username, ...authors];
  // Names that say nothing, and that words of every file contain.
  return own.filter((text) => text.length > 2 && !['root', 'user', '/root', '/tmp', 'localhost'].includes(text));
}
