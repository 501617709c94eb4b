"""Start more sleeping processes than the limit allows. Bounded: at most 2000, each gone after thirty seconds."""

import os
import sys
import time

from attempt import escaped, tried

token, limit = sys.argv[1:]
wanted = min(2000, int(limit) + 50)
if wanted <= int(limit):
    sys.exit("the limit is too high to be tried")
started = 0
for _ in range(wanted):
    child = tried("fork", os.fork)
    if child == 0:
        time.sleep(30)
        os._exit(0)
    if child is None:
        break
    started += 1
if started == wanted:
    time.sleep(15)  # whoever samples has had time to see it
    escaped(token, f"{started} processes where {limit} are allowed")
