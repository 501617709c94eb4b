"""Run from the root of the repository."""
import argparse

from tinynet.model import Linear

parser = argparse.ArgumentParser()
parser.add_argument("--seed", type=int, default=0)
print(Linear(parser.parse_args().seed))
