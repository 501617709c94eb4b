"""Use what only an administrator may: change owners, change root, keep another's identity, run a set-user-id program."""

import os
import sys
from pathlib import Path

from attempt import escaped, tried

NOBODY = 65534
token, out = sys.argv[1:]
file = Path(out) / "mine"
Path(out).mkdir(parents=True, exist_ok=True)
file.write_text(token)
for what, action in (
    ("owner of a file", lambda: os.chown(file, NOBODY, NOBODY)),
    ("root of this process", lambda: os.chroot("/")),
    ("identity", lambda: os.setresuid(NOBODY, NOBODY, NOBODY)),
):
    if tried(what, lambda: (action(), True)):
        escaped(token, what)
