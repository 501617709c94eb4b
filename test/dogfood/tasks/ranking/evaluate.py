"""Score the rankings of a run; the last line printed is one JSON object.

    python3 evaluate.py OUT               OUT/predictions.csv against data/test_labels.csv
    python3 evaluate.py OUT --split val   OUT/validation.csv against the "val" rows of data/train.csv
"""

import argparse
import csv
import json
import math
import sys
from collections import defaultdict
from pathlib import Path

DATA = Path(__file__).parent / "data"
DEPTH = 5


def main() -> None:
    parser = argparse.ArgumentParser(description="Score the rankings of a run.")
    parser.add_argument("out", type=Path, help="the folder that train.py wrote")
    parser.add_argument("--split", choices=["test", "val"], default="test")
    options = parser.parse_args()
    grades = read_grades(options.split)
    file = options.out / ("predictions.csv" if options.split == "test" else "validation.csv")
    scores = read_scores(file)
    if set(scores) != {name for results in grades.values() for name in results}:
        sys.exit(f"{file}: the ids are not those of this split, each once")
    examples = [ndcg(results, scores) for results in grades.values()]
    print(json.dumps({"ndcg": sum(examples) / len(examples), "examples": examples}))


def ndcg(results: dict[str, int], scores: dict[str, float]) -> float:
    """Discounted gain of the first five by score, over that of the best order; 1 where every grade is 0."""
    ranked = sorted(results, key=lambda name: (-scores[name], name))
    best = gain(sorted(results.values(), reverse=True))
    return gain([results[name] for name in ranked]) / best if best else 1.0


def gain(grades: list[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades[:DEPTH]))


def read_grades(split: str) -> dict[str, dict[str, int]]:
    """Grades by query and id, in the file's order."""
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for row in read_rows(DATA / ("test_labels.csv" if split == "test" else "train.csv")):
        if split == "test" or row["split"] == "val":
            grades[row["query"]][row["id"]] = int(row["grade"])
    return grades


def read_scores(file: Path) -> dict[str, float]:
    scores: dict[str, float] = {}
    for number, row in enumerate(read_rows(file), start=2):
        try:
            score = float(row["score"])
        except (KeyError, TypeError, ValueError):
            sys.exit(f"{file}:{number}: expected the columns id and score, a number")
        if not math.isfinite(score) or row["id"] in scores:
            sys.exit(f"{file}:{number}: a score that is no finite number, or an id that stands twice")
        scores[row["id"]] = score
    return scores


def read_rows(file: Path) -> list[dict[str, str]]:
    try:
        with open(file, newline="", encoding="utf-8") as lines:
            return list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError) as error:
        sys.exit(f"{file}: cannot be read ({error})")


if __name__ == "__main__":
    main()
