import { existsSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Contract } from '../domain/contract.ts';
import { isWithin } from '../evidence/contractPaths.ts';
import { hashOutput } from '../runs/outputFolder.ts';
import { environmentsFolder, inRun, runFolder, writeWhole } from '../runs/runFolder.ts';
import { removeTree } from '../runs/treeFiles.ts';
import { readLog } from './log.ts';
import { contractOfSession } from './reportPhase.ts';
import { foldAll, type SessionState } from './state.ts';
import { listSessions, sessionFolder } from './store.ts';

/** What a finished session holds that its evidence does not need. Bytes. */
export interface Spare {
  session: string;
  title: string;
  /** Copies of its arms' files, which git holds too. */
  arms: number;
  /** Large files that its runs wrote and neither `keep` nor `predictions` names: weights, checkpoints. */
  outputs: number;
}

export interface Cleaning {
  sessions: Spare[];
  /** Bytes of environments that no unfinished session has run in; one is made again when a run asks for it. */
  environments: number;
  /** Sessions that can still go on, and so keep all they have. */
  unfinished: number;
  bytes: number;
  removed: boolean;
}

/** Smaller files of an output stay: predictions, logs and scores are what somebody asks for later. Bytes. */
const LARGE = 2 ** 20;

/** Finds what finished sessions hold beyond their evidence, and removes it where that is asked for. Logs, records, reports,
 *  scores, small outputs and what the contract names under `keep` stay, so that `mlr verify` holds as before. */
export async function cleanWorkspace(workspace: string, { remove }: { remove: boolean }): Promise<Cleaning> {
  const all = await listSessions(workspace);
  const sessions: Spare[] = [];
  for (const { id, title, status, held, problem } of all) {
    if (status !== 'finished' || held || problem !== null) continue;
    const { events } = await readLog(sessionFolder(workspace, id));
    const spare = { session: id, title, ...(await spareOf(workspace, id, foldAll(events), remove)) };
    if (spare.arms + spare.outputs > 0) sessions.push(spare);
  }
  const unfinished = all.filter(({ status, held }) => status !== 'finished' || held);
  const environments = await freeEnvironments(
    workspace,
    unfinished.map(({ id }) => id),
    remove,
  );
  const bytes = sessions.reduce((total, { arms, outputs }) => total + arms + outputs, environments);
  return { sessions, environments, unfinished: unfinished.length, bytes, removed: remove };
}

/** @returns bytes of the environments that none of the sessions names */
async function freeEnvironments(workspace: string, sessions: readonly string[], remove: boolean): Promise<number> {
  const folder = environmentsFolder(workspace);
  if (!existsSync(folder)) return 0;
  const logs = await Promise.all(sessions.map((id) => readLog(sessionFolder(workspace, id))));
  const named = logs.map(({ events }) => JSON.stringify(events));
  let bytes = 0;
  for (const lock of await readdir(folder)) {
    if (named.some((log) => log.includes(lock))) continue;
    for (const file of await filesBelow(path.join(folder, lock))) bytes += file.bytes;
    if (remove) await removeTree(path.join(folder, lock));
  }
  return bytes;
}

async function spareOf(
  workspace: string,
  id: string,
  state: SessionState,
  remove: boolean,
): Promise<Pick<Spare, 'arms' | 'outputs'>> {
  const exports = path.join(sessionFolder(workspace, id), 'arms');
  const arms = (await filesBelow(exports)).reduce((total, { bytes }) => total + bytes, 0);
  if (remove) await removeTree(exports);
  const named = state.contract ? namedFiles(contractOfSession(state)) : [];
  let outputs = 0;
  for (const run of state.runs.keys()) outputs += await freeOutput(runFolder(workspace, run), named, remove);
  return { arms, outputs };
}

function namedFiles({ keep, predictions }: Contract): string[] {
  return [...keep, ...(predictions ? [predictions.file] : [])];
}

/** @returns bytes of the files of a run's output that can go, or went */
async function freeOutput(folder: string, named: readonly string[], remove: boolean): Promise<number> {
  const out = inRun.out(folder);
  const large = (await filesBelow(out)).filter(
    ({ name, bytes }) => bytes > LARGE && !named.some((kept) => isWithin(name, kept)),
  );
  if (remove && large.length > 0) {
    for (const { name } of large) await removeTree(path.join(out, name));
    const left = await hashOutput(out, Number.POSITIVE_INFINITY);
    await writeWhole(inRun.freed(folder), `${JSON.stringify({ sha256: left?.sha256 ?? null })}\n`);
  }
  return large.reduce((total, { bytes }) => total + bytes, 0);
}

async function filesBelow(folder: string): Promise<{ name: string; bytes: number }[]> {
  if (!existsSync(folder)) return [];
  const found: { name: string; bytes: number }[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    found.push({ name: path.relative(folder, file), bytes: (await lstat(file)).size });
  }
  return found;
}
