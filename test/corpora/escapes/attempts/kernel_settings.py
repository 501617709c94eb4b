"""Write kernel settings: each gets the value that it has, so that nothing changes where it succeeds."""

import sys
from pathlib import Path

from attempt import escaped, tried

SETTINGS = [
    "/proc/sys/kernel/domainname",
    "/proc/sys/kernel/core_pattern",
    "/proc/sys/vm/swappiness",
    "/sys/kernel/mm/transparent_hugepage/defrag",
]
token = sys.argv[1]
for name in SETTINGS:
    value = tried(name, Path(name).read_text)
    if value and "[" in value:
        value = value.split("[")[1].split("]")[0]
    if value and tried(name, Path(name).write_text, value):
        escaped(token, f"wrote {name}")
