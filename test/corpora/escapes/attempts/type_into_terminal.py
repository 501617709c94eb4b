"""Push a letter into the terminal's input, as if the person had typed it: a # on an empty line is harmless."""

import fcntl
import os
import sys

from attempt import escaped, tried

TIOCSTI, TIOCLINUX = 0x5412, 0x541C
token = sys.argv[1]
terminal = tried("/dev/tty", os.open, "/dev/tty", os.O_RDWR)
for descriptor in [0, 1, 2] + ([terminal] if terminal is not None else []):
    if tried(f"TIOCSTI on {descriptor}", lambda: (fcntl.ioctl(descriptor, TIOCSTI, b"#"), True)):
        escaped(token, f"typed into {descriptor}")
    if tried(f"TIOCLINUX on {descriptor}", lambda: (fcntl.ioctl(descriptor, TIOCLINUX, b"\x0c"), True)):
        escaped(token, f"console of {descriptor}")
