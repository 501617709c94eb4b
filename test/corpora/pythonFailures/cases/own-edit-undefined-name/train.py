import random


def smooth(losses, beta):
    average = 0.0
    for loss in losses:
        average = beta * average + (1 - beta) * loss
    return average / (1 - beta ** count)


random.seed(0)
print("loss", smooth([random.random() for _ in range(5)], 0.9))
