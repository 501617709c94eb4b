import numpy as np
from sklearn.tree import DecisionTreeClassifier


def split(x, y):
    return x[:30], y[:31]


rng = np.random.default_rng(0)
x, y = split(rng.normal(size=(40, 2)), rng.integers(0, 2, size=40))
DecisionTreeClassifier().fit(x, y)
