import numpy as np


def solve(x, y):
    """Least squares; x is (rows, features), y is (rows,)."""
    weights, *_ = np.linalg.lstsq(x, y, rcond=None)
    return weights
