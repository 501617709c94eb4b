import { expect, test } from 'vitest';
import type { Line } from '../../../src/papers/pdfLines.ts';
import { proseOf, withoutTicks } from '../../../src/papers/pdfProse.ts';

const SPACING = 12;

/** Lines of one column below each other; an empty one makes a gap. */
function prose(...texts: string[]): string {
  const lines = texts.flatMap((text, i): Line[] => {
    if (text === '') return [];
    const gap = texts[i - 1] === '' ? 3 * SPACING : SPACING;
    const look = {
      size: 10,
      font: 'f',
      bold: false,
      smallCaps: false,
      math: 0,
      runs: [],
      mono: { first: false, last: false },
    };
    return [{ text, unmarked: text, page: 0, place: 'full', x: 50, right: 300, y: SPACING * i, gap, ...look }];
  });
  return proseOf(withoutTicks(lines), {
    join: (before, after) => (before === '' ? after : `${before} ${after}`),
    spacing: SPACING,
  });
}

test('a table that begins below another stays apart from it, and each row on its line', () => {
  const first = ['Wine 2\t1.79\t0.73 1.13\t0.1', 'Wine 3\t1.56\t0.46 0.86\t0.0'];
  const second = ['last pocket\taverage', 'WDBC 95.7 1.37 96.1 1.10', 'Wine 1 97.7 1.89 97.7 1.89'];
  expect(prose(...first, '', ...second)).toBe(
    'Wine 2 | 1.79 | 0.73 1.13 | 0.1\nWine 3 | 1.56 | 0.46 0.86 | 0.0\n\nlast pocket | average\nWDBC 95.7 1.37 96.1 1.10\nWine 1 97.7 1.89 97.7 1.89',
  );
});

test('the labels of a figure’s axis are no text, and a number at the end of a sentence is', () => {
  expect(prose('The gain is', '', '100', '', '95', '', '90', '', 'Figure 1: Accuracy.')).toBe(
    'The gain is\n\nFigure 1: Accuracy.',
  );
  expect(prose('They all ran in', '1990', 'and 12 of 30 were lost.')).toBe(
    'They all ran in 1990 and 12 of 30 were lost.',
  );
});
