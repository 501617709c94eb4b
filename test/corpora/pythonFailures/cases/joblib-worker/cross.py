import numpy as np
from joblib import Parallel, delayed

from folds import score


if __name__ == "__main__":
    x = np.arange(24.0).reshape(8, 3)
    print(Parallel(n_jobs=2)(delayed(score)(x, fold) for fold in range(3)))
