"""Leave the control group: make one, and move into it or into the root. What was made is removed."""

import os
import sys
from pathlib import Path

from attempt import escaped, tried

token = sys.argv[1]
for root in ("/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/memory", "/sys/fs/cgroup/pids"):
    folder = Path(root) / f"mlr-escape-{token}"
    made = tried(str(folder), lambda: (folder.mkdir(), True))
    moved = made and (folder / "cgroup.procs").exists() and tried("move", (folder / "cgroup.procs").write_text, str(os.getpid()))
    if moved:
        escaped(token, f"moved into {folder}")
        tried("back", (Path(root) / "cgroup.procs").write_text, str(os.getpid()))
    if made:
        tried("remove", folder.rmdir)
