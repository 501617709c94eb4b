from concurrent.futures import ProcessPoolExecutor

import numpy as np


def fold(index):
    x = np.ones((10, 3 + index // 2))
    return float((x @ np.ones(3)).sum())


if __name__ == "__main__":
    with ProcessPoolExecutor(max_workers=2) as pool:
        print(list(pool.map(fold, range(4))))
