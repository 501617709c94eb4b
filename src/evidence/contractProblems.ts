import { type Document, LineCounter, type ParsedNode, parseDocument } from 'yaml';
import { Contract } from '../domain/contract.ts';
import type { ContractFix, ContractProblem, TextRange } from '../domain/contractHelp.ts';
import { describeIssues, type Problem } from './contractIssues.ts';
import { type Place, placeOf, rangeOf } from './contractPosition.ts';
import { clashes, commandProblems, missingFiles } from './contractRoles.ts';

/** Where a contract was read, so that errors found later can name a line. */
export interface ContractSource {
  readonly text: string;
  readonly fileName: string;
}

/** The text as YAML, with what finds a line. */
export interface ContractYaml {
  readonly document: Document.Parsed<ParsedNode>;
  readonly lines: LineCounter;
}

/** A contract, or every reason why the text is none. */
export type ContractReading =
  | { readonly contract: Contract; readonly problems: readonly [] }
  | { readonly contract: null; readonly problems: readonly ContractProblem[] };

/** Reads a contract without looking at any file. Never throws, whatever the text. */
export function readContract(source: ContractSource): ContractReading {
  const yaml = readYaml(source.text);
  const failed = (problems: readonly Problem[]): ContractReading => ({
    contract: null,
    problems: problems.map((problem) => located(problem, yaml, source)),
  });
  const syntax = yaml.document.errors.map((error) => syntaxProblem(error, yaml, source));
  if (syntax.length > 0) return { contract: null, problems: syntax };
  const value = plainValue(yaml.document);
  if (!value.ok) return failed([{ path: [], text: value.why }]);
  const parsed = Contract.safeParse(value.value);
  if (!parsed.success) return failed(describeIssues(parsed.error.issues, value.value));
  const commands = commandProblems(parsed.data);
  return commands.length > 0 ? failed(commands) : { contract: parsed.data, problems: [] };
}

/** What speaks against a contract in the files that there are.
 *  @param exists whether a path relative to the workspace folder (or an absolute `from`) is a file or folder
 *  @param files the workspace's files, among which the nearest to a missing one is looked for */
export function fileProblems(
  contract: Contract,
  exists: (path: string) => boolean,
  source: ContractSource,
  files: readonly string[] = [],
): ContractProblem[] {
  const problems = [...missingFiles(contract, exists, files), ...clashes(contract)];
  const yaml = readYaml(source.text);
  return problems.map((problem) => located(problem, yaml, source));
}

/** @returns the text as YAML; what is wrong with it stands in the document's `errors` */
export function readYaml(text: string): ContractYaml {
  // Counted here: the parser stops counting lines where it stops understanding them.
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (const { index } of text.matchAll(/\n/g)) lines.addNewLine(index + 1);
  return { document: parseDocument(text, { prettyErrors: false }), lines };
}

/** An alias that leads nowhere, or far too many of them, shows only when the values are taken. */
function plainValue(document: ContractYaml['document']): { ok: true; value: unknown } | { ok: false; why: string } {
  try {
    return { ok: true, value: document.toJS() };
  } catch (error) {
    return { ok: false, why: `expected plain YAML: ${firstLine((error as Error).message)}` };
  }
}

function syntaxProblem(
  error: ContractYaml['document']['errors'][number],
  { lines }: ContractYaml,
  { text, fileName }: ContractSource,
): ContractProblem {
  const [start, end] = error.pos;
  const range = rangeOf([Math.min(start, text.length), Math.min(end, text.length)], lines);
  const said = firstLine(error.message);
  return { message: `${fileName}:${range.line}:${range.col} ${said}`, key: '', text: said, range, fixes: [] };
}

function located(problem: Problem, { document, lines }: ContractYaml, { fileName }: ContractSource): ContractProblem {
  const { path, text } = problem;
  const place = placeOf(document, path, lines);
  const { line, col } = place.key;
  const key = path.map(String).join('.');
  const message = `${fileName}:${line}:${col} ${key === '' ? '' : `\`${key}\`: `}${text}`;
  const ofKey = problem.mend?.what === 'key' || !place.found;
  const range = ofKey || place.value.endLine !== place.value.line ? place.key : place.value;
  return { message, key, text, range: shown(range), fixes: fixesOf(problem, place) };
}

/** The whole of an empty file is one column wide. */
function shown(range: TextRange): TextRange {
  const empty = range.line === range.endLine && range.col === range.endCol;
  return empty ? { ...range, endCol: range.endCol + 1 } : range;
}

function fixesOf({ mend, path }: Problem, place: Place): ContractFix[] {
  if (!mend) return [];
  const top = { line: 1, col: 1, endLine: 1, endCol: 1 };
  if (mend.what === 'line') return [{ title: `Add \`${mend.text}\``, range: top, newText: `${mend.text}\n` }];
  if (!place.found) return [];
  const range = mend.what === 'key' ? place.key : place.value;
  return [
    {
      title: `Change ${mend.what === 'key' ? 'to' : `${String(path.at(-1))} to`} \`${mend.text}\``,
      range,
      newText: mend.text,
    },
  ];
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? text).replace(/ at line \d+, column \d+:?$/, '');
}
