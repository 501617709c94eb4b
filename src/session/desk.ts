import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Contract, concealed, slurmOf } from '../domain/contract.ts';
import { STOPPED_BY_SESSION } from '../evidence/armRuns.ts';
import { ContractError, checkContract, parseContract } from '../evidence/contractFile.ts';
import { inputPaths } from '../evidence/contractPaths.ts';
import { Repository } from '../git/repository.ts';
import { RunQueue } from '../runs/runQueue.ts';
import { type RunPlace, settlePlace } from './place.ts';
import type { Ports } from './ports.ts';
import { assertPrograms } from './programs.ts';
import type { Session } from './session.ts';

/** What every phase that touches the repository or starts a run works with. */
export interface Desk {
  session: Session;
  ports: Ports;
  repository: Repository;
  queue: RunQueue;
  /** Where runs run, by the contract of the working tree. */
  place: RunPlace;
}

/** @throws GitError where there is no repository; SessionError `needs-confinement` */
export async function openDesk(session: Session, ports: Ports): Promise<Desk> {
  const repository = await Repository.open(ports.workspace);
  const { workspace, supervisorArgv } = ports;
  const queue = new RunQueue({ workspace, session: session.id, supervisorArgv, atOnce: session.begun.jobs ?? 1 });
  // A stopped session's runs must not go on behind its back.
  const stopRuns = (): void => {
    // Nobody waits for it: what keeps it from stopping them, a full disk say, is told as it stands.
    queue.stopAll(STOPPED_BY_SESSION).catch((error: Error) => process.emitWarning(error.message));
  };
  session.signal.addEventListener('abort', stopRuns, { once: true });
  const contract = contractHere(ports.workspace);
  const place = await settlePlace(session, { contract, workspace, repository, supervisorArgv });
  return { session, ports, repository, queue, place };
}

/** The commit that changes are compared with and made from: HEAD, or a snapshot of the uncommitted work on it. */
export async function settleBaseline(desk: Desk): Promise<{ commit: string; tree: string }> {
  const { session, repository } = desk;
  if (session.state.baseline) return session.state.baseline;
  const snapshot = await snapshotOnce(desk);
  const { commit, tree } = snapshot ?? (await repository.resolve('HEAD'));
  const why = snapshot ? 'your working tree with its uncommitted changes' : 'HEAD';
  await session.append({ type: 'baseline.fixed', commit, tree, why, call: null });
  return { commit, tree };
}

/** The working tree as it was when the session first looked: a resumed session works with the same one.
 *  @returns null where it is clean */
export async function snapshotOnce(desk: Desk): Promise<{ commit: string; tree: string } | null> {
  const { session, repository } = desk;
  if (session.state.snapshot) return session.state.snapshot.baseline;
  const snapshot = await repository.snapshot(session.id, { leaveOut: untrackedData(desk) });
  if (!snapshot) return null;
  const { commit, tree, changed } = snapshot;
  await session.append({ type: 'workspace.snapshot', baseline: { commit, tree }, changed });
  return { commit, tree };
}

/** Inputs and hidden files that git does not track may be gigabytes: runs get them from where they lie, and git never
 *  copies them. A contract that cannot be read is told of later, with its place. */
function untrackedData({ repository, ports }: Desk): string[] {
  const contract = contractHere(ports.workspace);
  if (contract === null) return [];
  return [...inputPaths(contract), ...concealed(contract)].map((name) => path.posix.join(repository.folder, name));
}

/** The contract of the working tree; null where there is none that can be read. */
function contractHere(workspace: string): Contract | null {
  const file = path.join(workspace, 'mlr.yaml');
  if (!existsSync(file)) return null;
  try {
    return parseContract(readFileSync(file, 'utf8'), 'mlr.yaml');
  } catch (error) {
    if (error instanceof ContractError) return null;
    throw error;
  }
}

/** Where the runs of a contract run: the baseline's may ask for another place than the working tree's.
 *  @throws SessionError `bad-input`, `needs-confinement` */
export async function placeFor(
  { session, ports, repository, place }: Desk,
  contract: Contract,
): Promise<Omit<RunPlace, 'environment'>> {
  const isSame = isDeepStrictEqual(contract.environment, place.environment);
  const { environment: _environment, ...settled } = isSame
    ? place
    : await settlePlace(session, {
        contract,
        workspace: ports.workspace,
        repository,
        supervisorArgv: ports.supervisorArgv,
      });
  const slurm = slurmOf(contract);
  return { ...settled, ...(slurm && { slurm }) };
}

/** The contract at a commit, or null where there is none.
 *  @throws ContractError naming file, line and key; SessionError `bad-input` where a program that it starts is missing */
export async function contractAt(desk: Desk, commit: string): Promise<{ yaml: string; contract: Contract } | null> {
  const { repository, ports } = desk;
  const found = await writtenContract(repository, ports.workspace, commit);
  if (found) await assertPrograms(found.contract, ports.workspace);
  return found;
}

/** The contract that a commit holds, compared with the files that there are; null where it holds none.
 *  @throws ContractError naming file, line and key */
export async function writtenContract(
  repository: Repository,
  workspace: string,
  commit: string,
): Promise<{ yaml: string; contract: Contract } | null> {
  // What is asked of it after this, it answers without git.
  const tracked = (await repository.listFiles(commit)).map((f) => f.path);
  const content = await repository.readFile(commit, path.posix.join(repository.folder, 'mlr.yaml'));
  if (!content) return null;
  const yaml = content.toString('utf8');
  const contract = parseContract(yaml, 'mlr.yaml');
  const exists = (name: string): boolean => {
    const below = path.posix.join(repository.folder, name);
    const inTree = tracked.some((file) => file === below || file.startsWith(`${below}/`));
    return inTree || existsSync(path.resolve(workspace, name));
  };
  checkContract(contract, exists, { text: yaml, fileName: 'mlr.yaml' });
  return { yaml, contract };
}

/** What every pilot of a session has in common. */
export async function pilotRequest(desk: Desk, contract: Contract) {
  const { session, ports, repository, queue } = desk;
  return {
    session: session.id,
    workspace: ports.workspace,
    repository,
    queue,
    contract,
    ...(await placeFor(desk, contract)),
    signal: session.signal,
  };
}
