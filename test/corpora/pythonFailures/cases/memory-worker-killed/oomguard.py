"""Does to a process what a cluster does: kills one that outgrows its share of memory."""

import os
import resource
import signal
import sys

LIMIT_MIB = 160


def resident_mib():
    with open("/proc/self/statm") as handle:
        return int(handle.read().split()[1]) * resource.getpagesize() // 2**20


def watch():
    if resident_mib() > LIMIT_MIB:
        print(f"oomguard: task exceeded its memory limit of {LIMIT_MIB} MiB, killed", file=sys.stderr, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
