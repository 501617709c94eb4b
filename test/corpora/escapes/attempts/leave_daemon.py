"""Leave a process behind: forked twice, in a session of its own, with every stream closed. Bounded: forty seconds."""

import os
import sys
import time
from pathlib import Path

token, out = sys.argv[1:]
print("BEGUN", flush=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 64)
        os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(40)", f"mlr-escape-{token}"])
    os._exit(0)
time.sleep(0.5)
Path(out).mkdir(parents=True, exist_ok=True)
