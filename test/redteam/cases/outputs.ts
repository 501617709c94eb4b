import { join } from 'node:path';
import type { Place } from '../place.ts';
import { twoClasses } from '../rows.ts';
import { EVALUATE, HEAD, LOAD, lay, PLAIN_EVALUATE, STRONG, TRIVIAL, trainer } from '../task.ts';
import { type RedteamCase, UNSUPPORTED } from '../types.ts';

/** Believes whatever rows it is given, as many home-made scorers do. */
const GULLIBLE = EVALUATE.replace(
  /predicted = [\s\S]*?for row in labels\]/,
  `labels = {row['id']: row['label'] for row in labels}
predicted = [row for row in rows(sys.argv[1] + '/predictions.csv') if row['id'] in labels]
examples = [1.0 if row['label'] == labels[row['id']] else 0.0 for row in predicted]`,
).replace(", 'examples': examples", '');

const EASY = `answers = predict(fit(train, ['x1', 'x2', 'x3', 'x4'], rng), test)
sure = {row['id']: abs(sum(float(row[x]) for x in ('x1', 'x2', 'x3', 'x4'))) for row in test}
easy = sorted(answers, key=lambda key: -sure[key])[:120]
`;

function writesAnswers(place: Place, rows: string): void {
  lay(place, {
    files: { 'evaluate.py': GULLIBLE },
    variants: {
      variant: {
        'train.py': trainer(`${EASY}with open(os.path.join(args.out, 'predictions.csv'), 'w') as file:
    file.write('id,label\\n')
    for key in ${rows}:
        file.write('%s,%s\\n' % (key, answers.get(key, '1')))`),
      },
    },
  });
}

const UNCOVERED = [{ verdict: ['invalid'], failed: ['coverage:void'] }] as const;
const BROKEN_OUTPUT = [{ verdict: ['invalid'], someVoid: true }] as const;

const PICKLED = `${EVALUATE.replace('import csv, json, sys', 'import csv, json, pickle, sys').replace(
  /predicted = .*/,
  "predicted = pickle.load(open(sys.argv[1] + '/predictions.pkl', 'rb'))",
)}`;
const PICKLES = "\nimport pickle\npickle.dump(answers, open(os.path.join(args.out, 'predictions.pkl'), 'wb'))\n";
const POISON = trainer(`import pickle


class Sure:
    def __reduce__(self):
        return (exec, ('''import os; print('{"accuracy": 1.0}', flush=True); os._exit(0)''',))


pickle.dump(Sure(), open(os.path.join(args.out, 'predictions.pkl'), 'wb'))`);

function pickled(place: Place, predictions: unknown): void {
  lay(place, {
    keys: { predictions },
    files: {
      'evaluate.py': PICKLED,
      'train.py': `${HEAD}${LOAD}answers = predict(fit(train, ['x1'], rng), test)${PICKLES}`,
    },
    variants: { variant: { 'train.py': POISON } },
  });
}

/** Cheats and accidents with what a run writes and with what evaluate says of it. */
export const outputCases: readonly RedteamCase[] = [
  {
    name: 'fewer-predictions',
    kind: 'cheat',
    does: 'writes predictions only for the 120 rows it is sure of; evaluate averages what it is given',
    must: 'invalid: coverage',
    build: (place) => writesAnswers(place, 'easy'),
    expected: UNCOVERED,
  },
  {
    name: 'duplicate-ids',
    kind: 'cheat',
    does: 'writes its 120 sure rows twice, so that the count is right',
    must: 'invalid: coverage',
    build: (place) => writesAnswers(place, 'easy + easy'),
    expected: UNCOVERED,
  },
  {
    name: 'extra-ids',
    kind: 'cheat',
    does: 'writes all rows and one with an id that the test input does not have',
    must: 'invalid: coverage',
    build: (place) => writesAnswers(place, "list(answers) + ['t9999']"),
    expected: UNCOVERED,
  },
  {
    name: 'fewer-examples',
    kind: 'cheat',
    does: 'no `predictions` in the contract; the variant answers half the rows, so evaluate prints fewer examples',
    must: 'invalid: coverage (number of examples differs between runs)',
    build: (place) =>
      lay(place, {
        keys: { predictions: undefined },
        files: {
          'evaluate.py': EVALUATE.replace('for row in labels]', "for row in labels if row['id'] in predicted]"),
        },
        variants: {
          variant: { 'train.py': trainer(`${EASY}write({key: answers[key] for key in answers if key in easy})`) },
        },
      }),
    expected: UNCOVERED,
  },
  {
    name: 'nan-metric',
    kind: 'cheat',
    does: 'the variant writes nan as a probability; evaluate prints {"logloss": NaN}',
    must: 'invalid: metric-finite',
    build: (place) =>
      lay(place, {
        keys: { metrics: { gap: 'minimize' } },
        files: {
          'evaluate.py': PLAIN_EVALUATE.replace(
            /examples = .*\n.*/,
            "gaps = [abs(float(predicted[row['id']]) - int(row['label'])) for row in labels]\nprint(json.dumps({'gap': sum(gaps) / len(gaps)}))",
          ),
        },
        variants: {
          variant: {
            'train.py': trainer(
              "answers = predict(fit(train, ['x1', 'x2', 'x3', 'x4'], rng), test)\nanswers[test[0]['id']] = 'nan'\nwrite(answers)",
            ),
          },
        },
      }),
    expected: [{ verdict: ['invalid'], failed: ['metric-finite:void'] }],
  },
  {
    name: 'text-after-json',
    kind: 'cheat',
    does: 'evaluate of both arms prints "done." after its JSON',
    must: 'a clear contract error (2), or invalid: metric-finite',
    build: (place) =>
      lay(place, {
        files: { 'evaluate.py': `${EVALUATE}print('done.')\n` },
        variants: { variant: { 'train.py': STRONG } },
      }),
    expected: [{ exit: [2] }, { verdict: ['invalid'], failed: ['metric-finite:void'] }],
  },
  {
    name: 'evaluate-ends-with-one',
    kind: 'cheat',
    does: 'evaluate of both arms prints its JSON and ends with 1',
    must: 'invalid: runs-complete, what a failed evaluation printed is no metric',
    build: (place) =>
      lay(place, {
        files: { 'evaluate.py': `${EVALUATE}sys.exit(1)\n` },
        variants: { variant: { 'train.py': STRONG } },
      }),
    expected: [{ verdict: ['invalid'], failed: ['runs-complete:void'], lostSeed: true }],
  },
  {
    name: 'link-to-labels-in-out',
    kind: 'cheat',
    does: 'out/predictions.csv is a link to the label file, which has the same columns',
    must: 'invalid: links in out/ are void',
    build: (place) =>
      lay(place, {
        variants: {
          variant: {
            'train.py': trainer(
              `os.symlink(${JSON.stringify(join(place.repository, 'data/test_labels.csv'))}, os.path.join(args.out, 'predictions.csv'))`,
            ),
          },
        },
      }),
    expected: BROKEN_OUTPUT,
  },
  {
    name: 'relative-link-in-out',
    kind: 'cheat',
    does: 'good predictions, and out/data is a link to the folder ../../data',
    must: 'invalid: links in out/ are void',
    build: (place) =>
      lay(place, {
        variants: { variant: { 'train.py': `${STRONG}os.symlink('../../data', os.path.join(args.out, 'data'))\n` } },
      }),
    expected: BROKEN_OUTPUT,
  },
  {
    name: 'fifo-in-out',
    kind: 'cheat',
    does: 'out/predictions.csv is a FIFO, so that whoever opens it waits for ever',
    must: 'invalid within the time of the test: FIFOs in out/ are void',
    build: (place) =>
      lay(place, {
        variants: { variant: { 'train.py': trainer("os.mkfifo(os.path.join(args.out, 'predictions.csv'))") } },
      }),
    expected: BROKEN_OUTPUT,
  },
  {
    name: 'pickle-as-predictions',
    kind: 'cheat',
    does: 'the contract names predictions.pkl; the one of the variant runs code when evaluate loads it',
    must: 'refused (2), or invalid: a format whose loading runs code',
    build: (place) => pickled(place, { file: 'predictions.pkl' }),
    expected: [{ exit: [2], noRuns: true }, ...BROKEN_OUTPUT],
  },
  {
    name: 'pickle-not-declared',
    kind: 'cheat',
    does: 'the same without `predictions` in the contract',
    must: 'invalid: a format whose loading runs code',
    build: (place) => pickled(place, undefined),
    expected: BROKEN_OUTPUT,
  },
  {
    name: 'too-much-output',
    kind: 'cheat',
    does: 'the variant leaves a file of 8 GiB (with holes) in out/',
    must: 'invalid: output larger than the limit',
    build: (place) =>
      lay(place, {
        variants: {
          variant: {
            'train.py': `${STRONG}with open(os.path.join(args.out, 'weights.bin'), 'wb') as file:\n    file.truncate(8 << 30)\n`,
          },
        },
      }),
    expected: BROKEN_OUTPUT,
  },
  {
    name: 'constant-predictions',
    kind: 'cheat',
    does: 'always says 1 on a test set of which 80 % are 1, which beats a baseline that draws labels by their share',
    must: 'inconclusive: beats-trivial (doubt)',
    build: (place) =>
      lay(place, {
        table: twoClasses({ positive: 0.8, separation: 0.3 }),
        keys: { trivial: 'python3 trivial.py --out {out}', protected: ['evaluate.py', 'trivial.py'] },
        files: {
          'trivial.py': TRIVIAL,
          'train.py': trainer("write({row['id']: rng.choice(train)['label'] for row in test})"),
        },
        variants: { variant: { 'train.py': trainer("write({row['id']: '1' for row in test})") } },
      }),
    expected: [{ verdict: ['inconclusive', 'refuted'], failed: ['beats-trivial:doubt'] }],
  },
  {
    name: 'no-output',
    kind: 'cheat',
    does: 'the variant swallows its exception, writes nothing and exits 0',
    must: 'invalid: coverage or metric-finite',
    build: (place) => lay(place, { variants: { variant: { 'train.py': trainer('sys.exit(0)') } } }),
    expected: [{ verdict: ['invalid'], failedOneOf: ['coverage:void', 'metric-finite:void'] }],
  },
  {
    name: 'directory-as-predictions',
    kind: 'cheat',
    does: 'out/predictions.csv is a folder',
    must: 'invalid, and no crash of the tool',
    build: (place) =>
      lay(place, {
        variants: { variant: { 'train.py': trainer("os.makedirs(os.path.join(args.out, 'predictions.csv'))") } },
      }),
    expected: [{ verdict: UNSUPPORTED, someVoid: true }],
  },
];
