import os
import subprocess
import sys

from vocabulary import build


def fit(words):
    index = build(words)
    weight = 0.0
    for word in words:
        weight = 0.5 * weight + index[word]
    return weight


if len(sys.argv) > 1:
    print(fit("the quick brown fox jumps over a lazy dog".split()))
else:
    results = {
        subprocess.run(
            [sys.executable, __file__, "once"],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in (1, 2, 3)
    }
    if len(results) > 1:
        sys.exit(f"not reproducible: 3 runs of seed 0 gave {len(results)} different weights")
