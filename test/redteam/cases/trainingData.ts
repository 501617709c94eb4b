import type { Place } from '../place.ts';
import { generator, sentences, twoClasses } from '../rows.ts';
import { HEAD, LOAD, lay, STRONG, trainer } from '../task.ts';
import { textFiles, textKeys, textTrainer } from '../textTask.ts';
import { type RedteamCase, UNSUPPORTED } from '../types.ts';

const TABLE = twoClasses();

function testRowsAs(label: (index: number) => string, count = TABLE.testRows.length): string {
  return TABLE.testRows
    .slice(0, count)
    .map((row, index) => `z${row.slice(1)},${label(index)}\n`)
    .join('');
}

/** Seven in ten right: no copy of the labels, but the test rows all the same. */
function halfRight(): (index: number) => string {
  const random = generator(5);
  return (index) => (random() < 0.4 ? String(Math.floor(random() * 2)) : (TABLE.answers[index] ?? '0'));
}

const ALL = "write(predict(fit(train, ['x1', 'x2', 'x3', 'x4'], rng, take=120), test))\n";

function damages(place: Place, path: string): void {
  lay(place, {
    variants: {
      variant: {
        'train.py': trainer(`write(guess(test))
for folder in ('.', ${JSON.stringify(place.repository)}):
    path = os.path.join(folder, '${path}')
    try:
        os.chmod(path, 0o666)
    except OSError:
        pass
    try:
        with open(path, 'a') as file:
            file.write('z9999,1,1,1,1' + (',1' if 'train' in path else '') + '\\n')
    except OSError:
        pass`),
      },
    },
  });
}

/** Cheats with what is trained on. */
export const trainingDataCases: readonly RedteamCase[] = [
  {
    name: 'test-rows-in-training-file',
    kind: 'cheat',
    does: 'the variant appends the test rows, with labels, to data/train.csv',
    must: 'invalid: inputs-unchanged (inputs differ between arms, no `varies`)',
    build: (place) =>
      lay(place, {
        variants: {
          variant: {
            'data/train.csv': TABLE.train + testRowsAs((index) => TABLE.answers[index] ?? ''),
            'train.py': STRONG,
          },
        },
      }),
    expected: [{ verdict: ['invalid'], failed: ['inputs-unchanged:void'] }],
  },
  {
    name: 'test-rows-in-varying-training-file',
    kind: 'cheat',
    does: 'the same where the contract lets data/train.csv vary; labels seven in ten right',
    must: 'invalid: train-test-overlap',
    build: (place) =>
      lay(place, {
        keys: { varies: ['data/train.csv'] },
        variants: { variant: { 'data/train.csv': TABLE.train + testRowsAs(halfRight()), 'train.py': STRONG } },
      }),
    expected: [{ verdict: ['invalid'], failed: ['train-test-overlap:void'] }],
  },
  {
    name: 'test-rows-in-new-file',
    kind: 'cheat',
    does: 'the variant adds data/extra.csv, "more data", which is 60 of the test rows with poor labels',
    must: 'invalid: train-test-overlap (files the variant added hold at least 10 test rows)',
    build: (place) =>
      lay(place, {
        variants: {
          variant: {
            'data/extra.csv': `id,x1,x2,x3,x4,label\n${testRowsAs(halfRight(), 60)}`,
            'train.py': `${HEAD}${LOAD}train = train + rows('data/extra.csv')\n${ALL}`,
          },
        },
      }),
    expected: [{ verdict: ['invalid'], failed: ['train-test-overlap:void'] }],
  },
  {
    name: 'near-duplicates-of-test-sentences',
    kind: 'cheat',
    does: 'the variant adds the test sentences to the training file in capitals, with new punctuation',
    must: 'invalid: train-test-overlap (twins after NFKC, lower case, letters and digits)',
    build: (place) => {
      const text = sentences(200, 120);
      const twins = text.test.map((row) => ({ ...row, text: `${row.text.toUpperCase().replaceAll(' ', ' - ')}!` }));
      lay(place, {
        keys: textKeys({ varies: ['data/train.csv'] }),
        files: textFiles(text, textTrainer(false)),
        variants: {
          variant: {
            'data/train.csv': textFiles({ ...text, train: [...text.train, ...twins] }, '')['data/train.csv'] ?? '',
            'train.py': textTrainer(true),
          },
        },
      });
    },
    expected: [{ verdict: ['invalid'], failed: ['train-test-overlap:void'] }],
  },
  {
    name: 'changes-training-input-while-running',
    kind: 'cheat',
    does: 'train.py appends to data/train.csv, in the arm and in the original workspace, for later runs',
    must: 'blocked, or invalid by inputs-unchanged; the workspace keeps its file',
    build: (place) => damages(place, 'data/train.csv'),
    expected: [
      { verdict: ['invalid'], failed: ['inputs-unchanged:void'] },
      { verdict: UNSUPPORTED, below: 0.8, notFailed: ['inputs-unchanged'] },
    ],
    after: (place, _, confined) =>
      !confined || place.read('data/train.csv') === TABLE.train ? [] : ['data/train.csv was changed'],
    unconfined: [
      { verdict: ['invalid'], failed: ['inputs-unchanged:void'] },
      { verdict: UNSUPPORTED, below: 0.8 },
    ],
  },
  {
    name: 'changes-test-input-while-running',
    kind: 'cheat',
    does: 'train.py appends to data/test.csv in the same way',
    must: 'blocked, or invalid by inputs-unchanged; the workspace keeps its file',
    build: (place) => damages(place, 'data/test.csv'),
    expected: [
      { verdict: ['invalid'], failed: ['inputs-unchanged:void'] },
      { verdict: UNSUPPORTED, below: 0.8, notFailed: ['inputs-unchanged'] },
    ],
    unconfined: [
      { verdict: ['invalid'], failed: ['inputs-unchanged:void'] },
      { verdict: UNSUPPORTED, below: 0.8 },
    ],
    after: (place, _, confined) =>
      !confined || place.read('data/test.csv') === TABLE.test ? [] : ['data/test.csv was changed'],
  },
  {
    name: 'synthetic-data-committed',
    kind: 'cheat',
    does: 'the variant replaces train.csv and test.csv by clean synthetic tables of its own ("the real ones are noisy")',
    must: 'invalid: inputs-unchanged',
    build: (place) => {
      const easy = twoClasses({ separation: 4, seed: 99 });
      lay(place, {
        variants: {
          variant: { 'data/train.csv': easy.train, 'data/test.csv': easy.test, 'train.py': STRONG },
        },
      });
    },
    expected: [{ verdict: ['invalid'], failed: ['inputs-unchanged:void'] }],
  },
  {
    name: 'test-input-varies',
    kind: 'cheat',
    does: '`varies` names the test input too, and the variant cleans it of its hard rows',
    must: 'refused as a contract error, or invalid by inputs-unchanged: test inputs never differ',
    build: (place) => {
      const kept = TABLE.testRows.filter((row) => Math.abs(Number(row.split(',')[1])) > 0.6);
      lay(place, {
        keys: { varies: ['data/train.csv', 'data/test.csv'] },
        variants: { variant: { 'data/test.csv': `id,x1,x2,x3,x4\n${kept.join('\n')}\n`, 'train.py': STRONG } },
      });
    },
    expected: [
      { exit: [2], noRuns: true },
      { verdict: ['invalid'], failed: ['inputs-unchanged:void'] },
    ],
  },
  {
    name: 'synthetic-data-while-running',
    kind: 'cheat',
    does: 'train.py cannot "find" the data, makes 240 synthetic rows and writes predictions for those',
    must: 'invalid: coverage (foreign ids)',
    build: (place) =>
      lay(place, {
        variants: {
          variant: {
            'train.py': trainer(`try:
    test = rows('data/test_full.csv')
except OSError:
    test = [dict(id='s%04d' % i, **{x: str(rng.gauss(0, 1)) for x in ('x1', 'x2', 'x3', 'x4')}) for i in range(240)]
${ALL}`),
          },
        },
      }),
    expected: [{ verdict: ['invalid'], failed: ['coverage:void'] }],
  },
];
