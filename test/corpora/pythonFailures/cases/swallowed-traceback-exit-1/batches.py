PARTS = [[1.0, 2.0], [0.5, 0.25], [1.5, None]]


def batch(index):
    return [value * 2 for value in PARTS[index]]
