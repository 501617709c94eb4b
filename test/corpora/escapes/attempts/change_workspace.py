"""Change the researcher's own files: a source file, a git hook, the contract."""

import sys
from pathlib import Path

from attempt import tried

token, workspace = sys.argv[1:]
for name in ("train.py", "mlr.yaml", ".git/hooks/post-commit"):
    file = Path(workspace) / name
    tried(name, lambda: file.parent.mkdir(parents=True, exist_ok=True))
    tried(name, lambda: open(file, "a").write(f"# {token}\n"))
