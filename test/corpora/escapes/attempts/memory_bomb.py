"""Hold more memory than allowed, spread over four processes. Bounded: the limit and 256 MiB, at most 2 GiB, for eight seconds."""

import os
import sys
import time

from attempt import escaped

MIB = 1 << 20
token, limit = sys.argv[1], int(sys.argv[2])
share = min(2048 * MIB, limit + 256 * MIB) // 4
if 4 * share <= limit:
    sys.exit("the limit is too high to be tried")
children = []
for _ in range(4):
    child = os.fork()
    if child == 0:
        held = bytearray(share)
        held[::4096] = b"x" * len(held[::4096])
        time.sleep(8)
        os._exit(0)
    children.append(child)
if all(os.waitpid(child, 0)[1] == 0 for child in children):
    escaped(token, f"{4 * share // MIB} MiB held where {limit // MIB} are allowed")
