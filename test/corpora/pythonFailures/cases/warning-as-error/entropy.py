import numpy as np


def entropy(p):
    return float(-(p * np.log(p)).sum())
