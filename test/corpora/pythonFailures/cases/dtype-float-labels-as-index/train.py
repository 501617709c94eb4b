import numpy as np

from embedding import Embedding, pooled

tokens = np.loadtxt("data/tokens.txt")
print("read", tokens.shape, "tokens", flush=True)
table = Embedding(size=10, width=6)
vectors = np.stack(list(pooled(table, tokens)))
print("vectors", vectors.shape)
