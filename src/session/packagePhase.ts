import { basename } from 'node:path';
import type { Contract } from '../domain/contract.ts';
import { containerOf } from '../domain/contract.ts';
import { readOutput } from '../runs/outputLog.ts';
import { type Traceback, tracebackOf } from '../runs/traceback.ts';
import { distributionOf } from '../workspace/environment/imports.ts';
import type { Desk } from './desk.ts';
import { approvedPackages, INSTALL } from './environments.ts';

const MISSING = /^No module named '([A-Za-z]\w*)/;
/** Read of a failed run's output: its traceback stands at the end. Bytes. */
const READ = 64 * 1024;

/** Where runs did not find a module that is no part of their arm: asks a person whether it may be installed for the runs of
 *  this session, into an environment of theirs. Nobody is asked twice for the same.
 *  @returns whether something was approved, so that the runs can be made again */
export async function offerPackages(
  desk: Desk,
  contract: Contract,
  failures: readonly { readonly id: string; readonly tree: string }[],
): Promise<boolean> {
  if (containerOf(contract) !== null) return false;
  const { session, ports } = desk;
  const missing = new Map<string, string>();
  for (const { id, tree } of failures) {
    const traceback = tracebackOf(await readOutput(ports.workspace, id, { from: -READ }));
    for (const { module, by } of lacked(traceback)) {
      if (!(await isOwn(desk, tree, module))) missing.set(distributionOf(module), `\`${module}\` (${by})`);
    }
  }
  const known = new Set(approvedPackages(session.state));
  const packages = [...missing.keys()].filter((name) => !known.has(name)).sort();
  if (packages.length === 0) return false;
  const answer = await session.ask(
    {
      id: `${INSTALL}${packages.join(',')}`,
      kind: 'approveCommand',
      question: `Install ${packages.join(', ')} for these runs?`,
      detail: [
        `A run did not find ${packages.map((name) => missing.get(name)).join(', ')}.`,
        `\`pip install ${packages.join(' ')}\` would be run with the network, into an environment below \`.mlr/envs/\` that stands over the chosen interpreter and that only runs use; your own environment stays as it is. Both arms get it, and every run's record says what was installed.`,
        'Anybody may publish a package under any name: see that this is the one that is meant.',
      ].join('\n\n'),
      options: [
        { choice: 'approve', label: 'Install' },
        { choice: 'decline', label: 'Do without' },
      ],
    },
    { choice: 'decline' },
  );
  return answer.choice === 'approve';
}

function lacked(traceback: Traceback | null): { module: string; by: string }[] {
  if (traceback === null) return [];
  const module = traceback.error === 'ModuleNotFoundError' ? MISSING.exec(traceback.message)?.[1] : undefined;
  const last = traceback.frames.at(-1);
  const by = last ? `${basename(last.file)}:${last.line}` : 'no line is named';
  return [...(module === undefined ? [] : [{ module, by }]), ...lacked(traceback.cause)];
}

/** A module that the arm itself should bring has another name or place; no package is meant. */
async function isOwn({ repository }: Desk, tree: string, module: string): Promise<boolean> {
  const parts = (await repository.listFiles(tree)).flatMap(({ path }) => path.replace(/\.py$/, '').split('/'));
  return parts.includes(module);
}
