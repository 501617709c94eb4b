import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { SessionEvent } from '../domain/event.ts';
import { hasEnded, type Run } from '../domain/run.ts';
import { reportFiles } from '../evidence/report.ts';
import { ReportError } from '../evidence/reportError.ts';
import { loadEvidence } from '../evidence/runEvidence.ts';
import { readRecord, runFolder } from '../runs/runFolder.ts';
import { SessionError } from './errors.ts';
import { readLog } from './log.ts';
import { opinionOf } from './opinion.ts';
import { contractOfSession } from './reportPhase.ts';
import { foldAll } from './state.ts';
import { findSession } from './store.ts';

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

/** Checks a session again from its records: the chain of the log, every run's record against what the log says of it,
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
    found.runs = await checkRuns(workspace, events);
    found.claims = await checkReport(workspace, found.session, events);
    found.holds = true;
  } catch (error) {
    if (!(error instanceof SessionError || error instanceof ReportError)) throw error;
    found.problem = error.message;
  }
  return found;
}

async function checkRuns(workspace: string, events: readonly SessionEvent[]): Promise<number> {
  const logged = new Map(events.flatMap((e): [string, Run][] => (e.type === 'run.ended' ? [[e.run.id, e.run]] : [])));
  for (const [id, run] of logged) {
    const file = path.join(runFolder(workspace, id), 'run.json');
    const record = await readRecord(runFolder(workspace, id)).catch((cause: unknown) => {
      throw new SessionError('log', `${file} was altered: it is no record any more.`, { cause });
    });
    if (!(record && hasEnded(record)))
      throw new SessionError('log', `${file} is missing, and the log says that the run ended.`);
    if (JSON.stringify(record) !== JSON.stringify(run)) {
      throw new SessionError('log', `${file} was altered: it says other things than the log did when the run ended.`);
    }
  }
  return logged.size;
}

/** Writes the report once more in memory and compares it with the one on disk, letter by letter. */
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
  const written = events.findLastIndex((e) => e.type === 'report.written');
  const parsed = contractOfSession(state);
  const opinion = opinionOf(state);
  const request = {
    measurement,
    evidence: await loadEvidence(workspace, measurement, parsed),
    contract: parsed,
    confinement: confinement.level,
    version: events[0]?.type === 'session.started' ? events[0].version : '',
    head: events[written - 1]?.hash ?? '',
    ...(opinion !== undefined && { opinion }),
  };
  const { files, claims } = reportFiles(request, contract.yaml);
  for (const [name, expected] of Object.entries(files)) await sameText(path.join(report.folder, name), expected);
  return claims.length;
}

async function sameText(file: string, expected: string): Promise<void> {
  const found = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new SessionError('log', `${file} is missing.`, { cause });
  });
  if (found === expected) return;
  const lines = expected.split('\n');
  const line = found.split('\n').findIndex((text, i) => text !== lines[i]);
  throw new SessionError('log', `${file}:${line + 1} was altered: the records of the runs give other words there.`);
}
