import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { SessionEvent } from '../domain/event.ts';
import { loadControlEvidence } from '../evidence/controlEvidence.ts';
import { EvidenceError } from '../evidence/evidenceError.ts';
import { readReportFolder, reportFiles, SUMS } from '../evidence/reportFolder.ts';
import { loadEvidence } from '../evidence/runEvidence.ts';
import { assertSameText, verifyFolder } from '../evidence/verifyFolder.ts';
import { assertBranched } from './branch.ts';
import { SessionError } from './errors.ts';
import { readLog } from './log.ts';
import { opinionOf } from './opinion.ts';
import { contractOfSession, thinkingOf } from './reportPhase.ts';
import { foldAll } from './state.ts';
import { findSession } from './store.ts';
import { verifyRuns } from './verifyRuns.ts';

/** What a check of a session's evidence found. */
export interface Verification {
  session: string;
  holds: boolean;
  events: number;
  runs: number;
  claims: number;
  /** The first record that does not hold, in a sentence; null where all do. */
  problem: string | null;
}

/** Checks a report's folder from itself alone, wherever it lies.
 *  @param folder one that `mlr` has written: it holds SHA256SUMS */
export async function verifyReport(folder: string): Promise<Verification> {
  const found: Verification = { session: '', holds: false, events: 0, runs: 0, claims: 0, problem: null };
  try {
    const { runs, claims, session } = await verifyFolder(folder);
    Object.assign(found, { session, runs, claims: claims.length, holds: true });
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    found.problem = error.message;
  }
  return found;
}

/** Checks a session again from its records: the chain of the log, every run's folder against what the log says of it,
 *  every number and word of the report. It finds accidents and agents, not an author who forges everything (trust.md).
 *  @throws SessionError `unknown-session` */
export async function verifySession(workspace: string, name: string): Promise<Verification> {
  const folder = await findSession(workspace, name);
  const found: Verification = {
    session: path.basename(folder),
    holds: false,
    events: 0,
    runs: 0,
    claims: 0,
    problem: null,
  };
  try {
    const { events, torn } = await readLog(folder);
    found.events = events.length;
    if (torn) throw new SessionError('log', `${folder}/events.jsonl: its last line is cut off.`);
    await assertBranched(workspace, events);
    found.runs = await verifyRuns(workspace, events);
    found.claims = await checkReport(workspace, found.session, events);
    found.holds = true;
  } catch (error) {
    if (!(error instanceof SessionError || error instanceof EvidenceError)) throw error;
    found.problem = error.message;
  }
  return found;
}

/** Checks the report's folder by itself, then that it says what the log and the workspace's own records say. */
async function checkReport(workspace: string, session: string, events: readonly SessionEvent[]): Promise<number> {
  const state = foldAll(events);
  const { measurement, report, contract, confinement } = state;
  const there = path.join(workspace, '.mlr', 'reports', session, 'report.md');
  if (!report && existsSync(there)) {
    throw new SessionError(
      'log',
      `${there} is a report that the session's log knows nothing of: the log lacks its end.`,
    );
  }
  if (!(measurement && report && contract && confinement)) return 0;
  // The sums first: they tell which of two files was altered, and the log tells whether they were.
  await assertLogged(report);
  const { claims } = await verifyFolder(report.folder);
  const parsed = contractOfSession(state);
  const opinion = opinionOf(state);
  const { opinion: _, thinking: __, ...kept } = (await readReportFolder(report.folder)).request;
  if (!events.some((event) => event.hash === kept.head)) {
    throw new SessionError('log', `${there}: its log head ${kept.head} is not in the chain of the session's log.`);
  }
  const request = {
    ...kept,
    measurement,
    evidence: await loadEvidence(workspace, measurement, parsed),
    control: await loadControlEvidence(workspace, measurement, parsed),
    contract: parsed,
    confinement: confinement.level,
    version: events[0]?.type === 'session.started' ? events[0].version : '',
    ...(opinion !== undefined && { opinion }),
    ...thinkingOf(state),
  };
  const { files } = await reportFiles(request, contract.yaml);
  for (const [name, expected] of Object.entries(files)) await assertSameText(path.join(report.folder, name), expected);
  return claims.length;
}

/** A whole folder that was written anew with sums of its own is not the one that the log tells of. */
async function assertLogged({ folder, sha256 }: { folder: string; sha256?: string | undefined }): Promise<void> {
  const sums = path.join(folder, SUMS);
  const text = await readFile(sums).catch((cause: unknown) => {
    throw new SessionError('log', `${sums} is missing, and the log tells of it.`, { cause });
  });
  const found = createHash('sha256').update(text).digest('hex');
  if (sha256 === undefined || found === sha256) return;
  throw new SessionError('log', `${sums} was altered: the log tells of other sums when the report was written.`);
}
