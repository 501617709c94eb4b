def mean_score(scores):
    return sum(scores) / len(scores)
