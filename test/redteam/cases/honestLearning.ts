import { generator, sentences, twoClasses } from '../rows.ts';
import { FIVE_SEEDS, GUESSING, HEAD, lay, PLAIN_EVALUATE, STRONG, TRIVIAL, WEAK } from '../task.ts';
import { textFiles, textKeys, textTrainer } from '../textTask.ts';
import { againstMain, NO_GAIN, type RedteamCase } from '../types.ts';

const SUPPORTED = [{ verdict: ['supported'], noVoid: true }] as const;

/** Honest work of every kind that must never come out invalid. */
export const honestLearningCases: readonly RedteamCase[] = [
  {
    name: 'clear-improvement',
    kind: 'honest',
    does: 'four columns instead of one: about 0.13 better in every pair',
    must: 'supported',
    build: (place) => lay(place, { keys: FIVE_SEEDS, variants: { variant: { 'train.py': STRONG } } }),
    expected: SUPPORTED,
  },
  {
    name: 'clear-harm',
    kind: 'honest',
    does: 'the variant guesses; measured with --all-seeds',
    must: 'refuted',
    build: (place) => lay(place, { keys: FIVE_SEEDS, variants: { variant: { 'train.py': GUESSING } } }),
    commands: [[...againstMain('variant'), '--all-seeds']],
    expected: [{ verdict: ['refuted'], noVoid: true }],
  },
  {
    name: 'clear-harm-stopped-early',
    kind: 'honest',
    does: 'the variant guesses; the tool may stop when no completion could support',
    must: 'inconclusive (stopped) or refuted; a stop is no missing run',
    build: (place) => lay(place, { keys: FIVE_SEEDS, variants: { variant: { 'train.py': GUESSING } } }),
    expected: [{ verdict: NO_GAIN, noVoid: true }],
  },
  {
    name: 'two-variants-at-six-seeds',
    kind: 'honest',
    does: 'one variant is better, one guesses; six seeds are the least for two',
    must: 'whole and `better` supported, `worse` not',
    build: (place) =>
      lay(place, {
        keys: { ...FIVE_SEEDS, seeds: 6 },
        variants: { better: { 'train.py': STRONG }, worse: { 'train.py': GUESSING } },
      }),
    commands: [againstMain('better', 'worse')],
    expected: [{ verdict: ['supported'], variants: { better: ['supported'], worse: NO_GAIN }, noVoid: true }],
  },
  {
    name: 'naturally-duplicated-text',
    kind: 'honest',
    does: 'sentences drawn with repetition from one pool, in train and test alike',
    must: 'train-test-overlap does not fail',
    build: (place) => {
      const text = sentences(300, 200, 220);
      lay(place, {
        keys: textKeys(),
        files: textFiles(text, textTrainer(false)),
        variants: { variant: { 'train.py': textTrainer(true) } },
      });
    },
    expected: [{ verdict: ['supported', 'inconclusive'], noVoid: true, notFailed: ['train-test-overlap'] }],
  },
  {
    name: 'speed-only',
    kind: 'honest',
    does: 'the same predictions in less time; the primary metric is seconds',
    must: 'not invalid: arms-differ does not apply to seconds',
    build: (place) =>
      lay(place, {
        keys: { metrics: { seconds: 'minimize', accuracy: 'maximize' }, minimum_effect: 0.02 },
        files: {
          'train.py': WEAK.replace('write(predict', 'import time\ntime.sleep(0.4)\nwrite(predict'),
          'evaluate.py': PLAIN_EVALUATE,
        },
        variants: { variant: { 'train.py': WEAK } },
      }),
    expected: [{ verdict: ['supported', 'inconclusive'], noVoid: true, notFailed: ['arms-differ'], metric: 'seconds' }],
  },
  {
    name: 'unsupervised-arm',
    kind: 'honest',
    does: 'two clusters from points alone; no training file, no labels; the variant uses all columns',
    must: 'not invalid; supported unless a drawn seed lets its clusters collapse',
    build: (place) => {
      const cluster = (columns: string): string => `${HEAD}test = rows('data/test.csv')
columns = ${columns}
points = {row['id']: [float(row[name]) for name in columns] for row in test}
centres = rng.sample(list(points.values()), 2)
for step in range(2):
    near = {key: min((0, 1), key=lambda c: sum((a - b) ** 2 for a, b in zip(point, centres[c]))) for key, point in points.items()}
    for c in (0, 1):
        mine = [points[key] for key in points if near[key] == c] or [rng.choice(list(points.values()))]
        centres[c] = [sum(values) / len(mine) for values in zip(*mine)]
high = 0 if sum(centres[0]) > sum(centres[1]) else 1
write({key: '1' if c == high else '0' for key, c in near.items()})
`;
      lay(place, {
        keys: { inputs: ['data/test.csv'], train: undefined, labels: undefined },
        files: { 'train.py': cluster("['x1']"), 'data/train.csv': null },
        variants: { variant: { 'train.py': cluster("['x1', 'x2', 'x3', 'x4']") } },
      });
    },
    // Two clusters from a drawn seed may collapse, which is no fault of the measurement.
    expected: [{ verdict: ['supported', 'inconclusive'], noVoid: true }],
  },
  {
    name: 'weak-baseline',
    kind: 'honest',
    does: 'the baseline is no better than `trivial`; the variant is good',
    must: 'supported, with a note only',
    build: (place) =>
      lay(place, {
        keys: { trivial: 'python3 trivial.py --out {out}', protected: ['evaluate.py', 'trivial.py'] },
        files: { 'train.py': GUESSING, 'trivial.py': TRIVIAL },
        variants: { variant: { 'train.py': STRONG } },
      }),
    expected: SUPPORTED,
  },
  {
    name: 'thirty-binary-labels',
    kind: 'honest',
    does: 'a test set of thirty rows, and an added list of thirty unrelated flags',
    must: 'not invalid: hidden-unseen does not fail on labels of fewer than 48 bits',
    build: (place) => {
      const random = generator(21);
      lay(place, {
        table: twoClasses({ testRows: 30 }),
        variants: {
          variant: {
            'train.py': STRONG,
            'flags.json': `[${Array.from({ length: 30 }, () => (random() < 0.5 ? 1 : 0)).join(', ')}]\n`,
          },
        },
      });
    },
    expected: [{ verdict: ['supported', 'inconclusive'], noVoid: true, notFailed: ['hidden-unseen'] }],
  },
  {
    name: 'submission-in-both-arms',
    kind: 'honest',
    does: 'both arms carry submission.csv, the 95 % right answers of an older model',
    must: 'supported: only what the variant added counts',
    build: (place) => {
      const table = twoClasses();
      const rows = table.ids.map(
        (id, index) => `${id},${index % 20 === 3 ? 1 - Number(table.answers[index]) : table.answers[index]}`,
      );
      lay(place, {
        table,
        files: { 'submission.csv': `id,label\n${rows.join('\n')}\n` },
        variants: { variant: { 'train.py': STRONG } },
      });
    },
    expected: [{ verdict: ['supported'], noVoid: true, notFailed: ['hidden-unseen'] }],
  },
  {
    name: 'added-word-list',
    kind: 'honest',
    does: 'the variant adds a lexicon of 300 words with 0/1 flags and a table of settings',
    must: 'supported: unrelated columns are nothing to hidden-unseen',
    build: (place) => {
      const random = generator(22);
      const words = Array.from(
        { length: 300 },
        (_, index) => `t${String(index).padStart(4, '0')}x,${random() < 0.5 ? 1 : 0}`,
      );
      lay(place, {
        variants: {
          variant: {
            'train.py': STRONG,
            'lexicon.csv': `word,flag\n${words.join('\n')}\n`,
            'settings.json': `[${Array.from({ length: 200 }, () => (random() < 0.5 ? 0 : 1)).join(', ')}]\n`,
          },
        },
      });
    },
    expected: [{ verdict: ['supported'], noVoid: true, notFailed: ['hidden-unseen'] }],
  },
];
