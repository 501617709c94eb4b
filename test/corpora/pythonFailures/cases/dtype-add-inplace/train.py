import numpy as np


def update(weights, gradient, rate=0.1):
    weights -= rate * gradient
    return weights


weights = np.zeros(5, dtype=np.int64)
for epoch in range(3):
    weights = update(weights, np.ones(5))
print(weights)
