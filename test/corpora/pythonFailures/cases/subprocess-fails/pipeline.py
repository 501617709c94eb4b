import subprocess
import sys

subprocess.run([sys.executable, "prepare.py", "raw.txt"], check=True)
subprocess.run([sys.executable, "train.py"], check=True)
