import json
import sys

with open(sys.argv[1]) as handle:
    records = json.load(handle)
print(len(records), "records")
