import fc from 'fast-check';
import { expect, it } from 'vitest';
import { strayNumbers } from '../../../src/agents/validate/strayNumbers.ts';

const MATERIAL = 'accuracy 0.8731, difference -0.0214, p 3.9e-3, 1,797 scans, lr=0.1';

it.each([
  ['as it stands', 'It reached 0.8731.'],
  ['rounded', 'It reached 0.87, 0.021 below; p was 0.004.'],
  ['in percent', 'It reached 87 % (87.3%).'],
  ['with or without thousands marked', 'on 1797 scans (1,797)'],
  ['small counts as words', '2 of the 10 seeds'],
  ['in a name', 'resnet18 and v2.10.3-beta'],
])('a measured number may be written %s', (_, text) => {
  expect(strayNumbers(text, MATERIAL)).toEqual([]);
});

it.each([
  ['0.88', 'It reached 0.88.'],
  ['12', 'It is 12 points better.'],
  ['0.0300', 'by 0.0300, and again by 0.0300'],
])('%s was never measured', (number, text) => {
  expect(strayNumbers(text, MATERIAL)).toEqual([number]);
});

it('the last number of a count from zero is known by the count, where a reader asks for that', () => {
  expect(strayNumbers('passes 30 to 59', '60 passes, half of them 30')).toEqual(['59']);
  expect(strayNumbers('passes 30 to 59', '60 passes, half of them 30', true)).toEqual([]);
  expect(strayNumbers('it gains 58, or 59.5', '60 passes', true)).toEqual(['58', '59.5']);
});

it('every number of a text stands in the text itself', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 })), (numbers) => {
      const text = numbers.join(' and ');
      return strayNumbers(text, text).length === 0;
    }),
  );
});
