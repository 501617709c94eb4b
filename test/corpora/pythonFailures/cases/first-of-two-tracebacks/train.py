import json

from report import write_report
from scores import mean_score

summary = {}
try:
    summary["score"] = mean_score([])
finally:
    write_report(summary)
print(json.dumps(summary))
