import json
from pathlib import Path


class JsonLogger:
    """Writes one JSON line an epoch."""

    def __init__(self, path):
        self.path = Path(path)

    def on_epoch_end(self, epoch, metrics):
        record = {"epoch": epoch, **metrics}
        with self.path.open("a") as handle:
            handle.write(json.dumps(record, sort_keys=True) + "\n")


class BestKeeper:
    def __init__(self, name):
        self.name, self.best = name, float("-inf")

    def on_epoch_end(self, epoch, metrics):
        self.best = max(self.best, metrics[self.name])
