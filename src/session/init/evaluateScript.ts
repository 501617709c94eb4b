import type { Metric } from '../../workspace/scriptScores.ts';

/** What a separate evaluation compares. */
export interface Evaluation {
  readonly metric: Metric;
  /** Below {out}. */
  readonly predictions: string;
  /** The file with the truth, and its column; null where it has no head. */
  readonly labels: string;
  readonly column: string | null;
}

/** `evaluate.py`: standard Python alone, so that it runs wherever the experiment does. */
export function evaluateScript({ metric, predictions, labels, column }: Evaluation): string {
  return `"""Score the predictions of a run; the last line printed is one JSON object.

    python3 evaluate.py OUT     OUT/${predictions} against ${labels}
"""

import csv
import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
LABELS = HERE / ${JSON.stringify(labels)}
PREDICTIONS = ${JSON.stringify(predictions)}
COLUMN = ${column === null ? 'None' : JSON.stringify(column)}


def main():
    out = Path(sys.argv[1])
    truth, truth_ids = read(LABELS, [COLUMN])
    predicted, ids = read(out / PREDICTIONS, ["prediction", "predicted", "pred", COLUMN])
    if ids and truth_ids:
        by_id = dict(zip(ids, predicted))
        predicted = [by_id[one] for one in truth_ids if one in by_id]
    if len(predicted) != len(truth):
        sys.exit(f"{out / PREDICTIONS}: {len(predicted)} predictions for {len(truth)} test rows")
    print(json.dumps(score(truth, predicted)))


${SCORE[metric]}

def read(path, names):
    """The values of the first of these columns that is there, else of the last one; and the ids."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = [row for row in csv.reader(file) if row]
    head = rows[0] if any(name in rows[0] for name in names if name) or "id" in rows[0] else None
    body = rows[1:] if head else rows
    at = next((head.index(name) for name in names if head and name in head), -1)
    ids = [row[head.index("id")] for row in body] if head and "id" in head else []
    return [row[at] for row in body], ids


if __name__ == "__main__":
    main()
`;
}

const NUMBERS = `    pairs = [(float(t), float(p)) for t, p in zip(truth, predicted)]
`;

const SCORE: Readonly<Record<Metric, string>> = {
  accuracy: `def score(truth, predicted):
    examples = [int(same(t, p)) for t, p in zip(truth, predicted)]
    return {"accuracy": sum(examples) / len(examples), "examples": examples}


def same(a, b):
    try:
        return float(a) == float(b)
    except ValueError:
        return a.strip() == b.strip()

`,
  f1: `def score(truth, predicted):
    """The mean over classes of 2 * hits / (true + predicted)."""
    pairs = [(t.strip(), p.strip()) for t, p in zip(truth, predicted)]
    parts = []
    for name in sorted({t for t, _ in pairs}):
        hits = sum(t == p == name for t, p in pairs)
        parts.append(2 * hits / (sum(t == name for t, _ in pairs) + sum(p == name for _, p in pairs)))
    return {"f1": sum(parts) / len(parts)}

`,
  mae: `def score(truth, predicted):
${NUMBERS}    examples = [abs(t - p) for t, p in pairs]
    return {"mae": sum(examples) / len(examples), "examples": examples}

`,
  mse: `def score(truth, predicted):
${NUMBERS}    examples = [(t - p) ** 2 for t, p in pairs]
    return {"mse": sum(examples) / len(examples), "examples": examples}

`,
  rmse: `def score(truth, predicted):
${NUMBERS}    return {"rmse": (sum((t - p) ** 2 for t, p in pairs) / len(pairs)) ** 0.5}

`,
  pearson: `def score(truth, predicted):
${NUMBERS}    return {"pearson": correlation(pairs)}

${correlation()}`,
  spearman: `def score(truth, predicted):
${NUMBERS}    truth_ranks, predicted_ranks = ranks([t for t, _ in pairs]), ranks([p for _, p in pairs])
    return {"spearman": correlation(list(zip(truth_ranks, predicted_ranks)))}


def ranks(values):
    """Ranks from 1; equal values share the mean of theirs."""
    ordered = sorted(values)
    first = {value: ordered.index(value) for value in set(values)}
    return [first[value] + (ordered.count(value) + 1) / 2 for value in values]

${correlation()}`,
};

function correlation(): string {
  return `
def correlation(pairs):
    mean_t = sum(t for t, _ in pairs) / len(pairs)
    mean_p = sum(p for _, p in pairs) / len(pairs)
    both = sum((t - mean_t) * (p - mean_p) for t, p in pairs)
    spread = sum((t - mean_t) ** 2 for t, _ in pairs) * sum((p - mean_p) ** 2 for _, p in pairs)
    return both / spread**0.5 if spread else 0.0

`;
}

/** An evaluation of groups that were found without labels: how far rows lie from the middle of their group.
 *  @param table the rows, relative to the workspace folder */
export function clusterScript(table: string, assignments: string): string {
  return `"""Score the groups that a run found; the last line printed is one JSON object.

    python3 evaluate.py OUT     OUT/${assignments} (a group for every row, in order) against ${table}

The score is the mean squared distance of a row to the middle of its group. It needs no labels; put another one here if
you judge groups in another way. It falls with more groups, so compare runs with the same number of them.
"""

import csv
import json
import sys
from collections import defaultdict
from pathlib import Path

TABLE = Path(__file__).parent / ${JSON.stringify(table)}


def main():
    table = read(TABLE)
    names = [i for i, name in enumerate(table[0]) if name == "id"]
    numbers = [[float(v) for i, v in enumerate(row) if i not in names and is_number(v)] for row in table]
    rows = [row for row in numbers if row]
    groups = [row[-1] for row in read(Path(sys.argv[1]) / ${JSON.stringify(assignments)})][-len(rows) :]
    if len(groups) != len(rows):
        sys.exit(f"{len(groups)} groups for {len(rows)} rows")
    members = defaultdict(list)
    for row, group in zip(rows, groups):
        members[group].append(row)
    total = sum(distance(row, middle) for own in members.values() for middle in [mean(own)] for row in own)
    print(json.dumps({"spread": total / len(rows)}))


def mean(rows):
    return [sum(column) / len(rows) for column in zip(*rows)]


def distance(a, b):
    return sum((x - y) ** 2 for x, y in zip(a, b))


def is_number(text):
    try:
        float(text)
        return True
    except ValueError:
        return False


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return [row for row in csv.reader(file) if row]


if __name__ == "__main__":
    main()
`;
}

/** Where nothing says how a result is judged. */
export const UNKNOWN_EVALUATION = `"""Score what a run wrote; the last line printed must be one JSON object of metrics.

    python3 evaluate.py OUT

Write here how a result is judged: read what the run left in OUT, compare it with the truth, print the score.
"""

import sys

sys.exit("evaluate.py: nothing is scored yet; write here how a result is judged, and print {\\"score\\": ...} as JSON")
`;
