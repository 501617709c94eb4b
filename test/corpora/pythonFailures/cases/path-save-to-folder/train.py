import argparse

from saving import save

parser = argparse.ArgumentParser()
parser.add_argument("--save", default="checkpoints/last.json")
parser.add_argument("--epochs", type=int, default=3)
args = parser.parse_args()

weight = 0.0
for epoch in range(args.epochs):
    weight += 0.5 * (2.0 - weight)
    print(f"epoch {epoch} loss {(2.0 - weight) ** 2:.4f}", flush=True)
save({"weight": weight, "epoch": epoch}, args.save)
