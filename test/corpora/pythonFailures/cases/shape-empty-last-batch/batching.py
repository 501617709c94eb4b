def batches(x, y, size):
    """Consecutive slices of at most `size` rows."""
    for start in range(0, len(x) + 1, size):
        yield x[start : start + size], y[start : start + size]
