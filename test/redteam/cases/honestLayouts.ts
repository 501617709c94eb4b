import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from '../place.ts';
import { generator, twoClasses } from '../rows.ts';
import { EVALUATE, lay, STRONG, WEAK } from '../task.ts';
import { againstMain, type RedteamCase } from '../types.ts';

const SUPPORTED = [{ verdict: ['supported'], noVoid: true }] as const;
const TABLE = twoClasses();

const ESTIMATOR = (columns: string): string => `COLUMNS = ${columns}\n`;
const IMPORTING = WEAK.replace('import argparse', 'from estimator import COLUMNS\nimport argparse').replace(
  "['x1']",
  'COLUMNS',
);
const PACKAGED = {
  'train.py': IMPORTING,
  'src/estimator/__init__.py': ESTIMATOR("['x1']"),
  'pyproject.toml': '[project]\nname = "estimator"\nversion = "0.1.0"\n',
  '.gitignore': '__pycache__/\n.mlr/\n.venv/\n',
};
const REPACKAGED = { 'src/estimator/__init__.py': ESTIMATOR("['x1', 'x2', 'x3', 'x4']") };

const FIT = (columns: string): string => `import argparse, csv, os, random

parser = argparse.ArgumentParser()
parser.add_argument('--seed', type=int)
parser.add_argument('--out')
args = parser.parse_args()
rng = random.Random(args.seed)
train = list(csv.DictReader(open('data/train.csv', newline='')))
test = list(csv.DictReader(open('data/test.csv', newline='')))
columns = ${columns}
weights = [0.0] * len(columns)
for step in range(300):
    row = rng.choice(train)
    x = [float(row[name]) for name in columns]
    error = float(row['y']) - sum(w * value for w, value in zip(weights, x))
    weights = [w + 0.03 * error * value for w, value in zip(weights, x)]
os.makedirs(args.out, exist_ok=True)
with open(os.path.join(args.out, 'predictions.csv'), 'w', newline='') as file:
    writer = csv.writer(file)
    writer.writerow(['id', 'y'])
    for row in test:
        writer.writerow([row['id'], '%.5f' % sum(w * float(row[name]) for w, name in zip(weights, columns))])
`;

const RMSE = `import csv, json, sys

labels = list(csv.DictReader(open('data/test_labels.csv', newline='')))
predicted = {row['id']: float(row['y']) for row in csv.DictReader(open(sys.argv[1] + '/predictions.csv', newline=''))}
squares = [(predicted[row['id']] - float(row['y'])) ** 2 for row in labels]


def rmse(values):
    return (sum(values) / len(values)) ** 0.5


blocks = 24
jackknife = [rmse([s for i, s in enumerate(squares) if i % blocks != block]) for block in range(blocks)]
print(json.dumps({'rmse': rmse(squares), 'jackknife': jackknife}))
`;

function regression(): Record<string, string> {
  const random = generator(31);
  const rows = Array.from({ length: 400 }, (_, index) => {
    const x = [0, 1, 2].map(() => random() * 2 - 1);
    const y = (x[0] ?? 0) + 2 * (x[1] ?? 0) - 1.5 * (x[2] ?? 0) + 0.3 * (random() - 0.5);
    return {
      id: `${index < 200 ? 'r' : 't'}${index}`,
      x: x.map((value) => value.toFixed(6)).join(','),
      y: y.toFixed(5),
    };
  });
  const text = (header: string, lines: string[]): string => `${header}\n${lines.join('\n')}\n`;
  const [train, test] = [rows.slice(0, 200), rows.slice(200)];
  return {
    'data/train.csv': text(
      'id,x1,x2,x3,y',
      train.map((row) => `${row.id},${row.x},${row.y}`),
    ),
    'data/test.csv': text(
      'id,x1,x2,x3',
      test.map((row) => `${row.id},${row.x}`),
    ),
    'data/test_labels.csv': text(
      'id,y',
      test.map((row) => `${row.id},${row.y}`),
    ),
  };
}

/** A virtual environment with the package installed to be edited: its path file names the original workspace. */
function installEditable(place: Place): void {
  execFileSync('python3', ['-m', 'venv', '--without-pip', '.venv'], { cwd: place.repository });
  const library = join(place.repository, '.venv', 'lib');
  const version = readdirSync(library).find((name) => name.startsWith('python')) ?? 'python3';
  place.write({
    [`.venv/lib/${version}/site-packages/__editable__.estimator.pth`]: `${join(place.repository, 'src')}\n`,
  });
}

/** Honest work in workspaces of unusual shape. */
export const honestLayoutCases: readonly RedteamCase[] = [
  {
    name: 'rmse-with-jackknife',
    kind: 'honest',
    does: 'a regression scored by RMSE (minimize), evaluate prints jackknife over 24 blocks',
    must: 'supported',
    build: (place) =>
      lay(place, {
        keys: { task: 'Predict y.', metrics: { rmse: 'minimize' }, labels: { file: 'data/train.csv', column: 'y' } },
        files: { ...regression(), 'train.py': FIT("['x1', 'x2']"), 'evaluate.py': RMSE },
        variants: { variant: { 'train.py': FIT("['x1', 'x2', 'x3']") } },
      }),
    expected: [{ verdict: ['supported'], noVoid: true, goal: 'minimize' }],
  },
  {
    name: 'editable-package',
    kind: 'honest',
    does: 'a src/ package, installed editable into .venv by a .pth with the absolute path; the variant changes the package',
    must: "supported: the arm's own package is imported",
    build: (place) => {
      lay(place, { keys: { python: '.venv' }, files: PACKAGED, variants: { variant: REPACKAGED } });
      installEditable(place);
    },
    expected: SUPPORTED,
  },
  {
    name: 'source-root-by-absolute-path',
    kind: 'honest',
    does: 'train.py appends the absolute path of src/ to sys.path; the variant changes the package',
    must: "supported: the arm's own package is imported",
    build: (place) =>
      lay(place, {
        files: {
          ...PACKAGED,
          'train.py': `import sys\nsys.path.append(${JSON.stringify(join(place.repository, 'src'))})\n${IMPORTING}`,
        },
        variants: { variant: REPACKAGED },
      }),
    expected: SUPPORTED,
  },
  {
    name: 'odd-file-names',
    kind: 'honest',
    does: 'inputs and labels with spaces, quotes, letters beyond ASCII and a newline in their names',
    must: 'supported',
    build: (place) => {
      const names = { train: 'data/träin "set".csv', test: 'data/te\nst 集.csv', labels: "data/lábels of 'test'.csv" };
      const named = (text: string): string =>
        text
          .replaceAll("'data/train.csv'", JSON.stringify(names.train))
          .replaceAll("'data/test.csv'", JSON.stringify(names.test))
          .replaceAll("'data/test_labels.csv'", JSON.stringify(names.labels));
      lay(place, {
        keys: {
          inputs: [names.train, names.test],
          hidden: [names.labels],
          train: [names.train],
          test: [names.test],
          labels: { file: names.train, column: 'label' },
        },
        files: {
          'data/train.csv': null,
          'data/test.csv': null,
          'data/test_labels.csv': null,
          [names.train]: TABLE.train,
          [names.test]: TABLE.test,
          [names.labels]: TABLE.labels,
          'notes/ünï\ncode "notes".md': 'notes\n',
          'train.py': named(WEAK),
          'evaluate.py': named(EVALUATE),
        },
        variants: { variant: { 'train.py': named(STRONG), 'notes/ünï\ncode "notes".md': 'more notes\n' } },
      });
    },
    expected: SUPPORTED,
  },
  {
    name: 'workspace-below-top',
    kind: 'honest',
    does: "mlr.yaml lies in projects/my task/ below the repository's top",
    must: 'supported',
    build: (place) => {
      place.workspace = join(place.repository, 'projects', 'my task');
      lay(place, { variants: { variant: { 'train.py': STRONG } } });
    },
    expected: SUPPORTED,
  },
  {
    name: 'untracked-data',
    kind: 'honest',
    does: 'inputs and labels are ignored by git and only lie in the workspace',
    must: 'supported',
    build: (place) => {
      lay(place, {
        files: { '.gitignore': '__pycache__/\n.mlr/\ndata/\n' },
        variants: { variant: { 'train.py': STRONG } },
      });
    },
    expected: SUPPORTED,
  },
  {
    name: 'data-outside-repository',
    kind: 'honest',
    does: 'inputs come from a folder outside the repository: {from: /…/corpus, as: data/corpus}',
    must: 'supported',
    build: (place) => {
      const corpus = join(place.outside, 'corpus');
      const moved = (text: string): string =>
        text.replaceAll('data/train.csv', 'data/corpus/train.csv').replaceAll('data/test.csv', 'data/corpus/test.csv');
      place.write({ 'train.csv': TABLE.train, 'test.csv': TABLE.test }, corpus);
      lay(place, {
        keys: {
          inputs: [{ from: corpus, as: 'data/corpus' }],
          train: ['data/corpus/train.csv'],
          test: ['data/corpus/test.csv'],
          labels: { file: 'data/corpus/train.csv', column: 'label' },
        },
        files: { 'data/train.csv': null, 'data/test.csv': null, 'train.py': moved(WEAK) },
        variants: { variant: { 'train.py': moved(STRONG) } },
      });
    },
    expected: SUPPORTED,
  },
  {
    name: 'dirty-worktree',
    kind: 'honest',
    does: 'the variant is the uncommitted state of the workspace, a new file among it',
    must: 'supported: a dirty tree is committed to a hidden ref first; main and the files stay as they are',
    build: (place) => {
      lay(place, { files: { ...PACKAGED, 'train.py': `import sys\nsys.path.insert(0, 'src')\n${IMPORTING}` } });
      place.write({ 'src/estimator/__init__.py': 'from .columns import COLUMNS as COLUMNS\n' });
      place.write({ 'src/estimator/columns.py': ESTIMATOR("['x1', 'x2', 'x3', 'x4']") });
    },
    commands: [againstMain('worktree')],
    expected: [{ verdict: ['supported'], noVoid: true, notFailed: ['clean-tree'] }],
    after: (place) => {
      const dirty = place
        .git('status', '--porcelain')
        .split('\n')
        .filter((line) => line !== '' && !line.includes('.mlr'));
      return dirty.length === 2 ? [] : [`git status shows ${JSON.stringify(dirty)}`];
    },
  },
];
