import operator


def accuracy(predicted, actual):
    hits = [operator.eq(p, a) for p, a in zip(predicted, actual, strict=True)]
    return sum(hits) / len(hits)
