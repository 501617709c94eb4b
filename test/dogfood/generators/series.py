"""Write train.csv, test.csv and test_labels.csv of tasks/series/data: windows of invented monthly sales, always the same ones."""

from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent.parent / "tasks" / "series" / "data"
LAGS = 24
FIT, VALIDATION, TEST = 300, 150, 500
NEAR, BEFORE, NOISE = 0.9, -0.35, 1.0


def main() -> None:
    draw = np.random.default_rng(73)
    windows = np.array([window(draw) for _ in range(FIT + VALIDATION + TEST)])
    lags = ",".join(f"lag{k}" for k in range(LAGS, 0, -1))
    train, test, labels = [f"id,split,{lags},next"], [f"id,{lags}"], ["id,next"]
    for number, values in enumerate(windows):
        history, following = ",".join(f"{value:.3f}" for value in values[:-1]), f"{values[-1]:.3f}"
        if number < FIT + VALIDATION:
            train.append(f"{number},{'fit' if number < FIT else 'val'},{history},{following}")
        else:
            test.append(f"{number},{history}")
            labels.append(f"{number},{following}")
    for name, lines in (("train.csv", train), ("test.csv", test), ("test_labels.csv", labels)):
        (FOLDER / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def window(draw: np.random.Generator) -> np.ndarray:
    """25 months of one shop. A month depends on the two before it and on nothing else: no season, no trend."""
    values = np.zeros(100 + LAGS + 1)
    for t in range(2, len(values)):
        values[t] = NEAR * values[t - 1] + BEFORE * values[t - 2] + draw.normal(scale=NOISE)
    return values[-LAGS - 1 :]


if __name__ == "__main__":
    main()
