import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPair, isScalar, parseDocument, visit } from 'yaml';
import type { ContractFix, ContractProblem, TextRange } from '../../../src/domain/contractHelp.ts';
import { fileProblems, readContract } from '../../../src/evidence/contractProblems.ts';

const GOOD = readFileSync(new URL('../../../examples/digits/mlr.yaml', import.meta.url), 'utf8');
const FILES = ['data/train.csv', 'data/test.csv', 'data/test_labels.csv', 'evaluate.py', 'trivial.py'];

function problemsOf(text: string): readonly ContractProblem[] {
  const source = { text, fileName: 'mlr.yaml' };
  const { contract, problems } = readContract(source);
  return contract ? fileProblems(contract, (path) => FILES.includes(path), source, FILES) : problems;
}

/** The text after a fix is taken. */
function mended(text: string, { range, newText }: ContractFix): string {
  return (
    text.slice(0, offset(text, range.line, range.col)) + newText + text.slice(offset(text, range.endLine, range.endCol))
  );
}

function offset(text: string, line: number, col: number): number {
  const before = text.split('\n').slice(0, line - 1);
  return before.reduce((sum, one) => sum + one.length + 1, 0) + col - 1;
}

function isInside(text: string, { line, col, endLine, endCol }: TextRange): boolean {
  const lines = text.split('\n');
  const within = (l: number, c: number) =>
    l >= 1 && l <= lines.length && c >= 1 && c <= (lines[l - 1] ?? '').length + 2;
  return within(line, col) && within(endLine, endCol) && (endLine > line || endCol >= col);
}

/** A good contract with one node changed: a key misspelt or gone, a value of another kind. */
function mutated(at: number, how: number, letter: string): string {
  const document = parseDocument(GOOD);
  let seen = 0;
  visit(document, (_, node) => {
    if (!isPair(node)) return undefined;
    seen += 1;
    if (seen !== at) return undefined;
    if (how === 0) return visit.REMOVE;
    if (how === 1 && isScalar(node.key)) node.key.value = `${letter}${String(node.key.value)}`;
    const values = [
      null,
      0,
      -1,
      Number.POSITIVE_INFINITY,
      '',
      letter,
      [],
      [letter],
      {},
      { [letter]: letter },
      [[1]],
      true,
      '../x',
      "'",
    ];
    if (how > 1) node.value = document.createNode(values[how % values.length]);
    return visit.BREAK;
  });
  return String(document);
}

describe('an error of a contract', () => {
  it.each([
    ['a misspelt key', GOOD.replace('hidden:', 'hiden:')],
    ['a misspelt key inside another', GOOD.replace('wall:', 'wal:')],
    ['max for maximize', GOOD.replace('maximize', 'max')],
    ['a version that is missing', GOOD.replace('version: 1\n', '')],
    ['a version in quotes', GOOD.replace('version: 1', 'version: "1"')],
    ['a number in quotes', GOOD.replace('minimum_effect: 0.01', 'minimum_effect: "0.01"')],
    ['a list of one without brackets', GOOD.replace('[data/test_labels.csv]', 'data/test_labels.csv')],
    ['a file in another folder', GOOD.replace('[data/test_labels.csv]', '[test_labels.csv]')],
    ['a misspelt file', GOOD.replace('[evaluate.py, trivial.py]', '[evalute.py, trivial.py]')],
  ])('is mended by its fix: %s', (_, text) => {
    const [problem, ...others] = problemsOf(text);
    expect(others).toEqual([]);
    expect(problem?.fixes).toHaveLength(1);
    const fixed = mended(text, problem?.fixes[0] as ContractFix);
    expect(problemsOf(fixed)).toEqual([]);
    expect(parseDocument(fixed).toJS()).toEqual(parseDocument(GOOD).toJS());
  });

  it.each([
    ['no evaluate', GOOD.replace(/^evaluate:.*\n/m, '')],
    ['a key like none', GOOD.replace('alpha:', 'zebra_crossing:')],
    ['a file like none', GOOD.replace('[data/test_labels.csv]', '[somewhere/else.bin]')],
    ['a misspelt key beside the right one', `${GOOD}hiden: [x]\n`],
  ])('has no fix where none would be right: %s', (_, text) => {
    const problems = problemsOf(text);
    expect(problems).not.toEqual([]);
    expect(problems.flatMap(({ fixes }) => fixes)).toEqual([]);
  });

  it('underlines the key, or the value, that is wrong', () => {
    const [key] = problemsOf(GOOD.replace('hidden:', 'hiden:'));
    expect(key?.range).toEqual({ line: 10, col: 1, endLine: 10, endCol: 6 });
    const [value] = problemsOf(GOOD.replace('maximize', 'max'));
    expect(value?.range).toEqual({ line: 8, col: 22, endLine: 8, endCol: 25 });
  });

  it('names a missing test file, a training file and a file of labels too', () => {
    const text = GOOD.replace('test: [data/test.csv]', 'test: [data/tst.csv]').replace(
      'file: data/train.csv',
      'file: no.csv',
    );
    expect(problemsOf(text).map(({ message }) => message)).toEqual([
      'mlr.yaml:13:8 `test.0`: no file `data/tst.csv` in the workspace folder; did you mean `data/test.csv`?',
      'mlr.yaml:14:11 `labels.file`: no file `no.csv` in the workspace folder',
    ]);
  });

  it('is told of an alias that leads nowhere and of one that explodes', () => {
    expect(problemsOf('version: *x\n')[0]?.message).toMatch(/^mlr\.yaml:1:\d+ .*alias/i);
    const bomb = `a: &a [1,2,3,4,5,6,7,8,9]\n${[...'bcdefgh'].map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[i]}`)}]\n`).join('')}`;
    expect(problemsOf(bomb)[0]?.message).toMatch(/^mlr\.yaml:1:1 expected plain YAML/);
  });
});

describe('any single change of a good contract', () => {
  let nodes = 0;
  visit(parseDocument(GOOD), {
    Pair: () => {
      nodes += 1;
    },
  });
  const check = (text: string): void => {
    for (const { message, range } of problemsOf(text)) {
      expect(message).toMatch(/^mlr\.yaml:\d+:\d+ \S/);
      expect(isInside(text, range), `${message}\n${text}`).toBe(true);
    }
  };

  it('of a key or value gives a contract, or errors with places inside the file', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: nodes }),
        fc.nat({ max: 17 }),
        fc.string({ minLength: 1, maxLength: 3 }),
        (at, how, letter) => check(mutated(at, how, letter)),
      ),
      { numRuns: 200 },
    );
  });

  it('of a letter gives a contract, or errors with places inside the file', () => {
    const piece = fc.oneof(fc.constant(''), fc.constantFrom(...'{}[]:&*!|>%@`"\'#,-? \n\t\r'), fc.string());
    fc.assert(
      fc.property(fc.nat({ max: GOOD.length - 1 }), fc.nat({ max: 3 }), piece, (at, gone, put) =>
        check(GOOD.slice(0, at) + put + GOOD.slice(at + gone)),
      ),
      { numRuns: 200 },
    );
  });
});
