import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export type Layout = Readonly<Record<string, string>>;

/** A git repository with these files, all committed. */
export function repositoryOf(files: Layout): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'mlr-init-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  git(folder, 'init', '-q', '-b', 'main');
  commitAll(folder, 'Start');
  return folder;
}

export function commitAll(folder: string, message: string): void {
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '--allow-empty', '-m', message);
}

export function git(folder: string, ...words: string[]): string {
  return execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...words], {
    cwd: folder,
    encoding: 'utf8',
  });
}

/** Two clouds of points, a little apart. */
function points(rows: number, start: number, columns: 'labelled' | 'inputs' | 'labels'): string {
  const head = { labelled: 'id,x1,x2,label', inputs: 'id,x1,x2', labels: 'id,label' }[columns];
  const lines = Array.from({ length: rows }, (_, i) => {
    const at = start + i;
    const wave = (k: number): string => (Math.sin(at * k) * 2 + (at % 2 === 0 ? 0.8 : -0.8)).toFixed(3);
    const label = at % 2;
    if (columns === 'labels') return `${at},${label}`;
    return `${at},${wave(12.9898)},${wave(78.233)}${columns === 'labelled' ? `,${label}` : ''}`;
  });
  return `${[head, ...lines].join('\n')}\n`;
}

const LABELLED = { 'data/train.csv': points(120, 0, 'labelled'), 'data/test.csv': points(60, 500, 'labelled') };
const APART = {
  'data/train.csv': points(120, 0, 'labelled'),
  'data/test.csv': points(60, 500, 'inputs'),
  'data/test_labels.csv': points(60, 500, 'labels'),
};

const LEARN = `def read(path):
    with open(path) as file:
        return list(csv.DictReader(file))


def inputs(rows):
    return [[float(row["x1"]), float(row["x2"])] for row in rows]


def fit(x, y, epochs, rng):
    w = [0.0, 0.0]
    order = list(range(len(x)))
    for _ in range(epochs):
        rng.shuffle(order)
        for i in order:
            step = y[i] - classify(w, x[i])
            w = [v + 0.1 * step * u for v, u in zip(w, x[i])]
    return w


def classify(w, row):
    return int(sum(v * u for v, u in zip(w, row)) > 0)
`;

/** A script with argparse that scores itself on a test table with its labels inside. */
export const ARGPARSE: Layout = {
  ...LABELLED,
  'README.md': '# Clouds\n\nTell two clouds of points apart. It is small.\n',
  'train.py': `import argparse
import csv
import random


${LEARN}

def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=3)
    args = parser.parse_args()
    train, test = read("data/train.csv"), read("data/test.csv")
    w = fit(inputs(train), [int(row["label"]) for row in train], args.epochs, random.Random(args.seed))
    y_pred = [classify(w, row) for row in inputs(test)]
    y_test = [int(row["label"]) for row in test]
    accuracy = sum(p == y for p, y in zip(y_pred, y_test)) / len(y_test)
    print(f"test accuracy {accuracy:.3f}")


if __name__ == "__main__":
    main()
`,
};

/** Settings in hydra's files, the score by scikit-learn, labels in a file of their own. */
export const HYDRA: Layout = {
  ...APART,
  'requirements.txt': 'hydra-core\npandas\nscikit-learn\n',
  'conf/config.yaml': 'seed: 0\noutput_dir: outputs\nmodel:\n  depth: 3\n',
  'main.py': `import os

import hydra
import pandas as pd
from sklearn.metrics import accuracy_score
from sklearn.tree import DecisionTreeClassifier


@hydra.main(version_base=None, config_path="conf", config_name="config")
def main(cfg):
    train = pd.read_csv("data/train.csv")
    test = pd.read_csv("data/test.csv")
    y_true = pd.read_csv("data/test_labels.csv")["label"]
    model = DecisionTreeClassifier(max_depth=cfg.model.depth, random_state=cfg.seed)
    model.fit(train[["x1", "x2"]], train["label"])
    preds = model.predict(test[["x1", "x2"]])
    print("accuracy", accuracy_score(y_true, preds))


if __name__ == "__main__":
    main()
`,
};

/** A command of click that writes its predictions; nobody scores them yet. */
export const CLICK: Layout = {
  ...APART,
  'predict.py': `import csv
import random

import click


${LEARN}

@click.command()
@click.option("--random-seed", type=int, default=0)
@click.option("--output", "output_dir", type=click.Path())
def main(random_seed, output_dir):
    train = read("data/train.csv")
    w = fit(inputs(train), [int(row["label"]) for row in train], 3, random.Random(random_seed))
    with open(f"{output_dir}/predictions.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "label"])
        for row, x in zip(read("data/test.csv"), inputs(read("data/test.csv"))):
            writer.writerow([row["id"], classify(w, x)])


if __name__ == "__main__":
    main()
`,
};

/** Nothing but a notebook with a seed in a cell. */
export const NOTEBOOK: Layout = {
  ...LABELLED,
  'analysis.ipynb': JSON.stringify({
    nbformat: 4,
    cells: [
      { cell_type: 'markdown', source: ['# Clouds'] },
      { cell_type: 'code', source: ['%matplotlib inline\n', 'import csv\n', 'import random\n', 'SEED = 42\n'] },
      { cell_type: 'code', source: LEARN },
      {
        cell_type: 'code',
        source: [
          'train, test = read("data/train.csv"), read("data/test.csv")\n',
          'w = fit(inputs(train), [int(row["label"]) for row in train], 3, random.Random(SEED))\n',
        ],
      },
      {
        cell_type: 'code',
        source: [
          'pred = [classify(w, row) for row in inputs(test)]\n',
          'truth = [int(row["label"]) for row in test]\n',
          'print("accuracy", sum(p == t for p, t in zip(pred, truth)) / len(truth))\n',
        ],
      },
    ],
  }),
};

/** A package below src/, whose score is a function of its own. */
export const PACKAGE: Layout = {
  ...APART,
  'pyproject.toml': '[project]\nname = "clouds"\nversion = "0.1"\n',
  'src/clouds/__init__.py': '',
  'src/clouds/learner.py': `import csv\n\n\n${LEARN}`,
  'src/clouds/train.py': `import argparse
import random

from clouds.learner import classify, fit, inputs, read


def accuracy(truth, predicted):
    return sum(t == p for t, p in zip(truth, predicted)) / len(truth)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    train, test = read("data/train.csv"), read("data/test.csv")
    w = fit(inputs(train), [int(row["label"]) for row in train], 3, random.Random(args.seed))
    truth = [int(row["label"]) for row in read("data/test_labels.csv")]
    print("accuracy:", accuracy(truth, [classify(w, row) for row in inputs(test)]))


if __name__ == "__main__":
    main()
`,
};

/** Groups without labels. */
export const UNSUPERVISED: Layout = {
  'data/points.csv': points(90, 0, 'inputs'),
  'kmeans.py': `import argparse
import csv
import random


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out-dir", required=True)
    args = parser.parse_args()
    with open("data/points.csv") as file:
        points = [(float(row["x1"]), float(row["x2"])) for row in csv.DictReader(file)]
    centroids = random.Random(args.seed).sample(points, 3)
    for _ in range(2):
        groups = [nearest(point, centroids) for point in points]
        centroids = [middle([p for p, g in zip(points, groups) if g == k]) or c for k, c in enumerate(centroids)]
    print("inertia", sum(distance(p, centroids[g]) for p, g in zip(points, groups)))
    with open(f"{args.out_dir}/clusters.csv", "w", newline="") as file:
        csv.writer(file).writerows([[g] for g in groups])


def nearest(point, centroids):
    return min(range(len(centroids)), key=lambda k: distance(point, centroids[k]))


def middle(points):
    return tuple(sum(column) / len(points) for column in zip(*points)) if points else None


def distance(a, b):
    return sum((x - y) ** 2 for x, y in zip(a, b))


if __name__ == "__main__":
    main()
`,
};

/** A plain script: no argument, the seed a number in the code, the test labels read from a file. */
export const PLAIN: Layout = {
  ...APART,
  'run.py': `import csv
import random

random.seed(7)
${LEARN}
train = read("data/train.csv")
test = read("data/test.csv")
y_true = [int(row["label"]) for row in read("data/test_labels.csv")]
w = fit(inputs(train), [int(row["label"]) for row in train], 3, random)
y_hat = [classify(w, row) for row in inputs(test)]
acc = sum(a == b for a, b in zip(y_true, y_hat)) / len(y_true)
print("acc", acc)
`,
};
