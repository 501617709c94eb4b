import { basename, extname, join } from 'node:path';
import type { Contract } from '../domain/contract.ts';
import type { Binding } from '../domain/run.ts';
import type { CheckRequest } from './checkRequest.ts';
import { isWithin } from './contractPaths.ts';
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
  const inputs = inputsOf(request, source);
  const [train, test] = await Promise.all([
    having(inputs, request.contract, 'train'),
    having(inputs, request.contract, 'test'),
  ]);
  return { train, test };
}

/** At the beginning of a word, so that `latest` is no test and `retrieval` no evaluation. */
const NAMES = { train: /(?<![a-z])train/i, test: /(?<![a-z])(?:test|eval|held[-_]?out)/i } as const;

/** Whether a path is a test input: as the contract's `test` says, else by its name. */
export function isTestInput({ test }: Pick<Contract, 'test'>, path: string): boolean {
  if (test !== undefined) return test.some((one) => isWithin(one, path) || isWithin(path, one));
  return NAMES.test.test(basename(path, extname(path)));
}

async function having(
  inputs: readonly Binding[],
  contract: Pick<Contract, 'train' | 'test'>,
  role: 'train' | 'test',
): Promise<NamedFile[]> {
  const given = contract[role];
  if (given === undefined) {
    return (await tablesOf(inputs)).filter(({ name }) => NAMES[role].test(basename(name, extname(name))));
  }
  const named = given.flatMap((path): Binding[] => {
    const as = path.replace(/^\.\//, '').replace(/\/+$/, '');
    const input = inputs.find((one) => isWithin(as, one.as));
    return input === undefined ? [] : [{ from: join(input.from, as.slice(input.as.length)), as }];
  });
  return await tablesOf(named);
}
