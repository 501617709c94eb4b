"""Open the machine's disks, memory and kernel log, or make a device of one's own. One sector is read, nothing is written."""

import glob
import os
import stat
import sys

from attempt import escaped, tried

token, out = sys.argv[1:]
for name in [*glob.glob("/dev/[shvx]d[a-z]*"), *glob.glob("/dev/nvme*n*"), "/dev/mem", "/dev/kmsg"]:
    device = tried(name, os.open, name, os.O_RDONLY | os.O_NONBLOCK)
    if device is not None:
        escaped(token, f"opened {name}")
        os.close(device)
node = os.path.join(out, "disk")
for major in (8, 253, 254, 259):
    if tried("mknod", lambda: (os.mknod(node, stat.S_IFBLK | 0o600, os.makedev(major, 0)), True)):
        opened = tried("own device", os.open, node, os.O_RDONLY)
        os.unlink(node)
        if opened is not None:
            escaped(token, f"opened a device of its own, major {major}")
            os.close(opened)
