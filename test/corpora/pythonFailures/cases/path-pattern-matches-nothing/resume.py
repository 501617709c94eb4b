import json
from pathlib import Path


def latest(folder):
    return sorted(Path(folder).glob("step-*.json"))[-1]


def restore(folder):
    path = latest(folder)
    state = json.loads(path.read_text())
    print("resuming from", path)
    return state["step"], state["weights"]
