import { expect, test } from 'vitest';
import { blocks, pulseWords } from '../../../src/vscode/pulseWords.ts';

test('a run that goes on shows its loss with its course, and how far it is', () => {
  const metric = { name: 'loss', newest: 0.123456, course: [4, 3, 2, 1] };
  const pulse = { line: 'epoch 3/10', step: 'epoch 3/10', share: 0.3, metric };
  expect(pulseWords(pulse)).toEqual(['loss 0.1235 █▆▃▁', 'epoch 3/10', '30%']);
  expect(pulseWords({ line: 'Loading', step: '', share: null, metric: null })).toEqual([]);
});

test('a long course has twelve columns, and one that stands still is level', () => {
  expect(blocks(Array.from({ length: 48 }, (_, i) => i))).toBe('▁▂▂▃▄▄▅▅▆▇▇█');
  expect(blocks([2, 2, 2])).toBe('▄▄▄');
});
