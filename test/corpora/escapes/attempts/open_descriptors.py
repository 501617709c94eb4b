"""Use a file that was left open by whoever started the run: a log, a socket, a folder to climb out of."""

import os
import sys

from attempt import escaped, tried

token, out = sys.argv[1:]
for descriptor in range(3, 256):
    target = tried("", os.readlink, f"/proc/self/fd/{descriptor}") if os.path.exists(f"/proc/self/fd/{descriptor}") else None
    if target and not target.startswith(os.path.realpath(out)):
        escaped(token, f"{descriptor} is {target}")
