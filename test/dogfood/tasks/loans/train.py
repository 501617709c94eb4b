"""Predict by the nearest neighbours whether a loan is repaid. Standard library alone."""

import argparse
import csv
import math
import random
from pathlib import Path

HERE = Path(__file__).parent
COLUMNS = ["income", "age", "debts", "months", "rate", "late"]


def main() -> None:
    options = parse_arguments()
    draw = random.Random(options.seed)
    train = read_rows(HERE / "data" / "train.csv")
    fit = [row for row in train if row["split"] == "fit"][: options.rows]
    known = draw.sample(fit, round(options.share * len(fit)))
    points = [(features(row), int(row["repaid"])) for row in known]
    options.out.mkdir(parents=True, exist_ok=True)
    for name, rows in (
        ("validation.csv", [row for row in train if row["split"] == "val"]),
        ("predictions.csv", read_rows(HERE / "data" / "test.csv")),
    ):
        write_predictions(options.out / name, [(row["id"], predict(points, features(row), options.k)) for row in rows])
    print(f"{len(points)} known loans, {options.k} neighbours, seed {options.seed}")


def features(row):
    return [float(row[name]) for name in COLUMNS]


def predict(points, query, k):
    """The vote of the k nearest, each weighted by one over its distance."""
    nearest = sorted((math.dist(point, query), label) for point, label in points)[:k]
    votes = [0.0, 0.0]
    for distance, label in nearest:
        votes[label] += 1 / (distance + 1e-9)
    return int(votes[1] > votes[0])


def read_rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write_predictions(path, predictions):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "repaid"])
        writer.writerows(predictions)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True, help="draws which loans are known")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rows", type=int, help="use only the first ROWS loans")
    parser.add_argument("--share", type=float, default=0.8)
    parser.add_argument("--k", type=int, default=15)
    return parser.parse_args()


if __name__ == "__main__":
    main()
