import numpy as np

from batching import batches
from softmax import cross_entropy

BATCH = 16

rng = np.random.default_rng(5)
x = rng.normal(size=(64, 8))
y = rng.integers(0, 3, size=64)
weights = 0.1 * rng.normal(size=(8, 3))

for epoch in range(2):
    total = 0.0
    for step, (inputs, labels) in enumerate(batches(x, y, BATCH)):
        loss = cross_entropy(inputs @ weights, labels)
        total += loss
        print(f"epoch {epoch} step {step} loss {loss:.4f}", flush=True)
    print(f"epoch {epoch} mean loss {total / (step + 1):.4f}", flush=True)
