"""Kill a process of the one who started the tool. Only processes whose arguments hold the arena's token are touched."""

import os
import signal
import sys
from pathlib import Path

from attempt import tried

token, decoy = sys.argv[1:]
mark = f"mlr-arena-{token}".encode()
for process in [Path("/proc") / decoy, *Path("/proc").iterdir()]:
    line = tried(str(process), (process / "cmdline").read_bytes) if process.name.isdigit() else None
    if line and mark in line and int(process.name) != os.getpid():
        tried(f"kill {process.name}", os.kill, int(process.name), signal.SIGKILL)
