import random

from .logs import Meter
from .loss import hinge


def main():
    random.seed(6)
    meter = Meter("hinge", every=5)
    for _ in range(20):
        positive = [random.gauss(1, 1) for _ in range(8)]
        negative = [random.gauss(0, 1) for _ in range(8)]
        meter(hinge(positive, negative))


if __name__ == "__main__":
    main()
