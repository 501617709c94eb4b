import argparse
import json

from optim import build

parser = argparse.ArgumentParser()
parser.add_argument("--config", required=True)
with open(parser.parse_args().config) as handle:
    config = json.load(handle)
print("config", config["name"], flush=True)
optimizer = build(config["optimizer"])
print("training for", config["epochs"], "epochs at", optimizer.rate)
