import { type Document, LineCounter, type ParsedNode, parseDocument } from 'yaml';
import { z } from 'zod';
import { Contract } from '../domain/contract.ts';
import { splitWords } from './command.ts';
import { describeIssues, type Problem } from './contractIssues.ts';
import { positionOf } from './contractPosition.ts';
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

/** Where a contract was read, so that errors found later can name a line. */
export interface ContractSource {
  readonly text: string;
  readonly fileName: string;
}

/** Reads `mlr.yaml`, filling in every default.
 *  @throws ContractError with the place and key of every error found */
export function parseContract(text: string, fileName: string): Contract {
  const source = { text, fileName };
  const { document, lines } = readYaml(source);
  const syntax = document.errors.map((error) => {
    const [start] = error.linePos ?? [{ line: 1, col: 1 }];
    return `${fileName}:${start.line}:${start.col} ${firstLine(error.message)}`;
  });
  throwIfAny(syntax);
  const value: unknown = document.toJS();
  const parsed = Contract.safeParse(value);
  const place = (problem: Problem): string => at(problem, document, lines, fileName);
  if (!parsed.success) throwIfAny(describeIssues(parsed.error.issues, value).map(place));
  const contract = Contract.parse(value);
  throwIfAny(commandProblems(contract).map(place));
  return contract;
}

/** Compares a contract with the files that there are.
 *  @param exists whether a path relative to the workspace folder (or an absolute `from`) is a file or folder
 *  @param source the text it was read from, for line numbers
 *  @throws ContractError naming every file that is missing or has two roles that exclude each other */
export function checkContract(contract: Contract, exists: (path: string) => boolean, source?: ContractSource): void {
  const problems = [...missingFiles(contract, exists), ...clashes(contract)];
  if (problems.length === 0) return;
  const from = source ?? { text: '', fileName: 'mlr.yaml' };
  const { document, lines } = readYaml(from);
  throwIfAny(problems.map((problem) => at(problem, document, lines, from.fileName)));
}

/** The JSON Schema of `mlr.yaml`, for editors. */
export function contractSchema(): object {
  return {
    title: 'MLR Copilot experiment contract',
    ...z.toJSONSchema(Contract, { io: 'input', unrepresentable: 'any' }),
  };
}

/** Paths of the inputs as a run sees them, relative to the workspace folder. */
export function inputPaths(contract: Pick<Contract, 'inputs'>): string[] {
  return contract.inputs.map((input) => trimSlash(typeof input === 'string' ? input : input.as));
}

/** Whether `path` is `root` or lies below it. */
export function isWithin(path: string, root: string): boolean {
  const top = trimSlash(root);
  return path === top || path.startsWith(`${top}/`);
}

function trimSlash(path: string): string {
  return path.replace(/^\.\//, '').replace(/\/+$/, '');
}

function readYaml(source: ContractSource): { document: Document.Parsed<ParsedNode>; lines: LineCounter } {
  const lines = new LineCounter();
  return { document: parseDocument(source.text, { lineCounter: lines, prettyErrors: true }), lines };
}

function at(problem: Problem, document: Document.Parsed<ParsedNode>, lines: LineCounter, fileName: string): string {
  const { line, col } = positionOf(document, problem.path, lines);
  const key = problem.path.join('.');
  return `${fileName}:${line}:${col} ${key === '' ? '' : `\`${key}\`: `}${problem.text}`;
}

function throwIfAny(messages: readonly string[]): void {
  const [first, ...rest] = messages;
  if (first !== undefined) throw new ContractError([first, ...rest]);
}

const COMMAND_KEYS = ['run', 'evaluate', 'validate', 'prepare', 'trivial', 'pilot'] as const;

function commandProblems(contract: Contract): Problem[] {
  const commands = COMMAND_KEYS.map((key) => ({ path: [key] as string[], command: contract[key] }));
  return [...commands, { path: ['final', 'evaluate'], command: contract.final?.evaluate }].flatMap(
    ({ path, command }) => {
      if (command === undefined) return [];
      try {
        return splitWords(command).length > 0 ? [] : [{ path, text: 'expected a command' }];
      } catch (error) {
        if (!(error instanceof EvidenceError)) throw error;
        return [{ path, text: error.message }];
      }
    },
  );
}

function missingFiles(contract: Contract, exists: (path: string) => boolean): Problem[] {
  const inputs = contract.inputs.map((input, index) =>
    typeof input === 'string'
      ? { path: ['inputs', index], file: input }
      : { path: ['inputs', index, 'from'], file: input.from },
  );
  const listed = (['protected', 'hidden'] as const).flatMap((key) =>
    contract[key].map((file, index) => ({ path: [key, index], file })),
  );
  const locked = (contract.final?.hidden ?? []).map((file, index) => ({ path: ['final', 'hidden', index], file }));
  return [...inputs, ...listed, ...locked]
    .filter(({ file }) => !exists(trimSlash(file)))
    .map(({ path, file }) => ({ path, text: `no file \`${file}\` in the workspace folder` }));
}

function clashes(contract: Contract): Problem[] {
  const inputs = inputPaths(contract);
  const secrets = [
    ...contract.hidden.map((file, index) => ({ path: ['hidden', index], file })),
    ...(contract.final?.hidden ?? []).map((file, index) => ({ path: ['final', 'hidden', index], file })),
  ];
  const hidden = secrets.flatMap(({ path: place, file }) => {
    const input = inputs.find((path) => isWithin(trimSlash(file), path) || isWithin(path, file));
    if (input === undefined) return [];
    return [{ path: place, text: `\`${file}\` is also an input (\`${input}\`), which a run may read` }];
  });
  const varies = contract.varies.flatMap((file, index) => {
    const held = [...contract.protected, ...(contract.test ?? [])].find((path) => isWithin(file, path));
    if (held === undefined) return [];
    return [{ path: ['varies', index], text: `\`${file}\` is protected or a test file, so no arm may change it` }];
  });
  const seeds = Array.isArray(contract.seeds) ? contract.seeds : [];
  const twice = seeds.findIndex((seed, index) => seeds.indexOf(seed) !== index);
  return twice < 0
    ? [...hidden, ...varies]
    : [...hidden, ...varies, { path: ['seeds', twice], text: `seed ${seeds[twice]} is listed twice` }];
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? text).replace(/ at line \d+, column \d+:?$/, '');
}
