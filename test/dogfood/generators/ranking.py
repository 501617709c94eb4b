"""Write train.csv, test.csv and test_labels.csv of tasks/ranking/data: invented search results, always the same ones."""

from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent.parent / "tasks" / "ranking" / "data"
COLUMNS = ["match", "title", "fresh", "links", "length"]
WEIGHTS = np.array([1.0, 0.7, 0.4, 0.5, -0.2])
FIT, VALIDATION, TEST, RESULTS = 100, 50, 150, 10


def main() -> None:
    draw = np.random.default_rng(61)
    queries = [query(draw) for _ in range(FIT + VALIDATION + TEST)]
    lines = {"train.csv": ["id,query,split," + ",".join(COLUMNS) + ",grade"], "test.csv": ["id,query," + ",".join(COLUMNS)]}
    lines["test_labels.csv"] = ["id,query,grade"]
    for q, (features, grades) in enumerate(queries):
        for d in range(RESULTS):
            name, values = f"{q}-{d}", ",".join(f"{value:.3f}" for value in features[d])
            if q < FIT + VALIDATION:
                lines["train.csv"].append(f"{name},{q},{'fit' if q < FIT else 'val'},{values},{grades[d]}")
            else:
                lines["test.csv"].append(f"{name},{q},{values}")
                lines["test_labels.csv"].append(f"{name},{q},{grades[d]}")
    for name, text in lines.items():
        (FOLDER / name).write_text("\n".join(text) + "\n", encoding="utf-8")


def query(draw: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Ten results of one query: features (10, 5) and grades 0 to 3 (10,).

    A query has a level of its own in every feature and in how generously its results were graded; the levels have
    nothing to do with one another.
    """
    own = draw.normal(size=(RESULTS, len(COLUMNS)))
    merit = own @ WEIGHTS + draw.normal(scale=0.8, size=RESULTS) + draw.normal(scale=1.5)
    levels = draw.normal(scale=3.0, size=len(COLUMNS))
    return own + levels, np.digitize(merit, [-0.5, 0.8, 2.0])


if __name__ == "__main__":
    main()
