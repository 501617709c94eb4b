import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withAccepted } from '../../../src/changes/acceptedTree.ts';
import { decide } from '../../../src/changes/decide.ts';
import type { ChangeSet, FileChange, Hunk } from '../../../src/domain/change.ts';
import { Repository } from '../../../src/git/repository.ts';
import { scratchRepository } from '../../hosts/scratchRepository.ts';

/** Files of one change set, and decisions on each of them: 2,500 x 4 cases. */
const FILES = 2_500;
const DECISIONS = 4;

/** Whatever stands in researchers' files: other line ends, a mark at the beginning, no last line end, characters of several
 *  code units, letters put together from parts, bytes that are no text. */
const line = fc.tuple(
  fc.constantFrom(
    '',
    'a',
    'a',
    'b',
    'if x:',
    '\tx',
    'naïve',
    'nai\u0308ve',
    '🧪 ok',
    '👩‍🔬',
    '數據',

    '@@ -1 +1 @@',
  ),
  fc.constantFrom('\n', '\n', '\n', '\r\n', '\r'),
);
const text = fc
  .tuple(
    fc.constantFrom('', '', '\ufeff'),
    fc.array(line, { minLength: 60, maxLength: 140 }),
    fc.constantFrom('', 'end', '\ud83e'),
  )
  .map(([mark, lines, last]) => mark + lines.map((pair) => pair.join('')).join('') + last);
const edits = fc.array(fc.tuple(fc.nat(139), fc.constantFrom('', 'new\n', 'a\nb\n', 'x\r\n', '\ufeffy\n', 'no end')), {
  minLength: 2,
  maxLength: 8,
});
const pair = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(text, edits).map(([before, places]): [string, string] => [before, edited(before, places)]),
  },
  { weight: 1, arbitrary: fc.tuple(text, text) },
  { weight: 1, arbitrary: text.map((before): [string, string] => [before, `${before}\0`]) },
  { weight: 1, arbitrary: text.map((before): [string, string] => [before, '']) },
  { weight: 1, arbitrary: text.map((after): [string, string] => ['', after]) },
);

function edited(before: string, places: readonly [number, string][]): string {
  const lines = before.split(/(?<=\n)/);
  for (const [at, words] of places) if (at < lines.length) lines[at] = words;
  return lines.join('');
}

/** Fresh in every run; a failure names it. */
const seed = Date.now() % 2 ** 31;
const random = generator(seed);

interface Changes {
  readonly set: ChangeSet;
  readonly sides: ReadonlyMap<string, { before: Buffer; after: Buffer }>;
}

let made: Promise<Changes> | undefined;

/** Made once, by the first test. */
function changes(): Promise<Changes> {
  made ??= make();
  return made;
}

async function make(): Promise<Changes> {
  const repository = await Repository.open(scratchRepository({ readme: '' }));
  const pairs = fc.sample(pair, { numRuns: FILES, seed });
  const sides = new Map(
    pairs.map(([before, after], i) => [`f${i}`, { before: Buffer.from(before), after: Buffer.from(after) }]),
  );
  const empty = await repository.emptyTree();
  const side = (which: 'before' | 'after') => [...sides].map(([path, both]) => ({ path, content: both[which] }));
  const base = await repository.commitTree(await repository.writeTreeWith(empty, side('before')), [], 'base');
  const set = await repository.changeSet(base, await repository.writeTreeWith(empty, side('after')), 'Proposal');
  return { set, sides };
}

interface Case {
  readonly file: FileChange;
  /** The change set of this file alone. */
  readonly alone: ChangeSet;
  readonly before: Buffer;
  readonly after: Buffer;
  readonly some: ReadonlySet<string>;
}

/** Every changed file, with hunks drawn from it, several times. */
function* casesOf({ set, sides }: Changes): Generator<Case> {
  for (const file of set.files) {
    const { before, after } = sides.get(file.path) ?? { before: Buffer.alloc(0), after: Buffer.alloc(0) };
    for (let i = 0; i < DECISIONS; i += 1) {
      const chance = random();
      yield {
        file,
        alone: { ...set, files: [file] },
        before,
        after,
        some: new Set(file.hunks.filter(() => random() < chance).map(({ id }) => id)),
      };
    }
  }
}

/** The file as it is when these hunks are accepted. */
function partly(
  { before, after }: { before: Buffer; after: Buffer },
  hunks: readonly Hunk[],
  accepted: ReadonlySet<string>,
): Buffer {
  return withAccepted(
    before,
    after,
    hunks.map((hunk) => ({ ...hunk, decision: accepted.has(hunk.id) ? 'accepted' : 'rejected' })),
  );
}

function hunksOf({ files: [file] }: ChangeSet): readonly Hunk[] {
  return file?.hunks ?? [];
}

describe(`decisions on ${FILES} files (seed ${seed})`, () => {
  test('accepting all is the proposal and rejecting all the file as it was, byte for byte', async () => {
    let count = 0;
    for (const one of casesOf(await changes())) {
      if (one.file.binary) continue;
      const all = hunksOf(decide(one.alone, 'all', 'accepted'));
      const none = hunksOf(decide(one.alone, 'all', 'rejected'));
      expect(withAccepted(one.before, one.after, all).equals(one.after), one.file.path).toBe(true);
      expect(withAccepted(one.before, one.after, none).equals(one.before), one.file.path).toBe(true);
      count += 1;
    }
    expect(count).toBeGreaterThan(5_000);
  });

  test('what is accepted and then undone is as if it had never been', async () => {
    for (const one of casesOf(await changes())) {
      const ids = [...one.some];
      const open = one.alone;
      const undone = decide(decide(open, { hunks: ids }, 'accepted'), { hunks: ids }, 'open');
      expect(undone).toEqual(decide(open, { hunks: ids }, 'open'));
      if (!one.file.binary) {
        expect(withAccepted(one.before, one.after, hunksOf(undone)).equals(one.before), one.file.path).toBe(true);
      }
    }
  });

  test('the order of decisions does not matter', async () => {
    for (const { file, alone, some } of casesOf(await changes())) {
      const steps = file.hunks.map(({ id }) => [id, some.has(id) ? 'accepted' : 'rejected'] as const);
      const inTurn = (order: typeof steps) =>
        order.reduce((now, [id, decision]) => decide(now, { hunks: [id] }, decision), alone);
      const shuffled = steps.map((step) => [random(), step] as const).sort(([a], [b]) => a - b);
      expect(inTurn(shuffled.map(([, step]) => step))).toEqual(inTurn(steps));
    }
  });

  test('taking some hunks from the old file is leaving the others from the new one', async () => {
    let split = 0;
    for (const one of casesOf(await changes())) {
      if (one.file.binary) continue;
      const { hunks } = one.file;
      const backwards = hunks.map((hunk) => ({
        ...hunk,
        ...{ oldStart: hunk.newStart, oldLines: hunk.newLines, newStart: hunk.oldStart, newLines: hunk.oldLines },
      }));
      const others = new Set(hunks.filter(({ id }) => !one.some.has(id)).map(({ id }) => id));
      const forth = partly(one, hunks, one.some);
      const back = partly({ before: one.after, after: one.before }, backwards, others);
      expect(forth.equals(back), `${one.file.path}: ${[...one.some].join(' ')}`).toBe(true);
      if (one.some.size > 0 && others.size > 0) split += 1;
    }
    expect(split).toBeGreaterThan(1_000);
  });
});

function generator(from: number): () => number {
  let state = from >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
