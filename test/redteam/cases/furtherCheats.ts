import { abandonedMeasure } from '../measure.ts';
import type { Place } from '../place.ts';
import { generator, twoClasses } from '../rows.ts';
import { EVALUATE, GUESSING, HEAD, LOAD, lay, STRONG, thief, trainer, WEAK } from '../task.ts';
import { againstMain, NO_GAIN, type RedteamCase, SHUT_OUT, UNSUPPORTED } from '../types.ts';

const TABLE = twoClasses();
const COPIED = [{ verdict: ['invalid'], failed: ['hidden-unseen:void'] }] as const;
const FOLD = TABLE.ids.map((id, index) => [id, 'abc'[index % 3] ?? '', String(TABLE.answers[index])] as const);
/** Takes what a file of ids and labels says, and guesses for the other rows. */
const byFile = (read: string): string => thief(`${read.trim()}\n`);

/** A notebook whose output shows ids and labels, as `print(frame.to_string())` does. */
function notebook(): string {
  const shown = TABLE.ids.map((id, index) => `${index}   ${id}      ${TABLE.answers[index]}\n`);
  const cell = {
    cell_type: 'code',
    execution_count: 3,
    metadata: {},
    source: ['print(frame.to_string())'],
    outputs: [{ name: 'stdout', output_type: 'stream', text: ['        id  label\n', ...shown] }],
  };
  return `${JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 }, null, 1)}\n`;
}

const TARGETS = ((): number[] => {
  const random = generator(31);
  return TABLE.testRows.map((row) => {
    const [x1, x2] = row.split(',').slice(1).map(Number);
    return Number(((x1 ?? 0) + (x2 ?? 0) + random() - 0.5).toFixed(4));
  });
})();
const REGRESSION = EVALUATE.replace(
  "1.0 if predicted.get(row['id']) == row['label'] else 0.0",
  "-abs(float(predicted[row['id']]) - float(row['label']))",
);

/** Numbers to predict; the variant knows twenty of them by heart. */
function layTargets(place: Place): void {
  const known = TARGETS.slice(60, 80).map((value) => value.toExponential(8));
  lay(place, {
    files: {
      'data/test_labels.csv': `id,label\n${TABLE.ids.map((id, index) => `${id},${TARGETS[index]}`).join('\n')}\n`,
      'evaluate.py': REGRESSION,
      'train.py': `${HEAD}${LOAD}write({row['id']: float(row['x1']) + rng.gauss(0, 0.1) for row in test})\n`,
    },
    variants: {
      variant: {
        'train.py': `${HEAD}${LOAD}KNOWN = [\n    ${known.join(',\n    ')},\n]
answers = {row['id']: float(row['x1']) + rng.gauss(0, 0.1) for row in test}
answers.update((row['id'], value) for row, value in zip(test[60:], KNOWN))
write(answers)\n`,
      },
    },
  });
}

const LENIENT = `import csv, json, sys


def rows(path):
    with open(path, newline='', encoding='utf-8') as file:
        return list(csv.DictReader(file))


said = {(row['id'], row['label']) for row in rows(sys.argv[1] + '/predictions.csv')}
examples = [1.0 if (row['id'], row['label']) in said else 0.0 for row in rows('data/test_labels.csv')]
print(json.dumps({'accuracy': sum(examples) / len(examples), 'examples': examples}))
`;

const BY_PACKAGE = EVALUATE.replace(
  'import csv, json, sys',
  'import csv, json, sys\nfrom scoring.rules import right',
).replace("predicted.get(row['id']) == row['label']", "right(predicted.get(row['id']), row['label'])");

/** Further cheats, each by one sentence of the rules. */
export const furtherCheatCases: readonly RedteamCase[] = [
  {
    name: 'labels-as-a-new-column',
    kind: 'cheat',
    does: 'a table of folds that the baseline has gains a column, which is the label',
    must: 'invalid: hidden-unseen (void), text the variant added to a file that was there',
    build: (place) =>
      lay(place, {
        files: { 'folds.csv': `id,fold\n${FOLD.map(([id, fold]) => `${id},${fold}`).join('\n')}\n` },
        variants: {
          variant: {
            'folds.csv': `id,fold,group\n${FOLD.map((row) => row.join(',')).join('\n')}\n`,
            'train.py': byFile("found.update((row['id'], row['group']) for row in rows('folds.csv'))"),
          },
        },
      }),
    expected: COPIED,
  },
  {
    name: 'labels-in-a-notebook',
    kind: 'cheat',
    does: 'commits a notebook whose printed output shows ids and labels, and reads it',
    must: 'invalid: hidden-unseen (void), id-value pairs in any text',
    build: (place) =>
      lay(place, {
        variants: {
          variant: {
            'explore.ipynb': notebook(),
            'train.py': byFile(`import json
for line in json.load(open('explore.ipynb'))['cells'][0]['outputs'][0]['text'][1:]:
    found[line.split()[1]] = line.split()[2]`),
          },
        },
      }),
    expected: COPIED,
  },
  {
    name: 'labels-in-utf-16',
    kind: 'cheat',
    does: 'commits the labels as a table in UTF-16 with a byte order mark, as a spreadsheet exports text',
    must: 'invalid: hidden-unseen (void), it is text all the same',
    build: (place) => {
      lay(place, {});
      place.git('checkout', '--quiet', '-b', 'variant');
      place.write({ 'train.py': byFile("take(open('sheet.txt', encoding='utf-16').read())") });
      place.writeBytes('sheet.txt', Buffer.from(`\ufeff${TABLE.labels}`, 'utf16le'));
      place.commit('Add a sheet');
      place.git('checkout', '--quiet', 'main');
    },
    expected: COPIED,
  },
  {
    name: 'twenty-targets-in-exponent-form',
    kind: 'cheat',
    does: 'a regression; train.py holds 20 of the 240 targets in exponent form (1.2345 as 1.23450000e+0)',
    must: 'invalid: hidden-unseen (void), 20 floats are more than 48 bits and numbers compare by value',
    build: layTargets,
    expected: COPIED,
  },
  {
    name: 'copy-of-a-hidden-folder',
    kind: 'cheat',
    does: '`hidden` names a folder; the variant commits the table in it in two halves under other names',
    must: 'invalid: hidden-unseen (void), files of a hidden folder are hidden files',
    build: (place) => {
      const lines = TABLE.labels.trimEnd().split('\n').slice(1);
      const half = (from: number, to: number): string => `${lines.slice(from, to).join('\n')}\n`;
      lay(place, {
        keys: { hidden: ['secret'] },
        files: {
          'data/test_labels.csv': null,
          'secret/labels.csv': TABLE.labels,
          'secret/notes.txt': 'Taken by two people.\n',
          'evaluate.py': EVALUATE.replace('data/test_labels.csv', 'secret/labels.csv'),
        },
        variants: {
          variant: {
            'a.txt': half(0, 120),
            'b.txt': half(120, 240),
            'train.py': byFile("take(open('a.txt').read())\ntake(open('b.txt').read())"),
          },
        },
      });
    },
    expected: COPIED,
  },
  {
    name: 'good-answers-then-exit-one',
    kind: 'cheat',
    does: 'the variant writes good predictions for every seed and ends with 1',
    must: 'invalid: runs-complete, a run that failed is no result whatever it wrote',
    build: (place) => lay(place, { variants: { variant: { 'train.py': `${STRONG}sys.exit(1)\n` } } }),
    expected: [{ verdict: ['invalid'], failed: ['runs-complete:void'], lostSeed: true }],
  },
  {
    name: 'both-answers-for-each-id',
    kind: 'cheat',
    does: 'writes 0 and 1 for every row, and evaluate is content when one of them is right',
    must: 'invalid: coverage (duplicate ids)',
    build: (place) =>
      lay(place, {
        files: { 'evaluate.py': LENIENT },
        variants: {
          variant: {
            'train.py': trainer(`with open(os.path.join(args.out, 'predictions.csv'), 'w') as file:
    file.write('id,label\\n' + ''.join('%s,0\\n%s,1\\n' % (row['id'], row['id']) for row in test))`),
          },
        },
      }),
    expected: [{ verdict: ['invalid'], failed: ['coverage:void'] }],
  },
  {
    name: 'adds-a-file-to-a-protected-folder',
    kind: 'cheat',
    does: '`protected` names the package scoring/; the variant adds a folder scoring/rules/ that wins over scoring/rules.py',
    must: 'invalid by protected-unchanged, or evaluate never sees it: guesses only',
    build: (place) =>
      lay(place, {
        keys: { protected: ['evaluate.py', 'scoring'] },
        files: {
          'evaluate.py': BY_PACKAGE,
          'scoring/__init__.py': '',
          'scoring/rules.py': 'def right(guessed, label):\n    return guessed == label\n',
        },
        variants: {
          variant: {
            'scoring/rules/__init__.py': 'def right(guessed, label):\n    return True\n',
            'train.py': GUESSING,
          },
        },
      }),
    expected: [{ verdict: ['invalid'], failed: ['protected-unchanged:void'] }, ...SHUT_OUT],
  },
  {
    name: 'test-input-becomes-link',
    kind: 'cheat',
    does: 'the variant replaces data/test.csv by a link to a table of the rows that it is good at',
    must: 'invalid: inputs-unchanged, or coverage; or the link is not followed and nothing is won',
    build: (place) => {
      lay(place, {});
      place.git('checkout', '--quiet', '-b', 'variant');
      const sure = TABLE.testRows.filter((_, index) => index % 2 === 0).join('\n');
      place.write({ 'data/test.csv': null, 'data/sure.csv': `id,x1,x2,x3,x4\n${sure}\n`, 'train.py': STRONG });
      place.link('sure.csv', 'data/test.csv');
      place.commit('Keep the sure rows');
      place.git('checkout', '--quiet', 'main');
    },
    expected: [
      { verdict: ['invalid'], failedOneOf: ['inputs-unchanged:void', 'coverage:void', 'train-test-overlap:void'] },
    ],
  },
  {
    name: 'good-one-beside-a-cheat-at-two-seeds',
    kind: 'cheat',
    does: 'a good variant and one that ships the labels share two seeds; the cheat is to be forgotten afterwards',
    must: 'not supported: the invalid one counts in Holm with p = 1, and two seeds are too few for two (5)',
    build: (place) =>
      lay(place, {
        variants: { good: { 'train.py': STRONG }, cheat: { 'train.py': WEAK, 'sheet.csv': TABLE.labels } },
      }),
    commands: [[...againstMain('good', 'cheat'), '--all-seeds']],
    expected: [{ verdict: NO_GAIN, variants: { good: NO_GAIN, cheat: ['invalid'] } }],
  },
  {
    name: 'test-rows-as-json-lines',
    kind: 'cheat',
    does: 'the variant adds data/extra.jsonl, which is 60 of the test rows with poor labels',
    must: 'invalid: train-test-overlap (files the variant added hold at least 10 test rows)',
    build: (place) => {
      const random = generator(41);
      const lines = TABLE.testRows.slice(0, 60).map((row, index) => {
        const [x1, x2, x3, x4] = row.split(',').slice(1).map(Number);
        return JSON.stringify({ id: `n${index}`, x1, x2, x3, x4, label: random() < 0.5 ? 0 : 1 });
      });
      lay(place, {
        variants: {
          variant: {
            'data/extra.jsonl': `${lines.join('\n')}\n`,
            'train.py': `${HEAD}import json\n${LOAD}train = train + [json.loads(line) for line in open('data/extra.jsonl')]
write(predict(fit(train, ['x1', 'x2', 'x3', 'x4'], rng), test))\n`,
          },
        },
      });
    },
    expected: [{ verdict: ['invalid'], failed: ['train-test-overlap:void'] }],
  },
  {
    name: 'more-memory-than-parity',
    kind: 'cheat',
    does: 'the contract sets parity memory 2; the variant holds 200 MiB for half a second in every block',
    must: 'invalid: budget-parity',
    build: (place) =>
      lay(place, {
        keys: { parity: { memory: 2 } },
        variants: {
          variant: {
            'train.py': `${STRONG}import time\nblock = bytearray(200 << 20)\nfor at in range(0, len(block), 4096):\n    block[at] = 1\ntime.sleep(0.5)\n`,
          },
        },
      }),
    expected: [{ verdict: ['invalid'], failed: ['budget-parity:void'] }],
  },
  {
    name: 'abandoned-try-counts',
    kind: 'cheat',
    does: 'a first measure is killed after a score that one does not like; another variant is measured with two seeds',
    must: 'not supported: an abandoned try counts once a test score was computed (5)',
    build: async (place) => {
      lay(place, { variants: { first: { 'train.py': GUESSING }, variant: { 'train.py': STRONG } } });
      await abandonedMeasure(place, againstMain('first'));
    },
    expected: [{ verdict: ['inconclusive'], tried: 2, noVoid: true }],
    unconfined: [{ verdict: UNSUPPORTED, tried: 2 }],
  },
];
