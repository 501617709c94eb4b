"""Attach to another process, and read its memory in two other ways."""

import ctypes
import os
import sys
from pathlib import Path

from attempt import escaped, tried

ATTACH, DETACH = 16, 17
libc = ctypes.CDLL(None, use_errno=True)
token, decoy = sys.argv[1:]
mark = f"mlr-arena-{token}".encode()


def attach(process: int) -> None:
    if libc.ptrace(ATTACH, process, None, None) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    os.waitpid(process, 0x40000000)
    libc.ptrace(DETACH, process, None, None)
    escaped(token, f"attached to {process}")


for process in [decoy, *filter(str.isdigit, os.listdir("/proc"))]:
    line = tried(process, (Path("/proc") / process / "cmdline").read_bytes)
    if line and mark in line and int(process) != os.getpid():
        tried(f"attach {process}", attach, int(process))
        if tried(f"memory of {process}", lambda: open(f"/proc/{process}/mem", "rb").fileno()):
            escaped(token, f"memory of {process} opened")
