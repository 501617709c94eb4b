"""Tell liked from disliked by word counts and logistic regression. Needs scikit-learn."""

import argparse
import csv
import random
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

HERE = Path(__file__).parent


def main() -> None:
    options = parse_arguments()
    train = read_rows(HERE / "data" / "train.csv")
    fit = [row for row in train if row["split"] == "fit"][: options.rows]
    sample = random.Random(options.seed).sample(fit, round(options.share * len(fit)))
    model = build_model()
    model.fit([row["text"] for row in sample], [int(row["liked"]) for row in sample])
    options.out.mkdir(parents=True, exist_ok=True)
    write_predictions(options.out / "validation.csv", [row for row in train if row["split"] == "val"], model)
    write_predictions(options.out / "predictions.csv", read_rows(HERE / "data" / "test.csv"), model)
    print(f"{len(sample)} reviews, {len(model[0].vocabulary_)} terms, seed {options.seed}")


def build_model():
    return make_pipeline(TfidfVectorizer(ngram_range=(1, 1)), LogisticRegression(C=1.0))


def read_rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write_predictions(path, rows, model):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "liked"])
        writer.writerows(zip([row["id"] for row in rows], model.predict([row["text"] for row in rows])))


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True, help="draws the reviews to learn from")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rows", type=int, help="use only the first ROWS reviews")
    parser.add_argument("--share", type=float, default=0.8)
    return parser.parse_args()


if __name__ == "__main__":
    main()
