import { basename, extname, join } from 'node:path';
import type { Contract } from '../domain/contract.ts';
import type { Binding } from '../domain/run.ts';
import { type ArrayRows, arraysIn, holdsArrays } from './arrayRows.ts';
import type { CheckRequest } from './checkRequest.ts';
import { isWithin } from './contractPaths.ts';
import { filesOf, inputsOf, type NamedFile, tablesOf } from './inputFiles.ts';

/** Which inputs are trained on and which are predicted. */
export interface Roles<Input> {
  readonly train: readonly Input[];
  readonly test: readonly Input[];
}

/** The inputs of one arm by role: as the contract's `train` and `test` say, else by their names.
 *  @param source the folder with the arm's own files */
export async function rolesOf(
  request: Pick<CheckRequest, 'arms' | 'contract' | 'repository'>,
  source: string,
): Promise<Roles<NamedFile>> {
  const inputs = inputsOf(request, source);
  const [train, test] = await Promise.all([
    having(inputs, request.contract, 'train'),
    having(inputs, request.contract, 'test'),
  ]);
  return { train, test };
}

/** The same for inputs that hold NumPy arrays. Arrays of single values are labels or places; of the others only rows of
 *  the same shape can be twins, and the widest that both roles have are the examples.
 *  @param source the folder with the arm's own files */
export async function arrayRolesOf(
  request: Pick<CheckRequest, 'arms' | 'contract' | 'repository'>,
  source: string,
): Promise<Roles<ArrayRows>> {
  const inputs = inputsOf(request, source);
  // An archive holds both: it is read once.
  const known = new Map<string, Promise<ArrayRows[]>>();
  const read = (file: NamedFile): Promise<ArrayRows[]> => {
    const rows = known.get(file.path) ?? arraysIn(file);
    known.set(file.path, rows);
    return rows;
  };
  const train = await arraysOf(inputs, request.contract, 'train', read);
  const test = await arraysOf(inputs, request.contract, 'test', read);
  const common = test.filter(({ shape }) => train.some((other) => other.shape === shape));
  const shape = common.toSorted((a, b) => widthOf(b) - widthOf(a))[0]?.shape;
  const alike = (one: ArrayRows): boolean => one.shape === shape;
  return { train: train.filter(alike), test: test.filter(alike) };
}

async function arraysOf(
  inputs: readonly Binding[],
  contract: Pick<Contract, 'train' | 'test'>,
  role: 'train' | 'test',
  read: (file: NamedFile) => Promise<ArrayRows[]>,
): Promise<ArrayRows[]> {
  const given = contract[role];
  const files = await filesOf(given === undefined ? inputs : namedBindings(inputs, given));
  const found: ArrayRows[] = [];
  for (const file of files.filter(({ path }) => holdsArrays(path))) {
    const isNamed = given !== undefined || NAMES[role].test(basename(file.name, extname(file.name)));
    const isArchive = extname(file.path).toLowerCase() === '.npz';
    if (!isArchive && !isNamed) continue;
    const rows = (await read(file)).filter(({ shape }) => shape !== '');
    // In an archive the arrays' own names tell.
    const telling = rows.filter(({ name }) => isArchive && NAMES[role].test(basename(name)));
    found.push(...(isNamed && telling.length === 0 ? rows : telling));
  }
  return found;
}

function widthOf({ shape }: ArrayRows): number {
  return shape.split('x').reduce((product, size) => product * Number(size), 1);
}

/** At the beginning of a word, so that `latest` is no test and `retrieval` no evaluation. */
const NAMES = { train: /(?<![a-z])train/i, test: /(?<![a-z])(?:test|eval|held[-_]?out)/i } as const;

/** Whether a name, without its extension, says that it is to be predicted. */
export function isTestName(name: string): boolean {
  return NAMES.test.test(name);
}

/** Whether a path is a test input: as the contract's `test` says, else by its name. */
export function isTestInput({ test }: Pick<Contract, 'test'>, path: string): boolean {
  if (test !== undefined) return test.some((one) => isWithin(one, path) || isWithin(path, one));
  return isTestName(basename(path, extname(path)));
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
  return await tablesOf(namedBindings(inputs, given));
}

/** What a contract names among the inputs: one of them, or something in it. */
function namedBindings(inputs: readonly Binding[], names: readonly string[]): Binding[] {
  return names.flatMap((path): Binding[] => {
    const as = path.replace(/^\.\//, '').replace(/\/+$/, '');
    const input = inputs.find((one) => isWithin(as, one.as));
    return input === undefined ? [] : [{ from: join(input.from, as.slice(input.as.length)), as }];
  });
}
