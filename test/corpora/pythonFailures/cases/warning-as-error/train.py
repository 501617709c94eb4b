import warnings

import numpy as np

from entropy import entropy

warnings.simplefilter("error")
print(entropy(np.array([0.5, 0.5, 0.0])))
