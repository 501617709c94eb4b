import { basename, extname } from 'node:path';
import type { Contract } from '../domain/contract.ts';
import type { CheckRequest } from './checkRequest.ts';
import { isWithin } from './contractFile.ts';
import { inputsOf, type NamedFile, tablesOf } from './inputFiles.ts';

/** Which inputs are trained on and which are predicted. */
export interface DataRoles {
  readonly train: readonly NamedFile[];
  readonly test: readonly NamedFile[];
}

/** The inputs of one arm by role: as the contract's `train` and `test` say, else by their names.
 *  @param source the folder with the arm's own files */
export async function rolesOf(
  request: Pick<CheckRequest, 'arms' | 'contract' | 'repository'>,
  source: string,
): Promise<DataRoles> {
  const tables = await tablesOf(inputsOf(request, source));
  return { train: having(tables, request.contract, 'train'), test: having(tables, request.contract, 'test') };
}

/** At the beginning of a word, so that `latest` is no test and `retrieval` no evaluation. */
const NAMES = { train: /(?<![a-z])train/i, test: /(?<![a-z])(?:test|eval|held[-_]?out)/i } as const;

function having(
  tables: readonly NamedFile[],
  contract: Pick<Contract, 'train' | 'test'>,
  role: 'train' | 'test',
): NamedFile[] {
  const given = contract[role];
  if (given !== undefined)
    return tables.filter(({ name }) => given.some((path) => isWithin(name, path.replace(/^\.\//, ''))));
  return tables.filter(({ name }) => NAMES[role].test(basename(name, extname(name))));
}
