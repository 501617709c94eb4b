"""Write train.csv, test.csv and test_labels.csv of tasks/shapes/data: drawn shapes of 10 x 10 grey values, always the same ones."""

import csv
import random
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "tasks" / "shapes" / "data"
SIZE = 10
FIT, VALIDATION, TEST = 240, 160, 400
SHAPES = {
    "square": ["#####", "#...#", "#...#", "#...#", "#####"],
    "cross": ["..#..", "..#..", "#####", "..#..", "..#.."],
    "slope": ["#....", "##...", "###..", "####.", "#####"],
    "saltire": ["#...#", ".#.#.", "..#..", ".#.#.", "#...#"],
}
INK, NOISE = 6, 1.6


def main() -> None:
    draw = random.Random(47)
    rows = [image(draw, number) for number in range(FIT + VALIDATION + TEST)]
    train, test = rows[: FIT + VALIDATION], rows[FIT + VALIDATION :]
    for place, row in enumerate(train):
        row["split"] = "fit" if place < FIT else "val"
    write("train.csv", ["id", "split", "shape", "pixels"], train)
    write("test.csv", ["id", "pixels"], test)
    write("test_labels.csv", ["id", "shape"], test)


def image(draw: random.Random, number: int) -> dict:
    """A shape anywhere in the frame, under noise; a pixel is one digit, 0 to 9, row by row."""
    name = draw.choice(sorted(SHAPES))
    top, left = draw.randint(0, SIZE - 5), draw.randint(0, SIZE - 5)
    grey = [[draw.gauss(1.5, NOISE) for _ in range(SIZE)] for _ in range(SIZE)]
    for i, line in enumerate(SHAPES[name]):
        for j, mark in enumerate(line):
            grey[top + i][left + j] += INK * (mark == "#") * draw.uniform(0.5, 1)
    pixels = "".join(str(min(9, max(0, round(value)))) for row in grey for value in row)
    return {"id": number, "shape": name, "pixels": pixels}


def write(name: str, columns: list[str], rows: list[dict]) -> None:
    with open(FOLDER / name, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
