"""Leave links in the output folder: one to write through, some for a collector to follow."""

import os
import sys
from pathlib import Path

from attempt import reveal, tried

token, out, outside, secret_file = sys.argv[1:]
folder = Path(out)
tried("link to a folder", os.symlink, outside, folder / "away")
tried("write through it", lambda: (folder / "away" / f"mlr-escape-{token}").write_text(token))
tried("soft link to a secret", os.symlink, secret_file, folder / "predictions.csv")
tried("hard link to a secret", os.link, secret_file, folder / "validation.csv")
tried("climb", lambda: (folder / ".." / ".." / f"mlr-escape-{token}").write_text(token))
reveal(token, "a link", tried("read through a link", lambda: (folder / "predictions.csv").read_bytes()))
