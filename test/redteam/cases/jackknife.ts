import { twoClasses } from '../rows.ts';
import { EVALUATE, FIVE_SEEDS, HEAD, LOAD, lay, STRONG, trainer, WEAK } from '../task.ts';
import { NOT_INVALID, NOTHING_WON, type RedteamCase, SUPPORTED } from '../types.ts';

const READ = `import csv, json, sys


def rows(path):
    with open(path, newline='', encoding='utf-8') as file:
        return list(csv.DictReader(file))


labels = rows('data/test_labels.csv')
predicted = {row['id']: row for row in rows(sys.argv[1] + '/predictions.csv')}
`;
const without = (metric: string, blocks: number): string => `everything = list(range(len(labels)))
blocks = ${blocks}
left_out = [${metric}([i for i in everything if i % blocks != block]) for block in range(blocks)]
print(json.dumps({'${metric}': ${metric}(everything), 'jackknife': left_out}))
`;
const f1 = (blocks: number): string => `${READ}pairs = [(predicted[row['id']]['label'], row['label']) for row in labels]


def f1(chosen):
    hit = sum(pairs[i] == ('1', '1') for i in chosen)
    wrong = sum(pairs[i][0] != pairs[i][1] for i in chosen)
    return 2 * hit / (2 * hit + wrong)


${without('f1', blocks)}`;
const AUC = `${READ}scores = [float(predicted[row['id']]['label']) for row in labels]


def auc(chosen):
    good = [scores[i] for i in chosen if labels[i]['label'] == '1']
    bad = [scores[i] for i in chosen if labels[i]['label'] == '0']
    return sum((a > b) + 0.5 * (a == b) for a in good for b in bad) / (len(good) * len(bad))


${without('auc', 24)}`;
const asScores = (text: string): string => text.replace("'1' if z > 0 else '0'", "'%.6f' % z");
const withGroups = (group: string): string =>
  EVALUATE.replace(
    "'examples': examples",
    `'examples': examples, 'groups': [${group} for i, row in enumerate(labels)]`,
  );
const DETERMINISTIC = { ...FIVE_SEEDS, accept: { 'seed-effect': 'deterministic rule' } };

/** Forty near-copies each of six sources, in the order of the sources. */
function copies(): Record<string, string> {
  const lines = twoClasses().testRows.map((row, index) => `${row},s${Math.floor(index / 40)}`);
  const answers = lines.map((row, index) => `${row.split(',')[0]},${1 - (Math.floor(index / 40) % 2)}`);
  return {
    'data/test.csv': `id,x1,x2,x3,x4,source\n${lines.join('\n')}\n`,
    'data/test_labels.csv': `id,label\n${answers.join('\n')}\n`,
  };
}

const bySource = (answers: string): string =>
  `${HEAD}${LOAD}write({row['id']: '${answers}'[int(row['source'][1:])] for row in test})\n`;

/** Honest noise between sources: each source has a shift of its own that all its copies share. */
const SHARED = trainer(`shift = {}
answers = predict(fit(train, ['x1', 'x2', 'x3', 'x4'], rng), test)
for index, row in enumerate(test):
    if shift.setdefault(index // 10, rng.random()) < 0.1:
        answers[row['id']] = '1'
write(answers)`);

/** Metrics that are no mean, and examples that are not independent. */
export const jackknifeCases: readonly RedteamCase[] = [
  {
    name: 'f1-with-jackknife',
    kind: 'honest',
    does: 'F1 with a jackknife over 24 blocks of rows, row number modulo 24',
    must: 'supported: pseudo-values stand for the examples (4.3)',
    build: (place) =>
      lay(place, {
        keys: { metrics: { f1: 'maximize' } },
        files: { 'evaluate.py': f1(24) },
        variants: { variant: { 'train.py': STRONG } },
      }),
    expected: SUPPORTED,
  },
  {
    name: 'auc-with-jackknife',
    kind: 'honest',
    does: 'AUC of real-valued scores with a jackknife over 24 blocks',
    must: 'supported: pseudo-values stand for the examples (4.3)',
    build: (place) =>
      lay(place, {
        keys: { metrics: { auc: 'maximize' } },
        files: { 'evaluate.py': AUC, 'train.py': asScores(WEAK) },
        variants: { variant: { 'train.py': asScores(STRONG) } },
      }),
    expected: SUPPORTED,
  },
  {
    name: 'jackknife-of-ten-blocks',
    kind: 'honest',
    does: 'the jackknife has 10 blocks where 20 are the least',
    must: 'supported over seeds: a list that does not fit is named and not used (4.3)',
    build: (place) =>
      lay(place, {
        // Seeds alone decide here, and two tell little of their variance.
        keys: { metrics: { f1: 'maximize' }, seeds: 6, alpha: 0.4 },
        files: { 'evaluate.py': f1(10) },
        variants: { variant: { 'train.py': STRONG } },
      }),
    expected: SUPPORTED,
    after: async (_, mlr) =>
      /jackknife/i.test((await mlr(['report', 'last'])).stdout) ? [] : ['the report does not name the list'],
  },
  {
    name: 'grouped-near-copies',
    kind: 'honest',
    does: 'a real gain on 24 sources with ten near-copies each; `groups` names the source',
    must: 'not invalid: group means are the examples (4.3)',
    build: (place) =>
      lay(place, {
        files: { 'evaluate.py': withGroups("'s%d' % (i // 10)") },
        variants: { variant: { 'train.py': SHARED } },
      }),
    expected: NOT_INVALID,
  },
  {
    name: 'forty-copies-are-one',
    kind: 'cheat',
    does: 'deterministic arms; the variant wins four of six sources that have forty copies each (160 rows against 80)',
    must: 'not supported: with `groups` there are six examples, and four of six is luck (4.3)',
    build: (place) =>
      lay(place, {
        keys: DETERMINISTIC,
        files: { ...copies(), 'evaluate.py': withGroups("'s%d' % (i // 40)"), 'train.py': bySource('010110') },
        variants: { variant: { 'train.py': bySource('101001') } },
      }),
    expected: NOTHING_WON,
  },
  {
    name: 'groups-of-one',
    kind: 'honest',
    does: 'every example is a group of its own, named by a number',
    must: 'supported, as without groups (4.3)',
    build: (place) =>
      lay(place, { files: { 'evaluate.py': withGroups('i') }, variants: { variant: { 'train.py': STRONG } } }),
    expected: SUPPORTED,
  },
  {
    name: 'one-group-for-all',
    kind: 'honest',
    does: 'all examples belong to one group, so that there is no spread between groups',
    must: 'not invalid, and no crash: lacking information never fails',
    build: (place) =>
      lay(place, { files: { 'evaluate.py': withGroups("'all'") }, variants: { variant: { 'train.py': STRONG } } }),
    expected: NOT_INVALID,
  },
];
