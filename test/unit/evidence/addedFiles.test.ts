import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Arm, Check } from '../../../src/domain/evidence.ts';
import type { CheckRequest } from '../../../src/evidence/checkRequest.ts';
import { parseContract } from '../../../src/evidence/contractFile.ts';
import { checkHidden } from '../../../src/evidence/hiddenCheck.ts';
import { checkOverlap } from '../../../src/evidence/overlapCheck.ts';

type Files = Readonly<Record<string, string | Buffer>>;
const baseline: Arm = { name: 'baseline', revision: 'main', commit: 'c0', tree: 'before' };
const variant: Arm = { name: 'variant', revision: 'idea', commit: 'c1', tree: 'after' };
const rows = Array.from({ length: 120 }, (_, i) => ({
  id: `t${i}`,
  x: (i * 7919) % 1009,
  y: (i * i * 31 + (i >> 2)) % 7 > 2 ? 1 : 0,
}));
const table = (head: string, line: (row: (typeof rows)[number]) => string): string =>
  `${head}\n${rows.map(line).join('\n')}\n`;
const LABELS = table('id,label', ({ id, y }) => `${id},${y}`);
const TEST = table('id,x,z', ({ id, x }) => `${id},${x},${(x * 3) % 101}`);
const TRAIN = `id,x,z,label\n${Array.from({ length: 100 }, (_, i) => `r${i},${2000 + i},5,${i % 2}`).join('\n')}\n`;

let top: string;
beforeEach(async () => {
  top = await mkdtemp(join(tmpdir(), 'added-files-test-'));
});
afterEach(() => rm(top, { recursive: true, force: true }));

/** A request whose two trees hold these files beside the data. */
async function request(before: Files, after: Files, keys = '', hidden: Files = { 'hidden/labels.csv': LABELS }) {
  const data = { 'data/train.csv': TRAIN, 'data/test.csv': TEST, ...hidden };
  for (const [name, content] of Object.entries({ ...data, ...before })) {
    await mkdir(dirname(join(top, name)), { recursive: true });
    await writeFile(join(top, name), content);
  }
  const blobs = new Map<string, Buffer>();
  const trees = Object.fromEntries(
    Object.entries({ before: { ...data, ...before }, after: { ...data, ...before, ...after } }).map(([tree, files]) => [
      tree,
      Object.entries(files).map(([path, content]) => {
        const blob = createHash('sha256').update(content).digest('hex');
        blobs.set(blob, Buffer.from(content));
        return { path, blob, mode: '100644', size: content.length };
      }),
    ]),
  );
  const contract = parseContract(
    `version: 1\ntask: t\nrun: r\nevaluate: e\nmetrics: { accuracy: maximize }\ninputs: [data/train.csv, data/test.csv]\nhidden: [hidden]\n${keys}`,
    'mlr.yaml',
  );
  return {
    ...{ contract, workspace: top, confinement: 'bwrap', blocks: [] },
    registration: { baseline, variants: [variant] },
    arms: {
      ...{ evaluator: top, source: async () => top, concealed: [{ from: join(top, 'hidden'), as: 'hidden' }] },
      inputs: ['data/train.csv', 'data/test.csv'].map((as) => ({ from: join(top, as), as })),
    },
    repository: {
      folder: '',
      listFiles: async (tree: string) => trees[tree] ?? [],
      blob: async (id: string) => blobs.get(id) ?? Buffer.alloc(0),
    },
  } as unknown as CheckRequest;
}
const brief = (checks: readonly Check[]) => checks.map(({ kind, passed }) => `${kind} ${passed}`);

describe('hidden files that an agent read before they were hidden', () => {
  it('make its variant invalid, with who read what and the way out', async () => {
    const asked = await request({}, { 'a.py': 'x = 1\n' });
    expect(brief(await checkHidden(asked))).toEqual(['void true']);
    const seen = Array.from({ length: 5 }, (_, i) => `the idea agent read hidden/${i}.csv (read_file)`);
    const checks = await checkHidden({ ...asked, arms: { ...asked.arms }, seenByAgents: seen });
    expect(checks).toMatchObject([{ name: 'hidden-unseen', kind: 'void', passed: false, revision: 'idea' }]);
    expect(checks[0]?.detail).toMatch(
      /^looked at before .* hidden\/2\.csv \(read_file\) and 2 more, .* begin a new session/,
    );
  });
});

describe('a copy of a hidden file, byte for byte', () => {
  const blob = createHash('sha256').update(`blob ${LABELS.length}\0${LABELS}`).digest('hex');
  const copied = { name: 'other', revision: 'cheat', commit: 'c2', tree: 'copied' };
  const asking = async (where: string): Promise<CheckRequest> => {
    const asked = await request({}, { 'a.py': 'x = 1\n' });
    const { listFiles } = asked.repository;
    const files = async (tree: string) => {
      const copy = { path: 'sheet.csv', blob, mode: '100644', size: LABELS.length };
      return [...(await listFiles(tree)), ...(tree === where ? [copy] : [])];
    };
    const registration = { ...asked.registration, variants: [variant, copied] };
    return { ...asked, registration, repository: { ...asked.repository, listFiles: files } } as CheckRequest;
  };

  it('makes the variant invalid that brought it, and no other', async () => {
    const checks = await checkHidden(await asking('copied'));
    expect(checks).toMatchObject([{ name: 'hidden-unseen', kind: 'void', passed: false, revision: 'cheat' }]);
    expect(checks[0]?.detail).toMatch(/^a file kept twice\? sheet\.csv of cheat is a copy of hidden\/labels\.csv/);
  });

  it('makes all invalid where the baseline has it', async () => {
    const [check, ...others] = await checkHidden(await asking('before'));
    expect([check?.passed, check?.revision, others]).toEqual([false, undefined, []]);
  });
});

describe('labels that a variant added', () => {
  it('are a void copy wherever they come from: typed off, copied or moved', async () => {
    const list = `PRIOR = [${rows.map(({ y }) => y).join(', ')}]`;
    for (const added of [{ 'a.py': list }, { 'b.csv': LABELS }, { 'c.txt': Buffer.from(`\ufeff${list}`, 'utf16le') }]) {
      const checks = await checkHidden(await request({}, added));
      expect(checks).toMatchObject([{ name: 'hidden-unseen', kind: 'void', passed: false, revision: 'idea' }]);
      expect(checks[0]?.detail).toContain('hidden/labels.csv (label)');
      expect(checks[0]?.detail).toContain('move it out of the tree');
    }
  });

  it('are a doubt where a tenth is wrong, and found when shared out among files', async () => {
    const saved = table('id,label', ({ id, y, x }) => `${id},${x % 10 === 3 ? 1 - y : y}`);
    expect(brief(await checkHidden(await request({}, { 'saved.csv': saved })))).toEqual(['doubt false']);
    const shared = Object.fromEntries(
      [0, 1, 2, 3, 4, 5].map((part) => [
        `part${part}.py`,
        rows
          .slice(20 * part, 20 * part + 20)
          .map(({ y }) => y)
          .join(' '),
      ]),
    );
    expect(brief(await checkHidden(await request({}, shared)))).toEqual(['void false']);
  });

  it('are not what the baseline has already, nor what a visible input holds', async () => {
    expect(brief(await checkHidden(await request({ 'old.csv': LABELS }, { 'old.csv': `${LABELS}\n` })))).toEqual([
      'void true',
    ]);
    const ids = table('id,x', ({ id, x }) => `${id},${x}`);
    expect(brief(await checkHidden(await request({}, { 'features.csv': ids })))).toEqual(['void true']);
    const wide = { 'hidden/labels.csv': table('id,x,label', ({ id, x, y }) => `${id},${x}.0,${y}`) };
    expect(brief(await checkHidden(await request({}, { 'features.csv': ids }, '', wide)))).toEqual(['void true']);
  });

  it('are not looked for where they are few, or of no format that can be read, and it says so', async () => {
    const few = { 'hidden/labels.csv': 'id,label\nt0,1\nt1,0\nt2,1\n' };
    const checks = await checkHidden(await request({}, { 'a.py': '1 0 1' }, '', few));
    expect(brief(checks)).toEqual(['void true', 'void null']);
    expect(checks[1]?.detail).toBe('added text was not searched: hidden/labels.csv (label) holds less than 48 bits');
    const binary = await checkHidden(
      await request({}, {}, '', { 'hidden/labels.csv': Buffer.alloc(9), 'hidden/l.npy': Buffer.alloc(9) }),
    );
    expect(binary[1]?.detail).toContain('hidden/l.npy cannot be read');
  });
});

describe('test rows that a variant trains on', () => {
  it('are void in a file that it added, under whatever name, and nothing in the baseline’s', async () => {
    const more = table('p,q,label', ({ x, y }) => `${x},${(x * 3) % 101},${y}`);
    expect(await checkOverlap(await request({}, { 'data/more.csv': more }))).toMatchObject([
      { name: 'train-test-overlap', kind: 'void', passed: false, revision: 'idea' },
    ]);
    expect(
      brief(await checkOverlap(await request({ 'data/more.csv': more }, { 'data/more.csv': `${more}\n` }))),
    ).toEqual(['void true']);
  });

  it('are told apart by the roles of files, and not run where there are none', async () => {
    expect(brief(await checkOverlap(await request({}, {})))).toEqual(['void true']);
    const [none] = await checkOverlap(await request({}, {}, 'train: [data/nothing.csv]\n'));
    expect(none).toMatchObject({ passed: null });
  });

  it('are void for all arms where the training input itself holds them', async () => {
    const both = await request({}, {});
    await writeFile(join(top, 'data/train.csv'), TEST);
    expect(await checkOverlap(both)).toMatchObject([{ passed: false, revision: 'main' }]);
  });

  it('are void from a few of them on, where train has no rows twice by itself', async () => {
    const few = await request({}, {});
    const copied = rows.slice(0, 24).map(({ x }, i) => `c${i},${x},${(x * 3) % 101},1`);
    const own = Array.from({ length: 100 }, (_, i) => `r${i},${2000 + i},${i % 37},${i % 2}`);
    await writeFile(join(top, 'data/train.csv'), `id,x,z,label\n${[...own, ...copied].join('\n')}\n`);
    expect(await checkOverlap(few)).toMatchObject([{ kind: 'void', passed: false, revision: 'main' }]);
  });

  it('are void in an added file from one in a hundred on, and nothing below', async () => {
    const one = table('x,z', ({ x }) => `${x},${(x * 3) % 101}`)
      .split('\n')
      .slice(0, 2)
      .join('\n');
    const small = await request({}, { 'data/more.csv': one });
    expect(brief(await checkOverlap(small))).toEqual(['void true']);
    await writeFile(join(top, 'data/test.csv'), TEST.split('\n').slice(0, 101).join('\n'));
    expect(brief(await checkOverlap({ ...small, arms: { ...small.arms } }))).toEqual(['void false']);
  });

  const held = rows.slice(0, 40).map(({ x }, i) => `r${i},${x},${(x * 3) % 101},1`);
  const HELD_TWICE = `id,x,z,label\n${[...held, ...held].join('\n')}\n`;

  /** Six seeds of a variant that is right on these rows, and else as the baseline is. */
  function scoredWhere(one: CheckRequest, gains: (row: number) => boolean): CheckRequest {
    const score = (arm: Arm, seed: number) => {
      const examples = rows.map((_, i) => Number((i + seed) % 3 > 0 || (arm === variant && gains(i))));
      const accuracy = examples.reduce((a, b) => a + b, 0) / examples.length;
      const scores = { metrics: { accuracy }, examples, units: examples, groups: null };
      return [arm.name, { arm, seed, runs: [], evaluations: [], failure: null, scores }] as const;
    };
    const seeds = [1, 2, 3, 4, 5, 6];
    const blocks = seeds.map((seed) => new Map([score(baseline, seed), score(variant, seed)]));
    const registration = {
      ...{ baseline, variants: [variant], seeds, metric: 'accuracy', goal: 'maximize' },
      ...{ minimumEffect: 0, alpha: 0.05, tryNumber: 1 },
    };
    return { ...one, registration, blocks } as unknown as CheckRequest;
  }

  it('raise a doubt where the verdict rests on rows that train holds too', async () => {
    const one = await request({}, {});
    await writeFile(join(top, 'data/train.csv'), HELD_TWICE);
    const onTwins = await checkOverlap(scoredWhere(one, (row) => row < 40));
    expect(brief(onTwins)).toEqual(['void true', 'note true', 'doubt false']);
    const everywhere = await checkOverlap(scoredWhere(one, () => true));
    expect(brief(everywhere)).toEqual(['void true', 'note true']);
  });

  it('raise it too where only the variant’s own training file holds them', async () => {
    const one = await request({}, {}, 'varies: [data/train.csv]\n');
    const own = join(top, 'own');
    await mkdir(join(own, 'data'), { recursive: true });
    await writeFile(join(own, 'data/train.csv'), HELD_TWICE);
    const inputs = one.arms.inputs.filter(({ as }) => as === 'data/test.csv');
    const arms = { ...one.arms, inputs, source: async (arm: Arm) => (arm === variant ? own : top) };
    const checks = await checkOverlap(scoredWhere({ ...one, arms }, (row) => row < 40));
    expect(brief(checks)).toEqual(['void true', 'note true', 'doubt false']);
    expect(checks[1]).toMatchObject({ revision: 'idea' });
  });
});
