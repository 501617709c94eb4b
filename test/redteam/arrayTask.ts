import { type Dtype, npy, npz } from './arrays.ts';
import type { Files, Place } from './place.ts';
import { twoClasses } from './rows.ts';
import { type ContractKeys, HEAD, lay } from './task.ts';

const TABLE = twoClasses();

export const POINTS = 'data/X_train.npy';
export const LABELS = 'data/y_train.npy';
export const TEST = 'data/X_test.npy';
export const ARCHIVE = 'data/set.npz';

export interface Points {
  readonly rows: readonly (readonly number[])[];
  readonly labels: readonly number[];
}

export const TRAIN: Points = {
  rows: linesOf(TABLE.train).map((line) => line.slice(1, 5)),
  labels: linesOf(TABLE.train).map((line) => line[5] ?? 0),
};
export const TEST_ROWS = TABLE.testRows.map((row) => row.split(',').slice(1).map(Number));

function linesOf(table: string): number[][] {
  const lines = table.trimEnd().split('\n').slice(1);
  return lines.map((line) => line.split(',').map(Number));
}

export const rowsOf = (dtype: Dtype, rows: Points['rows']): Buffer => npy(dtype, [rows.length, 4], rows.flat());
export const labelsOf = (labels: readonly number[]): Buffer => npy('i8', [labels.length], labels);
export const pair = ({ rows, labels }: Points): Files => ({
  [POINTS]: rowsOf('f8', rows),
  [LABELS]: labelsOf(labels),
});

/** Small pictures, two by two: an example is what lies under one place of the first axis. */
export const picturesOf = (rows: Points['rows'], dtype: Dtype = 'f8'): Buffer =>
  npy(dtype, [rows.length, 2, 2], rows.flat());

/** What an archive holds: training and test together. */
export function arraysOf({ rows, labels }: Points, test: Points['rows'] = TEST_ROWS): Record<string, Buffer> {
  return { x_train: picturesOf(rows), y_train: labelsOf(labels), x_test: picturesOf(test) };
}

export function archive(train: Points, test: Points['rows'] = TEST_ROWS): Files {
  return { [ARCHIVE]: npz(arraysOf(train, test)) };
}

/** Reads arrays without numpy, as rows of the small task. */
export const READS = `import ast, struct, zipfile


def array(raw):
    start = 10 + struct.unpack('<H', raw[8:10])[0]
    head = ast.literal_eval(raw[10:start].decode('latin-1'))
    code = {'<f4': 'f', '<f8': 'd', '<i8': 'q'}[head['descr']]
    count = (len(raw) - start) // struct.calcsize('<' + code)
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
export const fromPair = (
  unit: number,
): string => `train = labelled(examples(load('${POINTS}'), ${unit}), load('${LABELS}'))
test = examples(load('${TEST}'), ${unit})
`;
export const FROM_PAIR = fromPair(1);
/** `test` is the name of the array that the answers are for. */
export const fromArchive = (unit: number, test = 'x_test'): string => `with zipfile.ZipFile('${ARCHIVE}') as file:
    arrays = {name[:-4]: array(file.read(name)) for name in file.namelist()}
train = labelled(examples(arrays['x_train'], ${unit}), arrays['y_train'])
test = examples(arrays['${test}'], ${unit})
`;
export const FROM_ARCHIVE = fromArchive(1);
export const WEAKLY = "write(predict(fit(train, ['x1'], rng), test))\n";
export const STRONGLY = "write(predict(fit(train, ['x1', 'x2', 'x3', 'x4'], rng), test))\n";

interface Arrays {
  readonly keys?: ContractKeys;
  /** The data of the baseline; without it the usual pair and its test rows. */
  readonly data?: Files;
  readonly loads?: string;
  /** What the baseline does with them. */
  readonly learns?: string;
  readonly variant: Files;
}

/** The small task with arrays in place of tables. The variant learns from four columns unless it says otherwise. */
export function layArrays(place: Place, { keys, data, loads = FROM_PAIR, learns = WEAKLY, variant }: Arrays): void {
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
    files: { 'data/train.csv': null, 'data/test.csv': null, 'train.py': `${HEAD}${READS}${loads}${learns}`, ...files },
    variants: { variant: { 'train.py': `${HEAD}${READS}${loads}${STRONGLY}`, ...variant } },
  });
}
