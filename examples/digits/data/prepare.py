"""Split scikit-learn's copy of the optical digits into this folder's CSV files.

Usage: python3 prepare.py path/to/sklearn/datasets/data/digits.csv.gz

It was run once, and its output is committed; running it again on the same file
gives the same bytes. README.md beside it says what each file is.
"""

import csv
import gzip
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PIXELS = [f"p{row}{column}" for row in range(8) for column in range(8)]
FIT = range(0, 1000)
VALIDATION = range(1000, 1200)
TEST = range(1200, 1797)
# The copy is made to hold one scan with a lost line, as measurement files do: README.md, "Changes".
LOST_LINE = (687, 3)


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("usage: python3 prepare.py path/to/digits.csv.gz")
    with gzip.open(sys.argv[1], "rt") as source:
        rows = [[int(float(cell)) for cell in line.split(",")] for line in source]
    if len(rows) != 1797 or any(len(row) != 65 for row in rows):
        sys.exit(f"{sys.argv[1]}: expected 1797 rows of 65 numbers")
    train = [[i, "fit" if i in FIT else "val", rows[i][64], *pixels(i, rows[i])] for i in (*FIT, *VALIDATION)]
    write("train.csv", ["id", "split", "label", *PIXELS], train)
    write("test.csv", ["id", *PIXELS], [[i, *pixels(i, rows[i])] for i in TEST])
    write("test_labels.csv", ["id", "label"], [[i, rows[i][64]] for i in TEST])


def pixels(i: int, row: list[int]) -> list:
    values: list = row[:64]
    lost_row, line = LOST_LINE
    if i == lost_row:
        values = values[: line * 8] + [""] * 8 + values[line * 8 + 8 :]
    return values


def write(name: str, header: list[str], rows: list[list]) -> None:
    with open(HERE / name, "w", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


main()
