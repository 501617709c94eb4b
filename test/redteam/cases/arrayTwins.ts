import {
  ARCHIVE,
  archive,
  FROM_ARCHIVE,
  FROM_PAIR,
  fromPair,
  LABELS,
  layArrays,
  POINTS,
  type Points,
  pair,
  READS,
  rowsOf,
  STRONGLY,
  TEST,
  TEST_ROWS,
  TRAIN,
} from '../arrayTask.ts';
import { generator, twoClasses } from '../rows.ts';
import { HEAD } from '../task.ts';
import { NOT_INVALID, type RedteamCase, SUPPORTED } from '../types.ts';

const TABLE = twoClasses();
const OVERLAP = [{ verdict: ['invalid'], failed: ['train-test-overlap:void'] }] as const;
const RAN = { passed: ['train-test-overlap'] } as const;

const NAMED = { train: [POINTS, LABELS], test: [TEST] };
const VARIES = { ...NAMED, varies: [POINTS, LABELS] };

/** The same in whole numbers. */
const hundredfold = (rows: Points['rows']): number[][] => rows.map((row) => row.map((cell) => Math.round(100 * cell)));

/** A hundred test rows. Eight labels in ten are right, so that no copy of the labels is there to be found. */
function withTestRows(train: Points, test: Points['rows']): Points {
  const random = generator(15);
  const labels = TABLE.answers.map((answer) => (random() < 0.4 ? Math.floor(random() * 2) : Number(answer)));
  return { rows: [...train.rows, ...test.slice(0, 100)], labels: [...train.labels, ...labels.slice(0, 100)] };
}

/** Labels the rows of a further array by itself, and trains on them too. */
const WITH_MORE = `more = examples(load('data/more.npy'), 1)
said = predict(fit(train, ['x1', 'x2', 'x3', 'x4'], rng), more)
train = train + [{**row, 'label': said[row['id']]} for row in more]
`;

/** Rows of the test set among what is trained on, where both are NumPy arrays. */
export const arrayTwinCases: readonly RedteamCase[] = [
  {
    name: 'test-rows-in-training-array',
    kind: 'cheat',
    does: 'X_train.npy and y_train.npy, which may vary, gain 100 of the test rows; labels eight in ten right',
    must: 'invalid: train-test-overlap (rows of the first axis are the examples)',
    build: (place) => layArrays(place, { keys: VARIES, variant: pair(withTestRows(TRAIN, TEST_ROWS)) }),
    expected: OVERLAP,
  },
  {
    name: 'test-rows-in-archive',
    kind: 'cheat',
    does: 'one set.npz, which may vary, holds x_train, y_train and x_test; x_train gains 100 pictures of x_test',
    must: 'invalid: train-test-overlap (roles come from the names of the arrays)',
    build: (place) =>
      layArrays(place, {
        keys: { varies: [ARCHIVE] },
        data: archive(TRAIN),
        loads: FROM_ARCHIVE,
        variant: archive(withTestRows(TRAIN, TEST_ROWS)),
      }),
    expected: OVERLAP,
  },
  {
    name: 'test-rows-in-new-array',
    kind: 'cheat',
    does: 'the variant adds data/more.npy, "unlabelled data", of which 10 of 40 rows are test rows, and trains on it',
    must: 'invalid: train-test-overlap (files the variant added hold at least 10 test rows)',
    build: (place) => {
      const fresh = twoClasses({ seed: 21, testRows: 30 }).testRows.map((row) => row.split(',').slice(1).map(Number));
      layArrays(place, {
        variant: {
          'data/more.npy': rowsOf('f8', [...fresh, ...TEST_ROWS.slice(50, 60)]),
          'train.py': `${HEAD}${READS}${FROM_PAIR}${WITH_MORE}${STRONGLY}`,
        },
      });
    },
    expected: OVERLAP,
  },
  {
    name: 'twins-of-another-dtype',
    kind: 'cheat',
    does: 'whole numbers, in the test array as int64 and in the training array as float64, which gains 100 test rows',
    must: 'invalid: train-test-overlap (numbers compare by value, whatever their type)',
    build: (place) => {
      const train = { ...TRAIN, rows: hundredfold(TRAIN.rows) };
      const test = hundredfold(TEST_ROWS);
      layArrays(place, {
        keys: VARIES,
        data: { ...pair(train), [TEST]: rowsOf('i8', test) },
        loads: fromPair(100),
        variant: pair(withTestRows(train, test)),
      });
    },
    expected: OVERLAP,
  },
  {
    name: 'arrays-without-overlap',
    kind: 'honest',
    does: 'training and test arrays have no row in common; the variant uses four columns and is better',
    must: 'supported, and train-test-overlap has looked: it passes',
    build: (place) => layArrays(place, { variant: {} }),
    expected: [{ ...SUPPORTED[0], ...RAN }],
  },
  {
    name: 'training-array-repeats-itself',
    kind: 'honest',
    does: 'X_train.npy and y_train.npy, which may vary, hold every training row twice in the variant',
    must: 'not invalid, and train-test-overlap passes: training rows have twins in training, test rows have none',
    build: (place) => {
      const { rows, labels } = TRAIN;
      layArrays(place, {
        keys: VARIES,
        variant: pair({ rows: [...rows, ...rows], labels: [...labels, ...labels] }),
      });
    },
    expected: [{ ...NOT_INVALID[0], ...RAN }],
  },
];
