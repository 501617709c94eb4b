import numpy as np


def kernel(n):
    return np.ones((n, n), dtype=np.float64)


print("building the kernel matrix", flush=True)
print(kernel(20_000_000).shape)
