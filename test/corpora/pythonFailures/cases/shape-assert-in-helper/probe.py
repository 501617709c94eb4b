import numpy as np

from encoder import Encoder

rng = np.random.default_rng(2)
tokens = rng.integers(0, 50, size=(24, 7))
labels = rng.integers(0, 2, size=24)
vectors, targets = Encoder(50, 12, rng).encode(tokens, labels)
print("vectors", vectors.shape, "positive", targets.mean())
