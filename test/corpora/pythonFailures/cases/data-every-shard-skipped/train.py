import logging

from corpus import read_all

logging.basicConfig(format="%(levelname)s:%(name)s:%(message)s", level=logging.INFO)


def mean_length(examples):
    return sum(length for _, length in examples) / len(examples)


examples = read_all("shards")
logging.info("read %d examples", len(examples))
logging.info("mean length %.2f", mean_length(examples))
