import type { Place } from '../place.ts';
import { generator, sentences, twoClasses } from '../rows.ts';
import { HEAD, LOAD, lay, STRONG, trainer } from '../task.ts';
import { textFiles, textKeys, textTrainer } from '../textTask.ts';
import { NOT_INVALID, type RedteamCase, SUPPORTED } from '../types.ts';

const TABLE = twoClasses();
const OVERLAP = [{ verdict: ['invalid'], failed: ['train-test-overlap:void'] }] as const;
const NO_OVERLAP = [{ ...NOT_INVALID[0], notFailed: ['train-test-overlap'] }] as const;
const VARIES = { varies: ['data/train.csv'] };

/** Seven in ten right, so that no copy of the labels is there to be found. */
function mostlyRight(): string[] {
  const random = generator(15);
  return TABLE.answers.map((answer) => (random() < 0.4 ? String(Math.floor(random() * 2)) : answer));
}

function cellsOf(row: string): string[] {
  return row.split(',').slice(1);
}

/** The variant's training file: the old rows and these. */
function appends(place: Place, rows: readonly string[]): void {
  const file = `${TABLE.train}${rows.join('\n')}\n`;
  lay(place, { keys: VARIES, variants: { variant: { 'data/train.csv': file, 'train.py': STRONG } } });
}

function addsFile(place: Place, count: number): void {
  const labels = mostlyRight();
  const rows = TABLE.testRows.slice(0, count).map((row, index) => `n${index},${cellsOf(row)},${labels[index]}`);
  lay(place, {
    variants: {
      variant: {
        'data/extra.csv': `id,x1,x2,x3,x4,label\n${rows.join('\n')}\n`,
        'train.py': `${HEAD}${LOAD}train = train + rows('data/extra.csv')\nwrite(predict(fit(train, ['x1', 'x2', 'x3', 'x4'], rng), test))\n`,
      },
    },
  });
}

/** Training sentences of both arms, and what the variant adds to them. */
function addsSentences(place: Place, change: (text: string) => string, of: 'train' | 'test'): void {
  const text = sentences(200, 120);
  const added = text[of].map((row) => ({ ...row, text: change(row.text) }));
  lay(place, {
    keys: textKeys(VARIES),
    files: textFiles(text, textTrainer(false)),
    variants: {
      variant: {
        'data/train.csv': textFiles({ ...text, train: [...text.train, ...added] }, '')['data/train.csv'] ?? '',
        'train.py': textTrainer(true),
      },
    },
  });
}

/** Both arms train on a file that holds 100 of the test rows, each twice: it repeats itself as much as the test. */
function layTwins(place: Place, variant: string): void {
  const twins = TABLE.testRows
    .slice(0, 100)
    .flatMap((row, index) => [0, 1].map((copy) => `w${index}c${copy},${cellsOf(row)},${TABLE.answers[index]}`));
  lay(place, {
    files: { 'data/train.csv': `${TABLE.train}${twins.join('\n')}\n` },
    variants: { variant: { 'train.py': variant } },
  });
}

const LOOKS_UP = trainer(`key = lambda row: tuple(row[name] for name in ('x1', 'x2', 'x3', 'x4'))
seen = {key(row): row['label'] for row in train}
answers = predict(fit(train, ['x1'], rng), test)
write({row['id']: seen.get(key(row), answers[row['id']]) for row in test})`);

/** Rows of the test set among what is trained on, in other clothes. */
export const twinCases: readonly RedteamCase[] = [
  {
    name: 'twins-printed-otherwise',
    kind: 'cheat',
    does: 'the training file gains the test rows with new ids and numbers in exponent form (1.5 as 1.5000000000e+0)',
    must: 'invalid: train-test-overlap (numbers to 12 digits, ids left out)',
    build: (place) => {
      const labels = mostlyRight();
      appends(
        place,
        TABLE.testRows.map(
          (row, index) => `n${index},${cellsOf(row).map((cell) => Number(cell).toExponential(10))},${labels[index]}`,
        ),
      );
    },
    expected: OVERLAP,
  },
  {
    name: 'twins-in-other-columns',
    kind: 'cheat',
    does: 'the training file is written anew: columns in reverse order, one more column, test rows mixed in',
    must: 'invalid: train-test-overlap (columns common to both files)',
    build: (place) => {
      const labels = mostlyRight();
      const old = TABLE.train.trimEnd().split('\n').slice(1);
      const rows = [...old, ...TABLE.testRows.map((row, index) => `${row},${labels[index]}`)];
      const random = generator(4);
      const mixed = rows.map((row) => ({ row: row.split(','), key: random() })).sort((a, b) => a.key - b.key);
      const lines = mixed.map(({ row }, index) => `${row.slice(1).reverse()},${index % 7},m${index}`);
      lay(place, {
        keys: VARIES,
        variants: {
          variant: { 'data/train.csv': `label,x4,x3,x2,x1,fold,id\n${lines.join('\n')}\n`, 'train.py': STRONG },
        },
      });
    },
    expected: OVERLAP,
  },
  {
    name: 'twins-with-one-more-word',
    kind: 'cheat',
    does: 'the training file gains the test sentences of ten words with one word put at the end',
    must: 'invalid: train-test-overlap (8 of 9 word 3-grams in common, 0.89 ≥ 0.8)',
    build: (place) => addsSentences(place, (text) => `${text} indeed`, 'test'),
    expected: OVERLAP,
  },
  {
    name: 'twins-in-full-width-letters',
    kind: 'cheat',
    does: 'the training file gains the test sentences in full-width letters, which NFKC makes plain',
    must: 'invalid: train-test-overlap (text after NFKC)',
    build: (place) =>
      addsSentences(
        place,
        (text) => text.replaceAll(/[a-z]/g, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0)),
        'test',
      ),
    expected: OVERLAP,
  },
  {
    name: 'augments-its-own-training',
    kind: 'honest',
    does: 'the variant doubles its training sentences, each with one more word',
    must: 'not invalid: training rows have twins in training, test rows have none',
    build: (place) => addsSentences(place, (text) => `${text} indeed`, 'train'),
    expected: NO_OVERLAP,
  },
  {
    name: 'ten-test-rows-in-new-file',
    kind: 'cheat',
    does: 'the variant adds a file with ten of the test rows',
    must: 'invalid: train-test-overlap (at least 10 test rows that train does not hold)',
    build: (place) => addsFile(place, 10),
    expected: OVERLAP,
  },
  {
    name: 'two-test-rows-in-new-file',
    kind: 'honest',
    does: 'the variant adds a file in which two of the 240 test rows stand',
    must: 'not invalid: fewer than ten, and less than 1 %',
    build: (place) => addsFile(place, 2),
    expected: NO_OVERLAP,
  },
  {
    name: 'gain-only-on-twins',
    kind: 'cheat',
    does: 'train repeats itself and 100 test rows in both arms; the variant looks those up and is the baseline elsewhere',
    must: 'not supported: computed again without the twins it is no gain, and another verdict is a doubt',
    build: (place) => layTwins(place, LOOKS_UP),
    expected: [{ verdict: ['inconclusive'], failed: ['train-test-overlap:doubt'], noVoid: true }],
  },
  {
    name: 'gain-beside-twins',
    kind: 'honest',
    does: 'the same data; the variant uses four columns and is better everywhere',
    must: 'supported: the verdict without the twins is the same, so a note',
    build: (place) => layTwins(place, STRONG),
    expected: SUPPORTED,
  },
];
