from pathlib import Path


def load(folder=Path("data")):
    return (folder / "train.txt").read_text().split()


print(len(load()))
