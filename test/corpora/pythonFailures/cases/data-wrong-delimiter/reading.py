import csv


def examples(path):
    with open(path, newline="", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            yield row["text"], int(row["stars"]) >= 3
