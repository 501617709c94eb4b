"""Train a perceptron on 8x8 images of handwritten digits and label the test images."""

import argparse
import csv
import random
from pathlib import Path

HERE = Path(__file__).parent
CLASSES = 10
HALF_INK = 8


def main() -> None:
    options = parse_arguments()
    draw = random.Random(options.seed)
    train = read_rows(HERE / "data" / "train.csv")
    fit = [row for row in train if row["split"] == "fit"][: options.rows]
    sample = draw.sample(fit, round(options.share * len(fit)))
    images = [pixels(row) for row in sample]
    labels = [int(row["label"]) for row in sample]

    weights = train_perceptron(images, labels, options.epochs, draw)

    validation = [row for row in train if row["split"] == "val"]
    options.out.mkdir(parents=True, exist_ok=True)
    write_predictions(options.out / "validation.csv", validation, weights)
    write_predictions(options.out / "predictions.csv", read_rows(HERE / "data" / "test.csv"), weights)
    print(f"trained on {len(sample)} images for {options.epochs} epochs, seed {options.seed}")


def train_perceptron(images, labels, epochs, draw):
    """Rosenblatt's rule with one weight vector per class; the last weights are returned."""
    weights = [[0] * len(images[0]) for _ in range(CLASSES)]
    order = list(range(len(images)))
    for epoch in range(epochs):
        draw.shuffle(order)
        mistakes = 0
        for i in order:
            guess = predict(weights, images[i])
            if guess != labels[i]:
                mistakes += 1
                add(weights[labels[i]], images[i], 1)
                add(weights[guess], images[i], -1)
        print(f"epoch {epoch + 1}: {mistakes} mistakes")
    return weights


def predict(weights, image):
    scores = [sum(w * x for w, x in zip(row, image)) for row in weights]
    return scores.index(max(scores))


def add(row, image, step):
    for j, x in enumerate(image):
        row[j] += step * x


def pixels(row):
    """The 64 cells of a scan: 1 where at least half of the cell is ink, else 0."""
    return [int(int(value) >= HALF_INK) for name, value in row.items() if name.startswith("p")]


def read_rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def write_predictions(path, rows, weights):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "label"])
        for row in rows:
            writer.writerow([row["id"], predict(weights, pixels(row))])


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True, help="draws the training images and their order")
    parser.add_argument("--out", type=Path, required=True, help="folder for predictions.csv and validation.csv")
    parser.add_argument("--rows", type=int, help="use only the first ROWS training images")
    parser.add_argument("--share", type=float, default=0.8, help="share of the training images that a seed draws")
    parser.add_argument("--epochs", type=int, default=10)
    return parser.parse_args()


if __name__ == "__main__":
    main()
