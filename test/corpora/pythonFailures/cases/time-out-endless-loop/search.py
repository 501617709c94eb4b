import argparse

from step import refine

parser = argparse.ArgumentParser()
parser.add_argument("--tolerance", type=float, default=1e-20)
tolerance = parser.parse_args().tolerance
x, change = 2.0, 1.0
print("start", flush=True)
while abs(change) > tolerance:
    x, change = refine(x)
print("root", x)
