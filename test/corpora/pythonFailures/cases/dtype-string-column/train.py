import csv

import numpy as np

with open("data.csv", newline="") as handle:
    rows = list(csv.DictReader(handle))
age = np.array([row["age"] for row in rows])
score = np.array([float(row["score"]) for row in rows])
print("corr", np.mean(age * score))
