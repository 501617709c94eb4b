import numpy as np

from layers import Dense


class TrainingError(RuntimeError):
    pass


def step(layer, batch):
    try:
        return layer(batch)
    except ValueError as error:
        raise TrainingError("step 0 failed") from error


print(step(Dense(8, 4), np.zeros((16, 6))))
