import numpy as np


def score(x, fold):
    parts = np.split(x, 3)
    return float(parts[fold].mean())
