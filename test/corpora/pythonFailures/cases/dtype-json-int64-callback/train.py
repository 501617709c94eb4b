import numpy as np

from callbacks import BestKeeper, JsonLogger
from trainer import Trainer

rng = np.random.default_rng(4)
x = rng.normal(size=(80, 5))
y = (x[:, 0] > 0).astype(np.int64)
weights = np.zeros(5)


def step(epoch):
    probability = 1 / (1 + np.exp(-x @ weights))
    weights[:] -= 0.5 * x.T @ (probability - y) / len(y)
    print(f"epoch {epoch} done", flush=True)


def evaluate():
    hits = (x @ weights > 0) == y
    return {"accuracy": float(hits.mean()), "correct": hits.sum()}


Trainer(step, evaluate, [BestKeeper("accuracy"), JsonLogger("log.jsonl")]).fit(3)
