import math

RATIOS = (0.5, 1.0, 2.0)


def anchors(scale):
    """Width and height of each anchor of a scale."""
<<<<<<< HEAD
    return [(scale * math.sqrt(r), scale / math.sqrt(r)) for r in RATIOS]
=======
    return [(scale / math.sqrt(r), scale * math.sqrt(r)) for r in RATIOS]
>>>>>>> height-first
