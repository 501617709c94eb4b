import json

from features import encode

with open("data.jsonl") as handle:
    rows = [json.loads(line) for line in handle]
print([encode(row) for row in rows])
