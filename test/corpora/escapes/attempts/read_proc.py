"""Look at what /proc tells of other processes: environments, arguments, and files through their root and folder."""

import os
import sys
from pathlib import Path

from attempt import reveal, tried

token, secret_file = sys.argv[1:]
for process in Path("/proc").iterdir():
    if not process.name.isdigit() or int(process.name) == os.getpid():
        continue
    reveal(token, f"{process}/environ", tried(f"{process}/environ", (process / "environ").read_bytes))
    file = process / "root" / secret_file.lstrip("/")
    reveal(token, str(file), tried(str(file), file.read_bytes))
