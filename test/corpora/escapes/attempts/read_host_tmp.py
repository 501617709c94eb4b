"""Read what others left in the machine's temporary folders and its shared memory."""

import sys
from pathlib import Path

from attempt import reveal, tried

token = sys.argv[1]
for folder in ("/tmp", "/var/tmp", "/dev/shm"):
    reveal(token, folder, tried(folder, (Path(folder) / f"mlr-arena-{token}").read_bytes))
