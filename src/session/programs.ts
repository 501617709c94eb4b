import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { type Contract, containerOf } from '../domain/contract.ts';
import { splitWords } from '../evidence/command.ts';
import { ContractError } from '../evidence/contractFile.ts';
import { interpreterOf } from '../evidence/runSpecs.ts';

const COMMANDS = ['run', 'evaluate', 'validate', 'trivial', 'pilot'] as const;

/** Sees that what a contract starts is on this machine, before a seed is spent on finding out.
 *  @throws ContractError naming the key and the program */
export async function assertPrograms(contract: Contract, workspace: string): Promise<void> {
  const { python, environment } = contract;
  if (environment !== 'local') {
    if (python === undefined || containerOf(contract) === null) return;
    throw new ContractError(['mlr.yaml `python`: a container brings its own interpreter; leave this key out.']);
  }
  if (python !== undefined && !existsSync(path.resolve(workspace, python))) {
    throw new ContractError([`mlr.yaml \`python\`: there is no ${python}; make it, or name another interpreter.`]);
  }
  const { PATH: search = '' } = await interpreterOf({ contract, workspace });
  for (const key of COMMANDS) {
    const [program = ''] = splitWords(contract[key] ?? '');
    if (program === '' || program.includes('/') || isOn(search, program)) continue;
    throw new ContractError([
      `mlr.yaml \`${key}\`: there is no program ${program} on this machine's PATH; install it, or ${
        program.startsWith('python') ? 'name an interpreter under `python`' : 'give its path'
      }.`,
    ]);
  }
}

function isOn(search: string, program: string): boolean {
  return search.split(path.delimiter).some((folder) => isExecutable(path.join(folder, program)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Not there, or not for us to start: the same to whoever looks for a program.
    return false;
  }
}
