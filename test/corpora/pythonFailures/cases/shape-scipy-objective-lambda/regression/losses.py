import numpy as np


def huber(residual, delta=1.0):
    size = np.abs(residual)
    return np.where(size < delta, 0.5 * size**2, delta * (size - 0.5 * delta))


def objective(weights, features, target, decay):
    prediction = features @ weights
    penalty = decay * np.sum(weights[1:] ** 2)
    return float(np.mean(huber(prediction - target)) + penalty)
