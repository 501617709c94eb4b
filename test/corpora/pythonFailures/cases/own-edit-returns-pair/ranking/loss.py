def hinge(positive, negative, margin=1.0):
    """Mean hinge loss of pairs of scores."""
    losses = [max(0.0, margin - p + n) for p, n in zip(positive, negative)]
    violated = sum(loss > 0 for loss in losses)
    return sum(losses) / len(losses), violated
