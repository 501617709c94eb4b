"""Write train.csv, test.csv and test_labels.csv of tasks/reviews/data: invented reviews of lamps, always the same ones."""

import csv
import random
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "tasks" / "reviews" / "data"
FIT, VALIDATION, TEST = 500, 200, 500
GOOD = "bright sturdy elegant quiet warm reliable handy cheerful solid smooth pleasant tidy generous sharp neat".split()
BAD = "dim wobbly ugly noisy cold flaky clumsy dull cheap rough annoying messy stingy blurry cracked".split()
PLAIN = (
    "lamp switch cable shade base desk bulb box light arm colour price shop evening room table stand plug corner book "
    "parcel week bought used gave placed found seems looks not very quite never really still again too after before"
).split()
MISLABELLED = 0.08


def main() -> None:
    draw = random.Random(31)
    rows = [review(draw, number) for number in range(FIT + VALIDATION + TEST)]
    train, test = rows[: FIT + VALIDATION], rows[FIT + VALIDATION :]
    for place, row in enumerate(train):
        row["split"] = "fit" if place < FIT else "val"
    write("train.csv", ["id", "split", "text", "liked"], train)
    write("test.csv", ["id", "text"], test)
    write("test_labels.csv", ["id", "liked"], test)


def review(draw: random.Random, number: int) -> dict:
    """The words are drawn one by one, so their order tells nothing: `not` stands before good and bad words alike."""
    liked = draw.random() < 0.5
    words = []
    for _ in range(draw.randint(8, 16)):
        kind = draw.random()
        if kind < 0.20:
            words.append(draw.choice(GOOD if liked else BAD))
        elif kind < 0.27:
            words.append(draw.choice(BAD if liked else GOOD))
        else:
            words.append(draw.choice(PLAIN))
    if draw.random() < MISLABELLED:
        liked = not liked
    return {"id": number, "text": " ".join(words), "liked": int(liked)}


def write(name: str, columns: list[str], rows: list[dict]) -> None:
    with open(FOLDER / name, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
