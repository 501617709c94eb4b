"""Make what is read-only writable, or uncover what is covered, by mount(2) and umount(2), then use it.

It works in a mount namespace of its own, so that a machine that allows it is left as it was. Whoever may not make one
lacks the capability that mount(2) asks for, too.
"""

import ctypes
import os
import sys
from pathlib import Path

from attempt import reveal, tried

NEWNS = 0x00020000
REMOUNT_BIND, PRIVATE, DETACH = 32 | 4096, 262144 | 16384, 2
libc = ctypes.CDLL(None, use_errno=True)
token, outside, secret_file = sys.argv[1:]


def call(name: str, *args) -> None:
    if getattr(libc, name)(*args) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def own_mounts() -> bool:
    call("unshare", NEWNS)
    call("mount", None, b"/", None, PRIVATE, None)
    return True


if tried("mount namespace", own_mounts):
    for target in (b"/", outside.encode(), b"/proc", b"/sys"):
        tried(f"remount {target}", call, "mount", None, target, None, REMOUNT_BIND, None)
    for covered in (os.path.dirname(secret_file), os.path.dirname(outside)):
        tried(f"umount {covered}", call, "umount2", covered.encode(), DETACH)
    tried("write", (Path(outside) / f"mlr-escape-{token}").write_text, token)
    reveal(token, secret_file, tried("read", Path(secret_file).read_bytes))
