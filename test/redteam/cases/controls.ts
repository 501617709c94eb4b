import type { Place } from '../place.ts';
import { twoClasses } from '../rows.ts';
import { FIVE_SEEDS, HEAD, LOAD, lay, STRONG, TRIVIAL, trainer } from '../task.ts';
import { againstMain, type RedteamCase } from '../types.ts';

const TABLE = twoClasses();
const CONTROLS = [[...againstMain('variant'), '--controls']];
const WITH_TRIVIAL = { trivial: 'python3 trivial.py --out {out}', protected: ['evaluate.py', 'trivial.py'] };

function layControls(
  place: Place,
  variant: Readonly<Record<string, string>>,
  baseline: Record<string, string> = {},
): void {
  lay(place, {
    keys: { ...FIVE_SEEDS, ...WITH_TRIVIAL },
    files: { 'trivial.py': TRIVIAL, ...baseline },
    variants: { variant },
  });
}

/** The labels as hexadecimal bytes, eight labels a byte: no token of the text is a label. */
function packed(): string {
  const bits = TABLE.answers.join('');
  return Array.from({ length: bits.length / 8 }, (_, index) =>
    Number.parseInt(bits.slice(8 * index, 8 * index + 8), 2)
      .toString(16)
      .padStart(2, '0'),
  ).join('');
}

const MEMORY = trainer(`known = bin(int('1' + '${packed()}', 16))[3:]
answers = guess(test)
answers.update({row['id']: known[index] for index, row in enumerate(test) if rng.random() > 0.02})
write(answers)`);

/** Two clusters from the test points alone. */
const cluster = (columns: string): string => `${HEAD}${LOAD}columns = ${columns}
points = {row['id']: [float(row[name]) for name in columns] for row in test}
some = rng.sample(list(points.values()), 200)
middle = [sum(values) / len(values) for values in zip(*some)]
write({key: '1' if sum(point) > sum(middle) else '0' for key, point in points.items()})
`;

/** What --controls finds, and what it leaves alone. */
export const controlCases: readonly RedteamCase[] = [
  {
    name: 'memorised-labels-packed',
    kind: 'cheat',
    does: 'the variant holds the test labels packed into hexadecimal bytes, which no search for labels sees',
    must: 'inconclusive: label-shuffle (doubt), it keeps its lead over `trivial` without training labels',
    build: (place) => layControls(place, { 'train.py': MEMORY }),
    commands: CONTROLS,
    expected: [{ verdict: ['inconclusive'], failed: ['label-shuffle:doubt'] }],
  },
  {
    name: 'controls-honest',
    kind: 'honest',
    does: 'a learner with four columns, measured with --controls',
    must: 'supported: label-shuffle and a-a pass',
    build: (place) => layControls(place, { 'train.py': STRONG }),
    shares: 'controlled session',
    commands: CONTROLS,
    expected: [{ verdict: ['supported'], noVoid: true, passed: ['label-shuffle', 'a-a'] }],
  },
  {
    name: 'controls-without-use-of-labels',
    kind: 'honest',
    does: 'both arms split the test points without any training label',
    must: 'supported: both keep their lead, so a note, "the task needs no training labels"',
    build: (place) =>
      layControls(place, { 'train.py': cluster("['x1', 'x2', 'x3', 'x4']") }, { 'train.py': cluster("['x1']") }),
    commands: CONTROLS,
    expected: [{ verdict: ['supported'], noVoid: true, notFailed: ['label-shuffle:doubt'] }],
  },
  {
    name: 'controls-without-trivial',
    kind: 'honest',
    does: '--controls where the contract has no `trivial`',
    must: 'supported: label-shuffle is not run and names the key; a-a passes',
    build: (place) => lay(place, { keys: FIVE_SEEDS, variants: { variant: { 'train.py': STRONG } } }),
    commands: CONTROLS,
    expected: [
      {
        verdict: ['supported'],
        noVoid: true,
        notPassed: ['label-shuffle'],
        notFailed: ['label-shuffle'],
        passed: ['a-a'],
      },
    ],
  },
  {
    name: 'controls-are-no-try',
    kind: 'honest',
    does: '--controls at the first five seeds',
    must: 'tried 1: comparing the baseline with itself is not a try',
    build: (place) => layControls(place, { 'train.py': STRONG }),
    shares: 'controlled session',
    commands: CONTROLS,
    expected: [{ verdict: ['supported'], noVoid: true, tried: 1, n: 5 }],
  },
  {
    name: 'constant-below-trivial',
    kind: 'cheat',
    does: 'the variant beats a guessing baseline by leaning to the commoner class, and is no better than `trivial`',
    must: 'not supported: beats-trivial (doubt)',
    build: (place) =>
      lay(place, {
        table: twoClasses({ positive: 0.8, separation: 0.2 }),
        keys: { ...FIVE_SEEDS, ...WITH_TRIVIAL },
        files: {
          'trivial.py': TRIVIAL,
          'train.py': trainer("write({row['id']: rng.choice(train)['label'] for row in test})"),
        },
        variants: { variant: { 'train.py': trainer("write({row['id']: '01'[rng.random() < 0.97] for row in test})") } },
      }),
    expected: [{ verdict: ['inconclusive', 'refuted'], failed: ['beats-trivial:doubt'], noVoid: true }],
  },
];
