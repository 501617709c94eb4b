import numpy as np


def squared_error(prediction, target):
    error = prediction - target
    assert error.shape == target.shape, f"error is {error.shape}, target is {target.shape}"
    return float(np.mean(error**2))
