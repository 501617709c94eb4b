import { describe, expect, it } from 'vitest';
import type { Measurement } from '../../../src/domain/evidence.ts';
import { differencePlot, scorePlot } from '../../../src/evidence/plots.ts';
import { exampleMeasurement } from './exampleMeasurement.ts';

const count = (svg: string, what: string): number => svg.split(what).length - 1;
const pictures = (m: Measurement) => [differencePlot(m), scorePlot(m)];

function repeated(m: Measurement, times: number): Measurement {
  const many = <S extends { values: (number | null)[] }>(side: S): S => {
    return { ...side, values: Array.from({ length: times }, () => side.values).flat() };
  };
  return { ...m, baseline: many(m.baseline), variants: m.variants.map(many) };
}

describe('the plots of a report', () => {
  it('draw one dot for every paired seed and every run, of two to five arms', () => {
    for (const variants of [1, 2, 4]) {
      const { measurement } = exampleMeasurement({ variants, seeds: 8 });
      expect(count(differencePlot(measurement).svg, '<circle')).toBe(8 * variants);
      expect(count(scorePlot(measurement).svg, '<circle')).toBe(8 * (variants + 1));
    }
  });

  it('say in words what they show, in the picture and beside it', () => {
    const { measurement } = exampleMeasurement({ variants: 1, seeds: 6 });
    const { svg, alt } = differencePlot(measurement);
    expect(alt).toMatch(/^Paired differences in accuracy.* mean gain \+0\.0\d+, .* better in \d of 6 seeds\.$/);
    expect(svg).toMatch(/<title id="title">Paired differences in accuracy/);
    expect(svg).toMatch(/<desc id="description">variant-1 \(branch-1\): mean gain/);
  });

  it('are the same letters for the same numbers, fetch nothing, and bring their own ground for light and dark', () => {
    const { measurement } = exampleMeasurement({ variants: 2, seeds: 5 });
    expect(pictures(measurement)).toEqual(pictures(structuredClone(measurement)));
    for (const { svg } of pictures(measurement)) {
      expect(svg).not.toMatch(/href|url\(|@import|@font-face|NaN|Infinity|undefined/);
      expect(svg).toMatch(/class="ground"/);
      expect(svg).toMatch(/prefers-color-scheme:dark/);
    }
  });

  it('name every arm by its revision or its arguments, arms apart whose names begin alike', () => {
    const revision = 'experiment/attention-with-rotary-positions';
    const { measurement } = exampleMeasurement({ variants: 2, seeds: 5, revision });
    for (const { svg, alt } of pictures(measurement)) {
      expect(alt).toContain(`variant-2 (${revision}-2): mean`);
      expect(svg).toMatch(/>variant-1<\/tspan>.*>experiment\/a…-positions-1<\/tspan>/s);
      expect(svg).toMatch(/>experiment\/a…-positions-2<\/tspan>/);
    }
    const [one] = measurement.registration.variants;
    if (one) Object.assign(one, { name: 'ours', revision: 'ours (--model large)' });
    expect(scorePlot(measurement).svg).toMatch(/>ours<\/tspan>.*>--model large<\/tspan>/s);
  });

  it('stay small for 10,000 seeds, and say that they show a share of them', () => {
    const measurement = repeated(exampleMeasurement({ variants: 1, seeds: 5 }).measurement, 2000);
    for (const { svg, alt } of pictures(measurement)) {
      expect(svg.length).toBeLessThan(60_000);
      expect(alt).toMatch(/400 of them shown/);
    }
  });

  it('survive lost seeds, equal values, huge values and names that are markup', () => {
    const { measurement } = exampleMeasurement({ variants: 1, seeds: 4 });
    const [side] = measurement.variants;
    if (side === undefined) throw new Error('no variant');
    const odd: (number | null)[][] = [
      [null, null, null, null],
      [1, 1, 1, 1],
      [1e308, -1e308, 0, null],
      [-0, 0, 0, 0],
    ];
    for (const values of odd) {
      const changed = { ...measurement, metric: '<b>&"', variants: [{ ...side, values }] };
      for (const { svg } of pictures(changed)) expect(svg).not.toMatch(/NaN|Infinity|<b>/);
    }
  });
});
