import { expect, test } from 'vitest';
import { depthOf } from '../../../src/webview/paper.tsx';

test.each([
  ['3 Method', 0],
  ['3. Method', 0],
  ['3.1 Data', 1],
  ['3.1.2. Splits', 2],
  ['A.1 Proofs', 1],
  ['Method', 0],
  ['2024 in review', 0],
  ['', 0],
])('the heading “%s” lies %i deep', (heading, depth) => {
  expect(depthOf(heading)).toBe(depth);
});
