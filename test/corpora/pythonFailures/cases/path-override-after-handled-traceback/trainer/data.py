import json
import logging
from pathlib import Path

logger = logging.getLogger(__name__)


def read_split(root, version, split):
    path = Path(root) / version / f"{split}.txt"
    return path.read_text().splitlines()


def vocabulary(cache, build):
    try:
        with open(cache) as handle:
            return json.load(handle)
    except OSError:
        logger.exception("no vocabulary in the cache, building it")
    return build()
