import json
import logging
from pathlib import Path

logger = logging.getLogger("corpus")


def read_shard(path):
    with open(path) as handle:
        records = [json.loads(line) for line in handle]
    return [(record["text"], int(record["length"])) for record in records]


def read_all(folder):
    """Every shard that can be read; one that cannot is logged and left out."""
    examples = []
    for path in sorted(Path(folder).glob("*.jsonl")):
        try:
            examples += read_shard(path)
        except Exception:
            logger.exception("skipping %s", path.name)
    return examples
