import numpy as np

from solver import solve

rng = np.random.default_rng(0)
x = rng.normal(size=(40, 3))
y = rng.normal(size=41)
print(solve(x, y))
