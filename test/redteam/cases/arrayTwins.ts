import { type Dtype, npy, npz } from '../arrays.ts';
import type { Files, Place } from '../place.ts';
import { generator, twoClasses } from '../rows.ts';
import { type ContractKeys, HEAD, lay } from '../task.ts';
import { NOT_INVALID, type RedteamCase, SUPPORTED } from '../types.ts';

const TABLE = twoClasses();
const OVERLAP = [{ verdict: ['invalid'], failed: ['train-test-overlap:void'] }] as const;
const RAN = { passed: ['train-test-overlap'] } as const;

const POINTS = 'data/X_train.npy';
const LABELS = 'data/y_train.npy';
const TEST = 'data/X_test.npy';
const ARCHIVE = 'data/set.npz';
const NAMED = { train: [POINTS, LABELS], test: [TEST] };
const VARIES = { ...NAMED, varies: [POINTS, LABELS] };

interface Points {
  readonly rows: readonly (readonly number[])[];
  readonly labels: readonly number[];
}

const TRAIN: Points = {
  rows: linesOf(TABLE.train).map((line) => line.slice(1, 5)),
  labels: linesOf(TABLE.train).map((line) => line[5] ?? 0),
};
const TEST_ROWS = TABLE.testRows.map((row) => row.split(',').slice(1).map(Number));
/** The same in whole numbers. */
const hundredfold = (rows: Points['rows']): number[][] => rows.map((row) => row.map((cell) => Math.round(100 * cell)));

function linesOf(table: string): number[][] {
  const lines = table.trimEnd().split('\n').slice(1);
  return lines.map((line) => line.split(',').map(Number));
}

/** A hundred test rows. Eight labels in ten are right, so that no copy of the labels is there to be found. */
function withTestRows(train: Points, test: Points['rows']): Points {
  const random = generator(15);
  const labels = TABLE.answers.map((answer) => (random() < 0.4 ? Math.floor(random() * 2) : Number(answer)));
  return { rows: [...train.rows, ...test.slice(0, 100)], labels: [...train.labels, ...labels.slice(0, 100)] };
}

const rowsOf = (dtype: Dtype, rows: Points['rows']): Buffer => npy(dtype, [rows.length, 4], rows.flat());
const labelsOf = (labels: readonly number[]): Buffer => npy('i8', [labels.length], labels);
const pair = ({ rows, labels }: Points): Files => ({ [POINTS]: rowsOf('f8', rows), [LABELS]: labelsOf(labels) });

/** Small pictures, two by two: an example is what lies under one place of the first axis. */
function archive({ rows, labels }: Points): Files {
  const pictures = (some: Points['rows']): Buffer => npy('f8', [some.length, 2, 2], some.flat());
  const arrays = { x_train: pictures(rows), y_train: labelsOf(labels), x_test: pictures(TEST_ROWS) };
  return { [ARCHIVE]: npz(arrays) };
}

/** Reads arrays without numpy, as rows of the small task. */
const READS = `import ast, struct, zipfile


def array(raw):
    start = 10 + struct.unpack('<H', raw[8:10])[0]
    head = ast.literal_eval(raw[10:start].decode('latin-1'))
    count, code = (len(raw) - start) // 8, {'<f8': 'd', '<i8': 'q'}[head['descr']]
    values = struct.unpack('<%d%s' % (count, code), raw[start:])
    width = count // head['shape'][0]
    return [values[i:i + width] for i in range(0, count, width)]


def load(path):
    with open(path, 'rb') as file:
        return array(file.read())


def examples(points, unit):
    names = ['x1', 'x2', 'x3', 'x4']
    return [{'id': 't%04d' % i, **{n: cell / unit for n, cell in zip(names, row)}} for i, row in enumerate(points)]


def labelled(rows, labels):
    return [{**row, 'label': label[0]} for row, label in zip(rows, labels, strict=True)]


`;
const fromPair = (unit: number): string => `train = labelled(examples(load('${POINTS}'), ${unit}), load('${LABELS}'))
test = examples(load('${TEST}'), ${unit})
`;
const FROM_PAIR = fromPair(1);
const FROM_ARCHIVE = `with zipfile.ZipFile('${ARCHIVE}') as file:
    arrays = {name[:-4]: array(file.read(name)) for name in file.namelist()}
train, test = labelled(examples(arrays['x_train'], 1), arrays['y_train']), examples(arrays['x_test'], 1)
`;
const WEAKLY = "write(predict(fit(train, ['x1'], rng), test))\n";
const STRONGLY = "write(predict(fit(train, ['x1', 'x2', 'x3', 'x4'], rng), test))\n";

/** Labels the rows of a further array by itself, and trains on them too. */
const WITH_MORE = `more = examples(load('data/more.npy'), 1)
said = predict(fit(train, ['x1', 'x2', 'x3', 'x4'], rng), more)
train = train + [{**row, 'label': said[row['id']]} for row in more]
`;

interface Arrays {
  readonly keys?: ContractKeys;
  /** The data of the baseline; without it the usual pair and its test rows. */
  readonly data?: Files;
  readonly loads?: string;
  readonly variant: Files;
}

/** The small task with arrays in place of tables. The variant learns from four columns unless it says otherwise. */
function layArrays(place: Place, { keys, data, loads = FROM_PAIR, variant }: Arrays): void {
  const files = data ?? { ...pair(TRAIN), [TEST]: rowsOf('f8', TEST_ROWS) };
  lay(place, {
    // Arrays have neither ids nor names of columns, and their roles are in their names.
    keys: {
      inputs: Object.keys(files),
      predictions: { file: 'predictions.csv' },
      train: undefined,
      test: undefined,
      labels: undefined,
      ...keys,
    },
    files: { 'data/train.csv': null, 'data/test.csv': null, 'train.py': `${HEAD}${READS}${loads}${WEAKLY}`, ...files },
    variants: { variant: { 'train.py': `${HEAD}${READS}${loads}${STRONGLY}`, ...variant } },
  });
}

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
