def refine(x):
    """One bounded step towards the root of x * x - 2."""
    change = max(-0.1, min(0.1, 2.0 - x * x))
    return x + change, change
