import { twoClasses } from '../rows.ts';
import { EVALUATE, HEAD, LOAD, lay, STRONG, WEAK } from '../task.ts';
import { NOT_INVALID, type RedteamCase, SUPPORTED } from '../types.ts';

const TABLE = twoClasses();
const bom = (text: string): string => `\uFEFF${text.replaceAll('\n', '\r\n')}`;
const readsBom = (text: string): string =>
  text.replace("newline='', encoding='utf-8') as", "newline='', encoding='utf-8-sig') as");
const noted = (text: string): string =>
  text
    .trimEnd()
    .split('\n')
    .map((line, index) => (index === 0 ? `${line},note` : `${line},"first line of ${index},\nsecond ""line"""`))
    .join('\n')
    .concat('\n');
const asJsonl = (text: string): string => {
  const [header = '', ...lines] = text.trimEnd().split('\n');
  const names = header.split(',');
  const toObject = (line: string): Record<string, string> =>
    Object.fromEntries(line.split(',').map((cell, index) => [names[index] ?? '', cell]));
  return `${lines.map((line) => JSON.stringify(toObject(line))).join('\n')}\n`;
};
const readsJsonl = (text: string): string =>
  text
    .replace('return list(csv.DictReader(file))', 'return [json.loads(line) for line in file]')
    .replace('import argparse, csv', 'import json, argparse, csv')
    .replaceAll('.csv', '.jsonl')
    .replace(
      "writer = csv.writer(file)\n        writer.writerow(['id', 'label'])\n        writer.writerows(answers.items())",
      "for key, value in answers.items():\n            file.write(json.dumps({'id': key, 'label': value}) + '\\n')",
    );
/** A .npy file of float64, as numpy writes it. */
const writesNpy = (text: string): string =>
  `${text}import struct
values = [float(value) for value in answers.values()]
header = "{'descr': '<f8', 'fortran_order': False, 'shape': (%d,), }" % len(values)
header += ' ' * (63 - (10 + len(header)) % 64) + '\\n'
with open(os.path.join(args.out, 'predictions.npy'), 'wb') as file:
    file.write(b'\\x93NUMPY\\x01\\x00' + struct.pack('<H', len(header)) + header.encode() + struct.pack('<%dd' % len(values), *values))
`;
const NPY_EVALUATE = `import csv, json, struct, sys

with open('data/test_labels.csv', newline='', encoding='utf-8') as file:
    labels = list(csv.DictReader(file))
raw = open(sys.argv[1] + '/predictions.npy', 'rb').read()
start = 10 + struct.unpack('<H', raw[8:10])[0]
values = struct.unpack('<%dd' % ((len(raw) - start) // 8), raw[start:])
examples = [1.0 if int(value) == int(row['label']) else 0.0 for value, row in zip(values, labels, strict=True)]
print(json.dumps({'accuracy': sum(examples) / len(examples), 'examples': examples}))
`;
const npy = (columns: string): string =>
  writesNpy(`${HEAD}${LOAD}answers = predict(fit(train, ${columns}, rng), test)\n`);
const ALL = "['x1', 'x2', 'x3', 'x4']";

/** Honest work whose data has another format than usual. */
export const honestFormatCases: readonly RedteamCase[] = [
  {
    name: 'predictions-as-npy',
    kind: 'honest',
    does: 'predictions are a .npy file of numbers, named in the contract without an id',
    must: 'supported: loading it runs no code',
    build: (place) =>
      lay(place, {
        keys: { predictions: { file: 'predictions.npy' } },
        files: { 'train.py': npy("['x1']"), 'evaluate.py': NPY_EVALUATE },
        variants: { variant: { 'train.py': npy(ALL) } },
      }),
    expected: SUPPORTED,
  },
  {
    name: 'twelve-test-rows',
    kind: 'honest',
    does: 'the test set has twelve rows, of which one column tells some wrong',
    must: 'not invalid',
    build: (place) =>
      lay(place, {
        table: twoClasses({ testRows: 12, separation: 0.4 }),
        variants: { variant: { 'train.py': STRONG } },
      }),
    expected: NOT_INVALID,
  },
  {
    name: 'byte-order-mark',
    kind: 'honest',
    does: 'tables begin with a byte order mark and lines end with CR LF, as a spreadsheet writes them',
    must: 'supported, and coverage finds its ids',
    build: (place) =>
      lay(place, {
        files: {
          'data/train.csv': bom(TABLE.train),
          'data/test.csv': bom(TABLE.test),
          'data/test_labels.csv': bom(TABLE.labels),
          'train.py': readsBom(WEAK),
          'evaluate.py': readsBom(EVALUATE),
        },
        variants: { variant: { 'train.py': readsBom(STRONG) } },
      }),
    expected: [{ ...SUPPORTED[0], notFailed: ['coverage', 'train-test-overlap'] }],
  },
  {
    name: 'line-breaks-in-cells',
    kind: 'honest',
    does: 'the test input has quoted cells with commas, quotes and line breaks',
    must: 'supported, and coverage counts rows, not lines',
    build: (place) =>
      lay(place, {
        files: { 'data/test.csv': noted(TABLE.test), 'data/train.csv': noted(TABLE.train) },
        variants: { variant: { 'train.py': STRONG } },
      }),
    expected: [{ ...SUPPORTED[0], notFailed: ['coverage', 'train-test-overlap'] }],
  },
  {
    name: 'json-lines',
    kind: 'honest',
    does: 'inputs, labels and predictions are JSON lines',
    must: 'supported',
    build: (place) =>
      lay(place, {
        keys: {
          inputs: ['data/train.jsonl', 'data/test.jsonl'],
          hidden: ['data/test_labels.jsonl'],
          train: ['data/train.jsonl'],
          test: ['data/test.jsonl'],
          labels: { file: 'data/train.jsonl', column: 'label' },
          predictions: { file: 'predictions.jsonl', id: 'id' },
        },
        files: {
          'data/train.csv': null,
          'data/test.csv': null,
          'data/test_labels.csv': null,
          'data/train.jsonl': asJsonl(TABLE.train),
          'data/test.jsonl': asJsonl(TABLE.test),
          'data/test_labels.jsonl': asJsonl(TABLE.labels),
          'train.py': readsJsonl(WEAK),
          'evaluate.py': readsJsonl(EVALUATE),
        },
        variants: { variant: { 'train.py': readsJsonl(STRONG) } },
      }),
    expected: SUPPORTED,
  },
];
