import numpy as np


def train(seed):
    rng = np.random.default_rng(seed)
    weights = rng.normal(size=3)
    noise = np.random.default_rng().normal(size=3)
    return weights + 0.1 * noise
