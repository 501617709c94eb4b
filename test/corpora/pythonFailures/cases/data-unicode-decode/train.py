from pathlib import Path


def read_reviews(path):
    return Path(path).read_text(encoding="utf-8").splitlines()


print(len(read_reviews("reviews.txt")))
