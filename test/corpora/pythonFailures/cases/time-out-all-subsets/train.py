import random

from selection import select

random.seed(1)
gains = [random.random() for _ in range(48)]
print("chosen", select(gains, largest=12))
