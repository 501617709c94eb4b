"""Tell leaking pipes by logistic regression, trained in small batches. Standard library alone."""

import argparse
import csv
import math
import random
import statistics
from pathlib import Path

HERE = Path(__file__).parent
COLUMNS = ["pressure", "flow", "noise", "heat", "age"]
BATCH = 5


def main() -> None:
    options = parse_arguments()
    draw = random.Random(options.seed)
    train = read_rows(HERE / "data" / "train.csv")
    fit = [row for row in train if row["split"] == "fit"][: options.rows]
    sample = [row for row in fit if draw.random() < options.share]
    centres, spreads = scales(fit)
    weights = fit_weights(sample, options.epochs, options.rate, draw)
    options.out.mkdir(parents=True, exist_ok=True)
    for name, rows in (
        ("validation.csv", [row for row in train if row["split"] == "val"]),
        ("predictions.csv", read_rows(HERE / "data" / "test.csv")),
    ):
        scaled = [[(v - c) / s for v, c, s in zip(readings(row), centres, spreads)] for row in rows]
        write_predictions(options.out / name, [(row["id"], int(score(weights, x) > 0)) for row, x in zip(rows, scaled)])
    print(f"{len(sample)} sensors, {options.epochs} epochs, seed {options.seed}")


def fit_weights(rows, epochs, rate, draw):
    """Gradient descent on batches of five; each batch is brought to mean 0 and spread 1 first."""
    weights = [0.0] * (len(COLUMNS) + 1)
    order = list(rows)
    for _ in range(epochs):
        draw.shuffle(order)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            centres, spreads = scales(batch)
            step = [0.0] * len(weights)
            for row in batch:
                x = [(v - c) / s for v, c, s in zip(readings(row), centres, spreads)]
                error = int(row["leak"]) - 1 / (1 + math.exp(-score(weights, x)))
                for j, value in enumerate([*x, 1.0]):
                    step[j] += error * value
            weights = [w + rate * s / len(batch) for w, s in zip(weights, step)]
    return weights


def scales(rows):
    """Mean and spread of each reading."""
    columns = list(zip(*map(readings, rows)))
    return [statistics.mean(column) for column in columns], [statistics.pstdev(column) for column in columns]


def score(weights, x):
    return sum(w * v for w, v in zip(weights, [*x, 1.0]))


def readings(row):
    return [float(row[name]) for name in COLUMNS]


def read_rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write_predictions(path, predictions):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "leak"])
        writer.writerows(predictions)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True, help="draws the sensors to learn from and their order")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rows", type=int, help="use only the first ROWS sensors")
    parser.add_argument("--share", type=float, default=0.8, help="the chance of each sensor to be drawn")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--rate", type=float, default=0.1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
