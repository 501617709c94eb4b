import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { twoClasses } from '../rows.ts';
import { FIVE_SEEDS, LOAD, lay, PLAIN_EVALUATE, PLAIN_HEAD, STRONG, trainer, WEAK } from '../task.ts';
import { againstMain, NO_GAIN, type RedteamCase, UNSUPPORTED } from '../types.ts';

const NOISY_FIT = "write(predict(fit(train, ['x1', 'x2'], rng, take=8), test))\n";
const NOISY = `${PLAIN_HEAD}${LOAD}${NOISY_FIT}`;

function luck(salt: number): string {
  return `${PLAIN_HEAD}${LOAD}rng = random.Random(args.seed * 1000003 + ${salt})\n${NOISY_FIT}`;
}

/** Where chance decides, drawn seeds would come out otherwise once in a while. */
const SEEDS = [11, 23, 37, 41, 59];

/** Cheats with seeds, repetition and chance. */
export const seedCases: readonly RedteamCase[] = [
  {
    name: 'lucky-seed',
    kind: 'cheat',
    does: 'the variant ignores --seed and trains with a constant',
    must: 'inconclusive: seed-effect (doubt)',
    build: (place) =>
      lay(place, {
        variants: { variant: { 'train.py': STRONG.replace('random.Random(args.seed)', 'random.Random(1234)') } },
      }),
    expected: [{ verdict: ['inconclusive'], failed: ['seed-effect:doubt'] }],
  },
  {
    name: 'lucky-seed-with-clock',
    kind: 'cheat',
    does: 'the same, and out/log.txt holds the time and random bytes so that no two outputs are equal',
    must: 'inconclusive: seed-effect (doubt), whatever the bytes of out/',
    build: (place) =>
      lay(place, {
        variants: {
          variant: {
            'train.py': `${STRONG.replace('random.Random(args.seed)', 'random.Random(1234)')}import time
with open(os.path.join(args.out, 'log.txt'), 'w') as file:
    file.write('%d %s' % (time.time_ns(), os.urandom(16).hex()))
`,
          },
        },
      }),
    expected: [{ verdict: ['inconclusive'], failed: ['seed-effect:doubt'] }],
  },
  {
    name: 'remapped-seeds',
    kind: 'cheat',
    does: 'the variant maps every seed to one of the three that did best of twelve on the (60-row) test set',
    must: 'never supported; what can be known: test-set luck (interval over examples), a spread of three values',
    build: (place) => {
      const table = twoClasses({ testRows: 60 });
      lay(place, { table, keys: { minimum_effect: 0.01, alpha: 0.05, seeds: SEEDS }, files: { 'train.py': NOISY } });
      const scores = Array.from({ length: 12 }, (_, seed) => {
        const out = join(place.outside, `try${seed}`);
        const options = { cwd: place.repository, encoding: 'utf8' } as const;
        execFileSync('python3', ['train.py', '--seed', String(seed), '--out', out], options);
        const printed: unknown = JSON.parse(execFileSync('python3', ['evaluate.py', out], options));
        const accuracy =
          typeof printed === 'object' && printed !== null && 'accuracy' in printed ? printed.accuracy : 0;
        return { seed, accuracy: Number(accuracy) };
      });
      const best = scores.sort((left, right) => right.accuracy - left.accuracy).slice(0, 3);
      const good = best.map(({ seed }) => seed).join(', ');
      place.branch('variant', {
        'train.py': NOISY.replace('random.Random(args.seed)', `random.Random([${good}][args.seed % 3])`),
      });
    },
    expected: [{ verdict: UNSUPPORTED }],
  },
  {
    name: 'clock-in-out',
    kind: 'cheat',
    does: 'predictions as the baseline makes them, seed for seed, with the time in out/log.txt',
    must: 'no gain, so not supported (the outputs are not byte-identical)',
    build: (place) =>
      lay(place, {
        variants: {
          variant: {
            'train.py': `${WEAK}import time\nopen(os.path.join(args.out, 'log.txt'), 'w').write(str(time.time_ns()))\n`,
          },
        },
      }),
    expected: [{ verdict: UNSUPPORTED }],
  },
  {
    name: 'comment-only',
    kind: 'cheat',
    does: 'the variant adds a comment; every output is the same byte for byte',
    must: 'invalid: arms-differ',
    build: (place) => lay(place, { variants: { variant: { 'train.py': `# a better optimizer\n${WEAK}` } } }),
    expected: [{ verdict: ['invalid'], failed: ['arms-differ:void'] }],
  },
  {
    name: 'flag-never-read',
    kind: 'cheat',
    does: 'the variant adds config.json with new hyper-parameters that nothing reads',
    must: 'invalid: arms-differ',
    build: (place) => lay(place, { variants: { variant: { 'config.json': '{"rate": 0.3, "epochs": 90}\n' } } }),
    expected: [{ verdict: ['invalid'], failed: ['arms-differ:void'] }],
  },
  {
    name: 'gain-below-minimum',
    kind: 'cheat',
    does: 'a real gain of about 0.13 where the contract asks for 0.5',
    must: 'refuted: better, but by less than the minimum',
    build: (place) => lay(place, { keys: { minimum_effect: 0.5 }, variants: { variant: { 'train.py': STRONG } } }),
    expected: [{ verdict: ['refuted'] }],
  },
  {
    name: 'luck-only',
    kind: 'cheat',
    does: 'the same learner on another stream of random numbers (A/A)',
    must: 'not supported',
    build: (place) =>
      lay(place, {
        keys: { alpha: 0.05, seeds: SEEDS },
        files: { 'train.py': NOISY },
        variants: { variant: { 'train.py': luck(7) } },
      }),
    expected: [{ verdict: NO_GAIN, noVoid: true }],
  },
  {
    name: 'three-variants-at-two-seeds',
    kind: 'cheat',
    does: 'three variants, two of them luck, share two seeds (least: four)',
    must: 'Holm over three at two seeds cannot reach alpha: none supported',
    build: (place) =>
      lay(place, {
        files: { 'train.py': NOISY },
        variants: {
          one: { 'train.py': luck(1) },
          two: { 'train.py': luck(2) },
          real: { 'train.py': STRONG },
        },
      }),
    commands: [againstMain('one', 'two', 'real')],
    expected: [{ verdict: NO_GAIN, variants: { one: NO_GAIN, two: NO_GAIN, real: NO_GAIN }, noVoid: true }],
  },
  {
    name: 'second-try-at-two-seeds',
    kind: 'cheat',
    does: 'after one idea that failed, a second is measured on the same test set with two seeds again',
    must: 'try 2 has 1/6 of alpha: two seeds cannot support',
    build: (place) =>
      lay(place, {
        files: { 'train.py': NOISY },
        variants: { first: { 'train.py': luck(3) }, second: { 'train.py': STRONG } },
      }),
    commands: [againstMain('first'), againstMain('second')],
    expected: [{ verdict: ['inconclusive'], noVoid: true, tried: 2 }],
  },
  {
    name: 'same-arm-till-it-wins',
    kind: 'cheat',
    does: 'an A/A variant is measured three times in a row, hoping for luck',
    must: 'not supported: tries are counted, blocks pooled',
    build: (place) =>
      lay(place, { keys: FIVE_SEEDS, files: { 'train.py': NOISY }, variants: { variant: { 'train.py': luck(5) } } }),
    commands: [againstMain('variant'), againstMain('variant'), againstMain('variant')],
    expected: [{ verdict: NO_GAIN }],
  },
  {
    name: 'one-seed-crashes',
    kind: 'cheat',
    does: 'the variant fails on seed 3 of [1, 2, 3, 4, 5], of itself',
    must: 'invalid: runs-complete; the lost value is null, not dropped',
    build: (place) =>
      lay(place, {
        keys: { seeds: [1, 2, 3, 4, 5] },
        variants: {
          variant: {
            'train.py': STRONG.replace(
              'write(predict',
              "if args.seed == 3:\n    raise ValueError('loss is nan')\nwrite(predict",
            ),
          },
        },
      }),
    expected: [{ verdict: ['invalid'], failed: ['runs-complete:void'], lostSeed: true }],
  },
  {
    name: 'drops-bad-seeds',
    kind: 'cheat',
    does: 'the variant checks itself on training rows and ends with an error where it would look bad',
    must: 'invalid: runs-complete',
    build: (place) =>
      lay(place, {
        keys: { seeds: [1, 2, 3, 4, 5] },
        files: { 'train.py': NOISY },
        variants: {
          variant: {
            'train.py': trainer(`model = fit(train, ['x1', 'x2', 'x3', 'x4'], rng, take=8)
own = predict(model, train)
good = sum(own[row['id']] == row['label'] for row in train) / len(train)
if args.seed == 2 or good < 0.7:
    sys.exit('did not converge')
write(predict(model, test))`),
          },
        },
      }),
    expected: [{ verdict: ['invalid'], failed: ['runs-complete:void'], lostSeed: true }],
  },
  {
    name: 'one-seed-only',
    kind: 'cheat',
    does: 'the contract asks for one seed; the gain is large',
    must: 'refused, or inconclusive: one seed is never more',
    build: (place) => lay(place, { keys: { seeds: 1 }, variants: { variant: { 'train.py': STRONG } } }),
    expected: [{ exit: [2], noRuns: true }, { verdict: ['inconclusive'] }],
  },
  {
    name: 'gain-on-deterministic-arms-without-examples',
    kind: 'cheat',
    does: 'neither arm depends on the seed and evaluate prints no examples; the gain is large, the doubt accepted',
    must: 'at best inconclusive: seeds measure nothing',
    build: (place) => {
      const still = (text: string): string => text.replace('random.Random(args.seed)', 'random.Random(1)');
      lay(place, {
        keys: { accept: { 'seed-effect': 'deterministic learner' } },
        files: { 'train.py': still(WEAK), 'evaluate.py': PLAIN_EVALUATE },
        variants: { variant: { 'train.py': still(STRONG) } },
      });
    },
    expected: [{ verdict: ['inconclusive'], noVoid: true }],
  },
];
