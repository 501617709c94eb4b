import numpy as np


class Dense:
    def __init__(self, inputs, outputs):
        self.weight = np.zeros((inputs, outputs))

    def __call__(self, batch):
        return batch @ self.weight
