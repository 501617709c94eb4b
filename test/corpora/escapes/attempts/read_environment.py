"""Look in the environment, in which keys of the one who started the tool may stand."""

import os
import sys

from attempt import reveal

for name, value in os.environ.items():
    reveal(sys.argv[1], name, value.encode())
