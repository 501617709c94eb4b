"""Write a marker where a run has no business: beside its folder, in the temporary folder, in /etc, /usr, / and home."""

import sys
from pathlib import Path

from attempt import tried

token, outside, home = sys.argv[1:]
for folder in (outside, home, "/tmp", "/var/tmp", "/etc", "/usr/local/bin", "/"):
    tried(folder, (Path(folder) / f"mlr-escape-{token}").write_text, token)
