def expect(condition, message):
    """All checks of the pipeline end here, so that they read alike."""
    assert condition, message


def same_rows(*arrays):
    rows = {len(array) for array in arrays}
    expect(len(rows) == 1, f"arrays disagree on rows: {[array.shape for array in arrays]}")
