import { expect, test } from 'vitest';
import type { Arms } from '../../../src/evidence/arms.ts';
import { onceOfArms } from '../../../src/evidence/onceOfArms.ts';

test('what follows from the arms is computed once for each of them, and again for others', async () => {
  const computed: string[] = [];
  const compute = (name: string) => async () => {
    computed.push(name);
    return name;
  };
  const [arms, others] = [{} as Arms, {} as Arms];
  const found = await Promise.all([
    onceOfArms(arms, 'a', compute('a')),
    onceOfArms(arms, 'a', compute('a again')),
    onceOfArms(arms, 'b', compute('b')),
    onceOfArms(others, 'a', compute('a of others')),
  ]);
  expect(found).toEqual(['a', 'a', 'b', 'a of others']);
  expect(computed).toEqual(['a', 'b', 'a of others']);
});
