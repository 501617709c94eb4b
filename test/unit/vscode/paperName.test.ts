import { expect, it } from 'vitest';
import { isAddress, isPaperName } from '../../../src/vscode/paperName.ts';

it.each([
  ['2408.14033', true],
  ['arXiv:2408.14033v2', true],
  ['cs/0112017', true],
  ['math.GT/0309136', true],
  ['10.5555/3295222.3295349', true],
  ['doi: 10.5555/3295222', true],
  [' https://example.org/paper.pdf ', true],
  ['paper.pdf', false],
  ['ftp://example.org/paper.pdf', false],
  ['../2408/paper', false],
  ['', false],
])('%j names a paper that is no file: %j', (text, expected) => {
  expect(isPaperName(text)).toBe(expected);
});

it('a place on the web is told from a file', () => {
  expect(isAddress('https://arxiv.org/pdf/2408.14033v2')).toBe(true);
  expect(isAddress('/home/a/papers/https.pdf')).toBe(false);
});
