import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blocksOf } from '../../../src/webview/prose.tsx';

test('paragraphs, lists, headings and fenced code each become what they are', () => {
  expect(
    blocksOf('# Plan\nFirst\nlines.\n\n1. one\n2. two\n   goes on\n\n- a\n* b\n```py\nx = 1\n\ny = 2\n```\nend'),
  ).toEqual([
    { kind: 'heading', text: 'Plan' },
    { kind: 'paragraph', text: 'First\nlines.' },
    { kind: 'list', ordered: true, items: ['one', 'two goes on'] },
    { kind: 'list', ordered: false, items: ['a', 'b'] },
    { kind: 'code', text: 'x = 1\n\ny = 2' },
    { kind: 'paragraph', text: 'end' },
  ]);
});

test('a fence that is never closed, as in a message that is being written, is code to its end', () => {
  expect(blocksOf('```\nx = 1')).toEqual([{ kind: 'code', text: 'x = 1' }]);
});

test('no word of a model is lost, whatever it writes', () => {
  const line = fc.oneof(fc.constantFrom('```', '# ', '- ', '1. ', '', '  ', '**', '`'), fc.string());
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const shown = blocksOf(lines.join('\n')).flatMap((block) => (block.kind === 'list' ? block.items : [block.text]));
      for (const word of lines.join('\n').match(/[a-z]{2,}/g) ?? []) {
        // The word after a fence's opening names its language.
        if (!lines.some((one) => /^\s*```/.test(one) && one.includes(word))) expect(shown.join('\n')).toContain(word);
      }
    }),
  );
});
