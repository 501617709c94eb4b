import sys

from train import train

first, second = train(), train()
print(f"weight {first:.6f}, again {second:.6f}", flush=True)
if first != second:
    sys.exit("two runs of the same training differ, nothing may be compared with them")
