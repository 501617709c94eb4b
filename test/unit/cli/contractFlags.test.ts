import { expect, test } from 'vitest';
import { contractKeyOf } from '../../../src/cli/contractFlags.ts';
import { Contract } from '../../../src/domain/contract.ts';

test('every key of the contract is known where somebody tries it as a flag, but those that are one', () => {
  const flags = ['version', 'final'];
  for (const key of Object.keys(Contract.shape).filter((name) => !flags.includes(name))) {
    expect(contractKeyOf(`--${key}`)).toBe(key);
    expect(contractKeyOf(`--${key.replaceAll('_', '-')}=3`)).toBe(key);
  }
});

test.each([
  ['--seed', 'seeds'],
  ['--n-seeds', 'seeds'],
  ['--timeout', 'budget: { wall: … }'],
  ['--metric', 'metrics'],
  ['--label', 'labels'],
  ['--min-effect', 'minimum_effect'],
])('%s means %s', (flag, key) => {
  expect(contractKeyOf(flag)).toBe(key);
});

test('a flag that names nothing of the contract means none of its keys', () => {
  for (const flag of ['--jsn', '', '--', '--model']) expect(contractKeyOf(flag)).toBeNull();
});
