import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Assignment, NewEvent } from '../domain/event.ts';
import type { Arm, Reproduction } from '../domain/evidence.ts';
import { prepareArms } from '../evidence/arms.ts';
import { inReport, readReportFolder } from '../evidence/reportFolder.ts';
import { reproduce, scoreKept } from '../evidence/reproduce.ts';
import { verifyFolder } from '../evidence/verifyFolder.ts';
import { GitError } from '../git/gitError.ts';
import { type Desk, openDesk, placeFor } from './desk.ts';
import { withEnvironments } from './environments.ts';
import { SessionError } from './errors.ts';
import type { Ports } from './ports.ts';
import { record } from './recordEvent.ts';
import type { Session } from './session.ts';
import { findSession, newestReported } from './store.ts';

type Asked = Extract<Assignment, { kind: 'reproduce' }>;

/** Runs a report again from its commits in fresh checkouts and compares each claim; no language model takes part.
 *  @throws ReportError where the report does not hold by itself; SessionError `bad-input`; GitError; EvidenceError */
export async function reproduceReport(session: Session, ports: Ports, asked: Asked): Promise<Reproduction> {
  const folder = await reportFolderOf(ports.workspace, asked.report);
  const { claims } = await verifyFolder(folder);
  const { request } = await readReportFolder(folder);
  const desk = await openDesk(session, ports);
  const { repository, queue } = desk;
  const { measurement, contract, evidence: reported } = request;
  const { registration } = measurement;
  const found: Arm[] = [];
  for (const arm of [registration.baseline, ...registration.variants]) {
    found.push(await armOf(desk, folder, arm, request.bundled));
  }
  // Whose report it is, nobody knows: what it installs is asked for.
  const [baseline = registration.baseline, ...variants] = await withEnvironments(desk, contract, found, 'always');
  const place = await placeFor(desk, contract);
  const setting = { workspace: ports.workspace, session: session.id, repository, contract, baseline, ...place };
  const hiddenFrom = asked.hidden === null ? {} : { hiddenFrom: asked.hidden };
  const { signal } = session;
  const on = (event: NewEvent): Promise<void> => record(session, event);
  const arms = await prepareArms({ ...setting, ...hiddenFrom });
  const work = asked.scoresOnly ? scoreKept : reproduce;
  const reproduction = await work({
    ports: { ...setting, arms, queue, on, signal },
    measurement,
    arms: [baseline, ...variants],
    reported,
    claims,
    id: `r${createHash('sha256').update(session.id).digest('hex').slice(0, 12)}`,
    folder,
    tolerance: asked.tolerance,
    pairs: asked.pairs,
  });
  await session.append({ type: 'reproduced', reproduction });
  return reproduction;
}

/** The folder of a session's report, or the folder that is named.
 *  @throws SessionError `bad-input`, `unknown-session` */
export async function reportFolderOf(workspace: string, report: string): Promise<string> {
  if (path.isAbsolute(report)) return report;
  const newest = report === 'last' ? await newestReported(workspace) : null;
  const session = newest ?? path.basename(await findSession(workspace, report));
  const folder = path.join(workspace, '.mlr', 'reports', session);
  if (existsSync(path.join(folder, 'report.md'))) return folder;
  throw new SessionError(
    'bad-input',
    `Session ${report} has no report to reproduce; measure first, or name a report's folder.`,
  );
}

/** The arm's own commit where the repository has it, else its files out of the report's bundle. */
async function armOf(
  { repository }: Desk,
  folder: string,
  arm: Arm,
  bundled: Readonly<Record<string, string>> | undefined,
): Promise<Arm> {
  try {
    const { commit, tree } = await repository.resolve(arm.commit);
    if (tree === arm.tree) return { ...arm, commit, tree };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    // A clone without the session: the bundle has the files.
  }
  const commit = bundled?.[arm.name];
  if (commit === undefined || !existsSync(inReport.bundle(folder))) {
    throw new SessionError(
      'bad-input',
      `This repository lacks commit ${arm.commit} of ${arm.name}, and ${folder} encloses no arms: fetch the commit, and try again.`,
    );
  }
  await repository.fetchBundle(inReport.bundle(folder), 'reports');
  const { tree } = await repository.resolve(commit);
  return { ...arm, commit, tree };
}
