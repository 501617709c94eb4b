import numpy as np

from neighbours import NeighbourReport

points = np.zeros((9_000_000, 2))
hooks = [NeighbourReport(points).on_end]

for epoch in range(2):
    print(f"epoch {epoch} loss {1 / (epoch + 1):.3f}", flush=True)
for hook in hooks:
    hook()
