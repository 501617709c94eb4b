def make_scorer(weights, bias):
    """A function from a row to its score."""
    return lambda row: sum(w * x for w, x in zip(weights, row)) + bias
