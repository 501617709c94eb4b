import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--learning-rate", type=float, default=0.1)
parser.add_argument("--seed", type=int, default=0)
args = parser.parse_args()
print("loss:", 1 - args.learning_rate)
