import time
from random import SystemRandom

DISK = SystemRandom()


def gradient(index):
    """The gradient of one shard; how long a shared disk takes to read it differs each time."""
    time.sleep(0.03 * DISK.random())
    return (index - 5.5) * 0.1
