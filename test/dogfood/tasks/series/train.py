"""Forecast next month's sales from the last four months by ridge regression. Needs numpy."""

import argparse
import csv
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
LAGS = [1, 2, 3, 4]


def main() -> None:
    options = parse_arguments()
    draw = np.random.default_rng(options.seed)
    train = read_rows(HERE / "data" / "train.csv")
    fit = [row for row in train if row["split"] == "fit"][: options.rows]
    drawn = [fit[i] for i in draw.integers(0, len(fit), len(fit))]
    weights = fit_ridge(features(drawn), np.array([float(row["next"]) for row in drawn]), options.penalty)
    options.out.mkdir(parents=True, exist_ok=True)
    for name, rows in (
        ("validation.csv", [row for row in train if row["split"] == "val"]),
        ("predictions.csv", read_rows(HERE / "data" / "test.csv")),
    ):
        write_predictions(options.out / name, rows, features(rows) @ weights)
    print(f"{len(drawn)} windows, {len(weights)} weights, seed {options.seed}")


def features(rows):
    """The chosen lags and a one. Shape (rows, lags + 1)."""
    return np.array([[float(row[f"lag{k}"]) for k in LAGS] + [1.0] for row in rows])


def fit_ridge(x, y, penalty):
    return np.linalg.solve(x.T @ x + penalty * np.eye(x.shape[1]), x.T @ y)


def read_rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write_predictions(path, rows, forecasts):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "next"])
        writer.writerows((row["id"], f"{value:.6f}") for row, value in zip(rows, forecasts))


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True, help="draws the windows to learn from, with replacement")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rows", type=int, help="use only the first ROWS windows")
    parser.add_argument("--penalty", type=float, default=1.0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
