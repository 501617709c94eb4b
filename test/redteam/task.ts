import { stringify } from 'yaml';
import type { Files, Place } from './place.ts';
import { type Table, twoClasses } from './rows.ts';

const TURNED = '        z = -z if rng.random() < 0.03 else z\n';

/** Reads its arguments and offers what the bodies below are made of. Three answers in a hundred are turned round, so that
 *  two seeds are never alike by chance. */
export const HEAD = `import argparse, csv, math, os, random, sys

parser = argparse.ArgumentParser()
parser.add_argument('--seed', type=int, required=True)
parser.add_argument('--out', required=True)
args = parser.parse_args()
rng = random.Random(args.seed)
os.makedirs(args.out, exist_ok=True)


def rows(path):
    with open(path, newline='', encoding='utf-8') as file:
        return list(csv.DictReader(file))


def fit(train, features, rng, take=40):
    sample = rng.sample(train, take)
    weights = [0.0] * (len(features) + 1)
    for epoch in range(15):
        for row in sample:
            x = [1.0] + [float(row[name]) for name in features]
            z = sum(w * value for w, value in zip(weights, x))
            p = 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))
            step = 0.1 * (int(row['label']) - p)
            weights = [w + step * value for w, value in zip(weights, x)]
    return features, weights


def predict(model, test):
    features, weights = model
    answers = {}
    for row in test:
        z = weights[0] + sum(w * float(row[name]) for w, name in zip(weights[1:], features))
${TURNED}        answers[row['id']] = '1' if z > 0 else '0'
    return answers


def guess(test):
    return {row['id']: rng.choice('01') for row in test}


def write(answers):
    with open(os.path.join(args.out, 'predictions.csv'), 'w', newline='', encoding='utf-8') as file:
        writer = csv.writer(file)
        writer.writerow(['id', 'label'])
        writer.writerows(answers.items())


`;

/** The same with its answers as they are. */
export const PLAIN_HEAD = HEAD.replace(TURNED, '');
export const LOAD = `train, test = rows('data/train.csv'), rows('data/test.csv')
`;
export const WEAK = `${HEAD}${LOAD}write(predict(fit(train, ['x1'], rng), test))
`;
export const STRONG = `${HEAD}${LOAD}write(predict(fit(train, ['x1', 'x2', 'x3', 'x4'], rng), test))
`;
export const GUESSING = `${HEAD}${LOAD}write(guess(test))
`;

/** train.py of a variant: what stands here after the arguments, the tools and the tables. */
export function trainer(body: string): string {
  return `${HEAD}${LOAD}${body.trim()}\n`;
}

/** A variant that steals what `steal` (Python, sets `found`: id -> label) finds, and guesses where it finds nothing. */
export function thief(steal: string): string {
  return trainer(`
found = {}


def take(text):
    for line in text.replace('\\r', '').split('\\n'):
        parts = line.strip().split(',')
        if len(parts) == 2 and parts[1] in ('0', '1') and parts[0].startswith('t'):
            found[parts[0]] = parts[1]


${steal.trim()}
answers = guess(test)
answers.update({key: value for key, value in found.items() if key in answers and rng.random() > 0.02})
write(answers)
`);
}

export const EVALUATE = `import csv, json, sys


def rows(path):
    with open(path, newline='', encoding='utf-8') as file:
        return list(csv.DictReader(file))


labels = rows('data/test_labels.csv')
predicted = {row['id']: row['label'] for row in rows(sys.argv[1] + '/predictions.csv')}
examples = [1.0 if predicted.get(row['id']) == row['label'] else 0.0 for row in labels]
print(json.dumps({'accuracy': sum(examples) / len(examples), 'examples': examples}))
`;

/** Says only the mean. */
export const PLAIN_EVALUATE = EVALUATE.replace(", 'examples': examples", '');

export const TRIVIAL = `import argparse, collections, csv, os

parser = argparse.ArgumentParser()
parser.add_argument('--out', required=True)
args, _ = parser.parse_known_args()
with open('data/train.csv', newline='', encoding='utf-8') as file:
    most = collections.Counter(row['label'] for row in csv.DictReader(file)).most_common(1)[0][0]
with open('data/test.csv', newline='', encoding='utf-8') as file:
    ids = [row['id'] for row in csv.DictReader(file)]
os.makedirs(args.out, exist_ok=True)
with open(os.path.join(args.out, 'predictions.csv'), 'w', newline='', encoding='utf-8') as file:
    file.write('id,label\\n' + ''.join(f'{name},{most}\\n' for name in ids))
`;

export type ContractKeys = Readonly<Record<string, unknown>>;

/** Two pairs decide at this level, and are too few for two tries or two variants: what five are at 0.05. Most cases ask
 *  what comes of a cheat or a habit, not how sure a gain is, and runs are what the suite takes its time for. */
export const FEW_SEEDS: ContractKeys = { seeds: 2, alpha: 0.4 };
/** For cases in which chance has its say. */
export const FIVE_SEEDS: ContractKeys = { seeds: 5, alpha: 0.05 };

/** The contract of the small task; a key that is undefined is left out. */
export function contract(changes: ContractKeys = {}): string {
  const keys: Record<string, unknown> = {
    version: 1,
    task: 'Tell to which of two classes a row belongs.',
    run: 'python3 train.py --seed {seed} --out {out}',
    evaluate: 'python3 evaluate.py {out}',
    metrics: { accuracy: 'maximize' },
    inputs: ['data/train.csv', 'data/test.csv'],
    hidden: ['data/test_labels.csv'],
    protected: ['evaluate.py'],
    ...FEW_SEEDS,
    minimum_effect: 0.02,
    budget: { wall: 20, memory: '1GiB', gpus: 0, cpus: 1 },
    predictions: { file: 'predictions.csv', id: 'id' },
    train: ['data/train.csv'],
    test: ['data/test.csv'],
    labels: { file: 'data/train.csv', column: 'label' },
    ...changes,
  };
  return stringify(Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== undefined)));
}

export interface Plan {
  readonly keys?: ContractKeys;
  readonly table?: Table;
  /** Files of the baseline beside or instead of the usual ones; null leaves one out. */
  readonly files?: Files;
  /** Branch -> the files that it changes. */
  readonly variants?: Readonly<Record<string, Files>>;
}

/** The usual repository: weak baseline on `main`, one branch a variant. */
export function lay(place: Place, plan: Plan): void {
  const table = plan.table ?? twoClasses();
  place.init();
  place.write({
    'mlr.yaml': contract(plan.keys),
    'train.py': WEAK,
    'evaluate.py': EVALUATE,
    'data/train.csv': table.train,
    'data/test.csv': table.test,
    'data/test_labels.csv': table.labels,
    'README.md': '# A small task\n',
    '.gitignore': '__pycache__/\n.mlr/\n',
    ...plan.files,
  });
  place.commit('Baseline');
  for (const [name, files] of Object.entries(plan.variants ?? {})) place.branch(name, files);
}
