import logging
import sys

from limits import cap
from network import Recorder, forward

logging.basicConfig(format="%(levelname)s %(message)s", level=logging.INFO)


def losses(steps, recorder):
    for step in range(steps):
        activations = forward(step)
        mean = recorder.record(activations)
        del activations
        yield 1 / (1 + step) + 0 * mean


def main():
    cap(128)
    for step, loss in enumerate(losses(60, Recorder())):
        if step % 5 == 0:
            logging.info("step %d loss %.4f", step, loss)


try:
    main()
except MemoryError:
    logging.exception("out of memory")
    sys.exit(3)
