"""Score the predictions of a run; the last line printed is one JSON object.

    python3 evaluate.py OUT               OUT/predictions.csv against data/test_labels.csv
    python3 evaluate.py OUT --split val   OUT/validation.csv against the "val" rows of data/train.csv
"""

import argparse
import csv
import json
import math
import sys
from pathlib import Path

DATA = Path(__file__).parent / "data"


def main() -> None:
    parser = argparse.ArgumentParser(description="Score the predictions of a run.")
    parser.add_argument("out", type=Path, help="the folder that train.py wrote")
    parser.add_argument("--split", choices=["test", "val"], default="test")
    options = parser.parse_args()
    truth = read_truth(options.split)
    file = options.out / ("predictions.csv" if options.split == "test" else "validation.csv")
    predicted = read_predictions(file)
    if set(predicted) != set(truth):
        sys.exit(f"{file}: the ids are not those of this split, each once")
    examples = [abs(predicted[key] - label) for key, label in truth.items()]
    print(json.dumps({"error": sum(examples) / len(examples), "examples": examples}))


def read_truth(split: str) -> dict[str, float]:
    """The true value of each id, in the file's order."""
    rows = read_rows(DATA / ("test_labels.csv" if split == "test" else "train.csv"))
    return {row["id"]: float(row["next"]) for row in rows if split == "test" or row["split"] == "val"}


def read_predictions(file: Path) -> dict[str, float]:
    predicted: dict[str, float] = {}
    for number, row in enumerate(read_rows(file), start=2):
        try:
            value = float(row["next"])
        except (KeyError, TypeError, ValueError):
            sys.exit(f"{file}:{number}: expected the columns id and next, a number")
        if not math.isfinite(value) or row["id"] in predicted:
            sys.exit(f"{file}:{number}: a forecast that is no finite number, or an id that stands twice")
        predicted[row["id"]] = value
    return predicted


def read_rows(file: Path) -> list[dict[str, str]]:
    try:
        with open(file, newline="", encoding="utf-8") as lines:
            return list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError) as error:
        sys.exit(f"{file}: cannot be read ({error})")


if __name__ == "__main__":
    main()
