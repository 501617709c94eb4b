"""Rank search results by a linear model of their grades. Needs numpy."""

import argparse
import csv
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
COLUMNS = ["match", "title", "fresh", "links", "length"]


def main() -> None:
    options = parse_arguments()
    draw = np.random.default_rng(options.seed)
    train = read_rows(HERE / "data" / "train.csv")
    fit = [row for row in train if row["split"] == "fit"]
    queries = sorted({row["query"] for row in fit}, key=int)[: options.queries]
    drawn = set(draw.choice(queries, round(options.share * len(queries)), replace=False))
    known = [row for row in fit if row["query"] in drawn]
    weights = fit_ridge(features(known), np.array([float(row["grade"]) for row in known]), options.penalty)
    options.out.mkdir(parents=True, exist_ok=True)
    for name, rows in (
        ("validation.csv", [row for row in train if row["split"] == "val"]),
        ("predictions.csv", read_rows(HERE / "data" / "test.csv")),
    ):
        write_predictions(options.out / name, rows, features(rows) @ weights)
    print(f"{len(drawn)} queries, weights {np.round(weights, 3).tolist()}, seed {options.seed}")


def fit_ridge(x, y, penalty):
    """Least squares of the grades on the features, with a penalty on the weights. x: (results, features)."""
    x, y = x - x.mean(0), y - y.mean()
    return np.linalg.solve(x.T @ x + penalty * np.eye(x.shape[1]), x.T @ y)


def features(rows):
    return np.array([[float(row[name]) for name in COLUMNS] for row in rows])


def read_rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write_predictions(path, rows, scores):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "score"])
        writer.writerows((row["id"], f"{score:.6f}") for row, score in zip(rows, scores))


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True, help="draws the queries to learn from")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--queries", type=int, help="use only the first QUERIES queries")
    parser.add_argument("--share", type=float, default=0.6)
    parser.add_argument("--penalty", type=float, default=1.0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
