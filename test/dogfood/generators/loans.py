"""Write train.csv, test.csv and test_labels.csv of tasks/loans/data: invented loans, always the same ones."""

import csv
import math
import random
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "tasks" / "loans" / "data"
COLUMNS = ["income", "age", "debts", "months", "rate", "late"]
FIT, VALIDATION, TEST = 600, 200, 400


def main() -> None:
    draw = random.Random(20)
    rows = [loan(draw, number) for number in range(FIT + VALIDATION + TEST)]
    train, test = rows[: FIT + VALIDATION], rows[FIT + VALIDATION :]
    for place, row in enumerate(train):
        row["split"] = "fit" if place < FIT else "val"
    write("train.csv", ["id", "split", *COLUMNS, "repaid"], train)
    write("test.csv", ["id", *COLUMNS], test)
    write("test_labels.csv", ["id", "repaid"], test)


def loan(draw: random.Random, number: int) -> dict:
    """One loan. Late payments, rate and months decide most; income decides a part."""
    z = {name: draw.gauss(0, 1) for name in COLUMNS}
    log_odds = 1.1 * z["income"] - 1.5 * z["late"] - 1.2 * z["rate"] - 0.8 * z["months"] - 0.6 * z["debts"] + 0.5 * z["age"]
    repaid = int(draw.random() < 1 / (1 + math.exp(-1.6 * log_odds)))
    return {
        "id": number,
        "income": round(42_000 + 11_000 * z["income"]),
        "age": round(44 + 11 * z["age"]),
        "debts": round(5_200 + 1_900 * z["debts"]),
        "months": round(36 + 9 * z["months"]),
        "rate": round(5.5 + 1.2 * z["rate"], 2),
        "late": round(2.4 + 0.8 * z["late"], 1),
        "repaid": repaid,
    }


def write(name: str, columns: list[str], rows: list[dict]) -> None:
    with open(FOLDER / name, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
