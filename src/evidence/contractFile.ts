import type { Contract } from '../domain/contract.ts';
import type { ContractProblem } from '../domain/contractHelp.ts';
import { type ContractSource, fileProblems, readContract } from './contractProblems.ts';
import { EvidenceError } from './evidenceError.ts';

/** A contract that cannot be used; the message is the first error, `all` holds every one, each with file, line and key. */
export class ContractError extends EvidenceError {
  override readonly name = 'ContractError';
  readonly all: readonly string[];

  constructor(all: readonly [string, ...string[]]) {
    super('contract', all.length > 1 ? `${all[0]} (and ${all.length - 1} more)` : all[0]);
    this.all = all;
  }
}

/** Reads `mlr.yaml`, filling in every default.
 *  @throws ContractError with the place and key of every error found */
export function parseContract(text: string, fileName: string): Contract {
  const read = readContract({ text, fileName });
  throwIfAny(read.problems);
  return read.contract as Contract;
}

/** Compares a contract with the files that there are.
 *  @param exists whether a path relative to the workspace folder (or an absolute `from`) is a file or folder
 *  @param source the text it was read from, for line numbers
 *  @throws ContractError naming every file that is missing or has two roles that exclude each other */
export function checkContract(contract: Contract, exists: (path: string) => boolean, source?: ContractSource): void {
  throwIfAny(fileProblems(contract, exists, source ?? { text: '', fileName: 'mlr.yaml' }));
}

function throwIfAny(problems: readonly ContractProblem[]): void {
  const [first, ...rest] = problems.map(({ message }) => message);
  if (first !== undefined) throw new ContractError([first, ...rest]);
}
