import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Block, blocksOf, inline } from '../../../src/webview/prose.tsx';

test('paragraphs, lists, headings and fenced code each become what they are', () => {
  expect(
    blocksOf('# Plan\nFirst\nlines.\n\n1. one\n2. two\n   goes on\n\n- a\n* b\n```py\nx = 1\n\ny = 2\n```\nend'),
  ).toEqual([
    { kind: 'heading', text: 'Plan' },
    { kind: 'paragraph', text: 'First\nlines.' },
    { kind: 'list', ordered: true, items: ['one', 'two goes on'] },
    { kind: 'list', ordered: false, items: ['a', 'b'] },
    { kind: 'code', text: 'x = 1\n\ny = 2', language: 'py' },
    { kind: 'paragraph', text: 'end' },
  ]);
});

test('a fence that is never closed, as in a message that is being written, is code to its end', () => {
  expect(blocksOf('```\nx = 1')).toEqual([{ kind: 'code', text: 'x = 1', language: '' }]);
});

test('tables and formulas become what they are, and prices stay words', () => {
  expect(blocksOf('| a | b |\n|---|:-:|\n| 1 | x \\| y |\nafter\n$$\nx^2\n$$\n\\[ y \\]')).toEqual([
    { kind: 'table', head: ['a', 'b'], rows: [['1', 'x | y']] },
    { kind: 'paragraph', text: 'after' },
    { kind: 'formula', text: 'x^2' },
    { kind: 'formula', text: 'y' },
  ]);
  const marked = (text: string) => inline(text).filter((part) => typeof part !== 'string').length;
  expect(['it costs $5 or $6 a day', 'a $ b $ c'].map(marked)).toEqual([0, 0]);
  expect(['with $x_i$ and \\(y\\)', '$1/n$'].map(marked)).toEqual([2, 1]);
});

test('no word of a model is lost, whatever it writes', () => {
  const line = fc.oneof(
    fc.constantFrom('```', '# ', '- ', '1. ', '', '  ', '**', '`', '| a | b |', '|--|--|', '$$', '\\['),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const shown = blocksOf(lines.join('\n')).flatMap(wordsOf);
      for (const word of lines.join('\n').match(/[a-z]{2,}/g) ?? []) {
        // The word after a fence's opening names its language.
        if (!lines.some((one) => /^\s*```/.test(one) && one.includes(word))) expect(shown.join('\n')).toContain(word);
      }
    }),
  );
});

function wordsOf(block: Block): string[] {
  if (block.kind === 'list') return block.items;
  return block.kind === 'table' ? [...block.head, ...block.rows.flat()] : [block.text];
}

test('a numbered list that blank lines part goes on with its numbers', () => {
  const starts = blocksOf('1. one\n\n2. two\n\n3. three').map((block) => block.kind === 'list' && block.start);
  expect(starts).toEqual([undefined, 2, 3]);
});
