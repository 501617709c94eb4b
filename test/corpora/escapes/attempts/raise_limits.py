"""Raise a hard limit that the run was given."""

import resource
import sys

from attempt import escaped, tried

token = sys.argv[1]
for name in ("RLIMIT_NPROC", "RLIMIT_FSIZE", "RLIMIT_CPU", "RLIMIT_CORE", "RLIMIT_NOFILE"):
    kind = getattr(resource, name)
    soft, hard = resource.getrlimit(kind)
    if hard == resource.RLIM_INFINITY:
        continue
    if tried(name, lambda: (resource.setrlimit(kind, (hard + 1, hard + 1)), True)):
        escaped(token, f"{name} from {hard} to {hard + 1}")
