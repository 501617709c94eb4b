"""Write train.csv, test.csv and test_labels.csv of tasks/leaks/data: invented pipe sensors, always the same ones."""

import csv
import math
import random
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "tasks" / "leaks" / "data"
COLUMNS = ["pressure", "flow", "noise", "heat", "age"]
WEIGHTS = [-1.4, 0.9, 1.3, 0.3, 0.5]
CENTRES, SPREADS = [4.0, 12.0, 30.0, 11.0, 20.0], [0.6, 2.5, 6.0, 3.0, 8.0]
FIT, VALIDATION, TEST = 300, 150, 400


def main() -> None:
    draw = random.Random(53)
    rows = [sensor(draw, number) for number in range(FIT + VALIDATION + TEST)]
    train, test = rows[: FIT + VALIDATION], rows[FIT + VALIDATION :]
    for place, row in enumerate(train):
        row["split"] = "fit" if place < FIT else "val"
    write("train.csv", ["id", "split", *COLUMNS, "leak"], train)
    write("test.csv", ["id", *COLUMNS], test)
    write("test_labels.csv", ["id", "leak"], test)


def sensor(draw: random.Random, number: int) -> dict:
    z = [draw.gauss(0, 1) for _ in COLUMNS]
    leak = int(draw.random() < 1 / (1 + math.exp(-1.2 * sum(w * x for w, x in zip(WEIGHTS, z)))))
    readings = {name: round(c + s * x, 2) for name, c, s, x in zip(COLUMNS, CENTRES, SPREADS, z)}
    return {"id": number, "leak": leak, **readings}


def write(name: str, columns: list[str], rows: list[dict]) -> None:
    with open(FOLDER / name, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
