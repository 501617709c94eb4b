import sys
from pathlib import Path

checkpoint = Path("checkpoints/best.json")
if not checkpoint.exists():
    sys.exit(f"error: no checkpoint at {checkpoint}, run pretrain.py first")
print(checkpoint.read_text())
