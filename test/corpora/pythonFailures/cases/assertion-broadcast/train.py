import numpy as np

from loss import squared_error

rng = np.random.default_rng(0)
print(squared_error(rng.normal(size=(6, 1)), rng.normal(size=6)))
