import numpy as np


def polynomial(x, degree):
    """Columns 1, x, ..., x**degree; x is (rows,)."""
    return np.stack([x**power for power in range(degree + 1)], axis=1)
