"""Read, and write into, the folder of another run."""

import sys
from pathlib import Path

from attempt import reveal, tried

token, other = sys.argv[1:]
reveal(token, "the other run", tried("read", (Path(other) / "out" / "predictions.csv").read_bytes))
tried("write", (Path(other) / "out" / f"mlr-escape-{token}").write_text, token)
for folder in list(Path(other).parents)[:2]:
    for file in tried(str(folder), lambda: list(folder.glob("*/out/predictions.csv"))) or []:
        reveal(token, str(file), tried(str(file), file.read_bytes))
