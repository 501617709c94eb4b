"""Score the predictions of a run; the last line printed is one JSON object.

    python3 evaluate.py OUT               OUT/predictions.csv against data/test_labels.csv
    python3 evaluate.py OUT --split val   OUT/validation.csv against the "val" rows of data/train.csv
"""

import argparse
import csv
import json
import sys
from pathlib import Path

DATA = Path(__file__).parent / "data"
DIGITS = {str(digit) for digit in range(10)}


def main() -> None:
    parser = argparse.ArgumentParser(description="Score the predictions of a run.")
    parser.add_argument("out", type=Path, help="the folder that train.py wrote")
    parser.add_argument("--split", choices=["test", "val"], default="test")
    options = parser.parse_args()
    truth = read_truth(options.split)
    file = options.out / ("predictions.csv" if options.split == "test" else "validation.csv")
    predicted = read_predictions(file)
    refuse_wrong_ids(file, truth, predicted)
    examples = [int(predicted[key] == label) for key, label in truth.items()]
    print(json.dumps({"accuracy": sum(examples) / len(examples), "examples": examples}))


def read_truth(split: str) -> dict[str, str]:
    """The true label of each id, in the file's order."""
    if split == "test":
        return {row["id"]: row["label"] for row in read_rows(DATA / "test_labels.csv")}
    return {row["id"]: row["label"] for row in read_rows(DATA / "train.csv") if row["split"] == "val"}


def read_predictions(file: Path) -> dict[str, str]:
    predicted: dict[str, str] = {}
    for number, row in enumerate(read_rows(file), start=2):
        key, label = row.get("id"), row.get("label")
        if key is None or label is None:
            sys.exit(f"{file}:{number}: expected the columns id and label")
        if key in predicted:
            sys.exit(f"{file}:{number}: id {key} is predicted twice")
        if label not in DIGITS:
            sys.exit(f"{file}:{number}: label {label!r} is not a digit from 0 to 9")
        predicted[key] = label
    return predicted


def refuse_wrong_ids(file: Path, truth: dict[str, str], predicted: dict[str, str]) -> None:
    missing = [key for key in truth if key not in predicted]
    extra = [key for key in predicted if key not in truth]
    if missing:
        sys.exit(f"{file}: {len(missing)} of {len(truth)} ids have no prediction, the first is {missing[0]}")
    if extra:
        sys.exit(f"{file}: {len(extra)} ids are not in this split, the first is {extra[0]}")


def read_rows(file: Path) -> list[dict[str, str]]:
    try:
        with open(file, newline="", encoding="utf-8") as lines:
            return list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError) as error:
        sys.exit(f"{file}: cannot be read ({error})")


if __name__ == "__main__":
    main()
