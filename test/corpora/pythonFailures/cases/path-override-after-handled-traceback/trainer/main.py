import logging
import sys

from . import config, data


def main(overrides):
    logging.basicConfig(level=logging.INFO, format="[%(asctime)s][%(name)s][%(levelname)s] - %(message)s")
    settings = config.load("conf/default.json", overrides)
    special = ["<pad>", "<unk>"]
    words = data.vocabulary(settings["cache"], build=lambda: special)
    logging.info("vocabulary of %d", len(words))
    lines = data.read_split(**settings["data"])
    logging.info("%d lines, width %d", len(lines), settings["model"]["width"])


if __name__ == "__main__":
    main(sys.argv[1:])
