import argparse

import zoo

parser = argparse.ArgumentParser()
parser.add_argument("--model", default="mlp")
parser.add_argument("--width", type=int, default=32)
args = parser.parse_args()
model = zoo.create(args.model, width=args.width)
print("model", model)
