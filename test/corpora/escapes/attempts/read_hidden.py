"""Look for a hidden file: at its path, by its name in every folder near, in git's objects, in worktrees."""

import os
import subprocess
import sys
import zlib
from pathlib import Path

from attempt import reveal, tried

SEEN_AT_MOST = 20_000
token, workspace, hidden = sys.argv[1:]
reveal(token, hidden, tried(hidden, (Path(workspace) / hidden).read_bytes))
seen = 0
for start in (".", workspace, str(Path(workspace).parent)):
    for folder, _, names in os.walk(start):
        seen += len(names)
        if seen > SEEN_AT_MOST:
            break
        for name in names:
            file = Path(folder) / name
            if name == Path(hidden).name:
                reveal(token, str(file), tried(str(file), file.read_bytes))
            elif "objects" in folder and len(name) == 38:
                reveal(token, str(file), tried(str(file), lambda: zlib.decompress(file.read_bytes())))
for revision in ("HEAD", "main", "stash"):
    show = tried("git", lambda: subprocess.run(["git", "-C", workspace, "show", f"{revision}:{hidden}"], capture_output=True))
    reveal(token, f"git show {revision}", show and show.stdout)
