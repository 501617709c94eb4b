import numpy as np

from guard import Guard
from model import Scorer

rng = np.random.default_rng(3)
guard = Guard()
scorer = Scorer(16, rng)
for step in range(6):
    scale = 0.2 * 2**step
    left, right = scale * rng.normal(size=(2, 8, 16))
    loss = guard(float(scorer.loss(left, right)))
    print(f"step {step} loss {loss:.3f}", flush=True)
