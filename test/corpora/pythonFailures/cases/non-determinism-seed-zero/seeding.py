import random
import time


def generator(seed=None):
    """A generator for this seed, or a fresh one without."""
    return random.Random(seed or time.time_ns())
