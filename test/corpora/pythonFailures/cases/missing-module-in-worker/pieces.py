import fast


def pieces(text):
    """Runs in a worker, which alone needs the subword model."""
    from subword_lite import Model

    model = Model("en", size=8000)
    return [piece for word in fast.split(text) for piece in model.encode(word)]
