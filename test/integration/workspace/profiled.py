"""Writes tables into a folder, and prints what Python's own csv module (and NumPy, where it is) says of them."""
import csv
import json
import os
import random
import statistics
import sys

folder = sys.argv[1]
rng = random.Random(7)


def rows_of(n, first):
    for i in range(n):
        yield {
            "id": first + i,
            "text": rng.choice(['plain', 'with, comma', 'with "quotes"', 'two\nlines', 'ünïcode ✓']) + str(rng.randrange(400)),
            "x": "" if rng.random() < 0.1 else repr(rng.gauss(3, 2)),
            "n": rng.randrange(-5, 6),
            "label": rng.choice("aab"),
        }


def write(name, rows):
    with open(os.path.join(folder, name), "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


train = list(rows_of(5000, 0))
test = list(rows_of(800, 5000)) + [dict(row, id=9000 + i) for i, row in enumerate(train[:137])]
write("train.csv", train)
write("test.csv", test)

truth = {}
for name in ["train.csv", "test.csv"]:
    with open(os.path.join(folder, name), newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    x = [float(row["x"]) for row in rows if row["x"] != ""]
    labels = [row["label"] for row in rows]
    without_id = [tuple(row[key] for key in ("text", "x", "n", "label")) for row in rows]
    truth[name] = {
        "rows": len(rows),
        "missing": sum(row["x"] == "" for row in rows),
        "mean": statistics.fmean(x),
        "deviation": statistics.stdev(x),
        "min": min(x),
        "max": max(x),
        "texts": len({row["text"] for row in rows}),
        "longest": max(len(row["text"]) for row in rows),
        "labels": {label: labels.count(label) for label in set(labels)},
        "duplicates": len(without_id) - len(set(without_id)),
        "keys": [list(row) for row in without_id],
    }
train_keys = {tuple(row) for row in truth["train.csv"].pop("keys")}
truth["shared"] = sum(tuple(row) in train_keys for row in truth["test.csv"].pop("keys"))

try:
    import numpy as np

    generator = np.random.default_rng(7)
    arrays = {
        "f2": generator.normal(size=(300, 3)).astype(np.float16),
        "f8": generator.normal(size=(300, 3)).astype(">f8"),
        "i8": generator.integers(-(2**40), 2**40, size=300),
        "b1": generator.random(300) < 0.3,
        "wide": generator.normal(size=(50, 30, 30)).astype(np.float32),
    }
    np.savez_compressed(os.path.join(folder, "all.npz"), **arrays)
    truth["arrays"] = {
        key: {
            "rows": len(array),
            "columns": [
                {"min": float(part.min()), "max": float(part.max()), "mean": float(part.astype(np.float64).mean())}
                for part in (array.T if array.ndim == 2 else [array])
                if array.dtype != bool
            ],
        }
        for key, array in arrays.items()
    }
except ImportError:
    pass
print(json.dumps(truth))
