import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Contract, concealed } from '../domain/contract.ts';
import type { ConfinementLevel } from '../domain/run.ts';
import { STOPPED_BY_SESSION } from '../evidence/armRuns.ts';
import { ContractError, checkContract, parseContract } from '../evidence/contractFile.ts';
import { inputPaths } from '../evidence/contractPaths.ts';
import { Repository } from '../git/repository.ts';
import { probeConfinement } from '../runs/confinement.ts';
import { RunQueue } from '../runs/runQueue.ts';
import { SessionError } from './errors.ts';
import type { Ports } from './ports.ts';
import { assertPrograms } from './programs.ts';
import type { Session } from './session.ts';

/** What every phase that touches the repository or starts a run works with. */
export interface Desk {
  session: Session;
  ports: Ports;
  repository: Repository;
  queue: RunQueue;
  confinement: ConfinementLevel;
}

/** @throws GitError where there is no repository; SessionError `needs-confinement` */
export async function openDesk(session: Session, ports: Ports): Promise<Desk> {
  const repository = await Repository.open(ports.workspace);
  const queue = new RunQueue({ workspace: ports.workspace, session: session.id, supervisorArgv: ports.supervisorArgv });
  // A stopped session's runs must not go on behind its back.
  const stopRuns = (): void => {
    // Nobody waits for it: what keeps it from stopping them, a full disk say, is told as it stands.
    queue.stopAll(STOPPED_BY_SESSION).catch((error: Error) => process.emitWarning(error.message));
  };
  session.signal.addEventListener('abort', stopRuns, { once: true });
  const confinement = await settleConfinement(session);
  return { session, ports, repository, queue, confinement };
}

/** Where nothing can confine a run, a person must have agreed to go on. */
async function settleConfinement(session: Session): Promise<ConfinementLevel> {
  const probed = await probeConfinement();
  if (session.state.confinement?.level !== probed.level) {
    await session.append({ type: 'confinement.probed', ...probed });
  }
  if (probed.level !== 'none' || session.begun.unconfined) return probed.level;
  if (session.policy === 'autopilot') {
    throw new SessionError(
      'needs-confinement',
      `Nothing on this machine can confine runs (${probed.detail.replace(/\.$/, '')}) and nobody is asked on autopilot; install bubblewrap, or add --unconfined.`,
    );
  }
  const answer = await session.ask(
    {
      id: session.freshGate('unconfined'),
      kind: 'approveCommand',
      question: 'Nothing on this machine can confine runs. Run without confinement?',
      detail: `${probed.detail}\n\nRuns could then read and change what you can. Checks that only confinement can enforce are reported as not run.`,
      options: [
        { choice: 'approve', label: 'Run without confinement' },
        { choice: 'stop', label: 'Do not run' },
      ],
    },
    { choice: 'stop' },
  );
  if (answer.choice !== 'approve') {
    throw new SessionError(
      'needs-confinement',
      'Runs without confinement were declined; install bubblewrap and resume, or resume with --unconfined.',
    );
  }
  return 'none';
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
  const file = path.join(ports.workspace, 'mlr.yaml');
  if (!existsSync(file)) return [];
  try {
    const contract = parseContract(readFileSync(file, 'utf8'), 'mlr.yaml');
    return [...inputPaths(contract), ...concealed(contract)].map((name) => path.posix.join(repository.folder, name));
  } catch (error) {
    if (error instanceof ContractError) return [];
    throw error;
  }
}

/** The contract at a commit, or null where there is none.
 *  @throws ContractError naming file, line and key; SessionError `bad-input` where a program that it starts is missing */
export async function contractAt(desk: Desk, commit: string): Promise<{ yaml: string; contract: Contract } | null> {
  const { repository, ports } = desk;
  const found = await writtenContract(repository, ports.workspace, commit);
  if (found) assertPrograms(found.contract, ports.workspace);
  return found;
}

/** The contract that a commit holds, compared with the files that there are; null where it holds none.
 *  @throws ContractError naming file, line and key */
export async function writtenContract(
  repository: Repository,
  workspace: string,
  commit: string,
): Promise<{ yaml: string; contract: Contract } | null> {
  const content = await repository.readFile(commit, path.posix.join(repository.folder, 'mlr.yaml'));
  if (!content) return null;
  const yaml = content.toString('utf8');
  const contract = parseContract(yaml, 'mlr.yaml');
  const tracked = (await repository.listFiles(commit)).map((f) => f.path);
  const exists = (name: string): boolean => {
    const below = path.posix.join(repository.folder, name);
    const inTree = tracked.some((file) => file === below || file.startsWith(`${below}/`));
    return inTree || existsSync(path.resolve(workspace, name));
  };
  checkContract(contract, exists, { text: yaml, fileName: 'mlr.yaml' });
  return { yaml, contract };
}

/** What every pilot of a session has in common. */
export function pilotRequest(desk: Desk, contract: Contract) {
  const { session, ports, repository, queue, confinement } = desk;
  return {
    session: session.id,
    workspace: ports.workspace,
    repository,
    queue,
    contract,
    confinement,
    signal: session.signal,
  };
}
