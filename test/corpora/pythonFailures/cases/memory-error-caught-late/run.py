import sys

from cache import Cache

try:
    cache = Cache(entries=1 << 60)
except MemoryError as error:
    print(f"fatal: out of memory ({error!r})", file=sys.stderr)
    raise
