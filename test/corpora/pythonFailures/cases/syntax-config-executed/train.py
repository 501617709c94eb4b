import sys

from configuration import load

config = load(sys.argv[1])
print("training", config["model"]["kind"], "for", config["epochs"], "epochs")
