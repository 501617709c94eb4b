import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseContract } from '../../../src/evidence/contractFile.ts';
import { drawSeeds, register, runIdOf, shuffled } from '../../../src/evidence/register.ts';
import { CONTRACT } from '../../integration/evidence/scratchStudy.ts';

const workspace = mkdtempSync(join(tmpdir(), 'register-test-'));
afterAll(() => rmSync(workspace, { recursive: true }));
const arm = (name: string) => ({ name, revision: name, commit: `c-${name}`, tree: `t-${name}` });
const request = {
  ...{
    workspace,
    hypothesis: 'h',
    baseline: arm('baseline'),
    variants: [arm('variant')],
    agentWritten: false,
    earlier: [],
  },
  ...{ contract: parseContract(CONTRACT, 'mlr.yaml'), testSet: { 'data/labels.txt': 'abc' } },
};
const listed = { ...request, contract: { ...request.contract, seeds: [3, 1, 2] } };

describe('a registration', () => {
  it('draws seeds that were never used here, unless the contract lists them', () => {
    const first = register(request);
    const second = register({ ...request, earlier: [first] });
    expect(new Set([...first.seeds, ...second.seeds]).size).toBe(10);
    expect(register(listed)).toMatchObject({ seeds: [3, 1, 2], seedsFrom: 'known beforehand' });
  });

  it('draws again where a seed was used before', () => {
    class Odd extends Set<number> {
      override has(seed: number): boolean {
        return seed % 2 === 1;
      }
    }
    const seeds = drawSeeds(40, new Odd());
    expect(new Set(seeds).size).toBe(40);
    expect(seeds.filter((seed) => seed % 2 === 1)).toEqual([]);
  });

  it('draws them all the same for what an agent wrote', () => {
    const drawn = register({ ...listed, agentWritten: true });
    expect(drawn).toMatchObject({ seedsFrom: 'drawn' });
    expect(drawn.seeds).toHaveLength(3);
    expect(drawn.seeds).not.toEqual([3, 1, 2]);
  });

  it('counts a try once a variant was scored, or its runs are gone, and not on another test set', () => {
    const first = register(request);
    const folder = (run: string) => mkdirSync(join(workspace, '.mlr', 'runs', run), { recursive: true });
    expect(register({ ...request, earlier: [first] }).tryNumber).toBe(2);
    const [seed = 0] = first.seeds;
    folder(runIdOf(first.id, seed, 'baseline'));
    expect(register({ ...request, earlier: [first] }).tryNumber).toBe(1);
    folder(`${runIdOf(first.id, seed, 'variant')}-evaluate`);
    const second = register({ ...request, earlier: [first] });
    expect(second).toMatchObject({ tryNumber: 2, leastSeeds: 7 });
    expect(register({ ...request, earlier: [first], testSet: { 'data/labels.txt': 'other' } }).tryNumber).toBe(1);
  });

  it('counts a try whose only score is that of a run that was made again', () => {
    const first = register(request);
    const folder = (run: string) => mkdirSync(join(workspace, '.mlr', 'runs', run), { recursive: true });
    const [seed = 0] = first.seeds;
    folder(runIdOf(first.id, seed, 'variant'));
    expect(register({ ...request, earlier: [first] }).tryNumber).toBe(1);
    folder(runIdOf(first.id, seed, 'variant', 2));
    folder(`${runIdOf(first.id, seed, 'variant', 2)}-evaluate`);
    expect(register({ ...request, earlier: [first] }).tryNumber).toBe(2);
  });

  it('keeps the tries on the locked test set apart from those on the other', () => {
    const first = register(request);
    const final = register({ ...request, final: true, earlier: [first] });
    expect(final).toMatchObject({ final: true, tryNumber: 1 });
    expect(final.family).not.toBe(first.family);
    expect(register({ ...request, final: true, earlier: [first, final] }).tryNumber).toBe(2);
  });

  it('fixes an order that anybody can repeat, in which each arm comes first about as often', () => {
    const { orderSeed, order } = register({ ...request, contract: { ...request.contract, seeds: 400 } });
    expect(order.map((_, i) => shuffled(['baseline', 'variant'], `${orderSeed}:${i}`))).toEqual(order);
    const first = order.filter((names) => names[0] === 'baseline').length;
    expect(first).toBeGreaterThan(140);
    expect(first).toBeLessThan(260);
  });

  it('refuses two arms of one name', () => {
    const twin = { ...arm('variant'), tree: 'other' };
    expect(() => register({ ...request, variants: [arm('variant'), twin] })).toThrow('Two arms are named "variant"');
  });
});
