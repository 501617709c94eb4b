"""Ignore every request to stop, and write a marker after the time is up. Bounded: thirty seconds past the limit."""

import signal
import sys
import time
from pathlib import Path

token, out, wall = sys.argv[1:]
print("BEGUN", flush=True)
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGXCPU, signal.SIGALRM):
    signal.signal(number, signal.SIG_IGN)
time.sleep(float(wall) + 30)
(Path(out) / f"mlr-escape-{token}").write_text(token)
