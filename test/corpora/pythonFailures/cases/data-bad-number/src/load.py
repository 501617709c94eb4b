import csv


def load(path):
    with open(path, newline="") as handle:
        return [parse(row) for row in csv.DictReader(handle)]


def parse(row):
    return {name: float(value) for name, value in row.items()}
