from .anchors import RATIOS, anchors


def outputs(scales):
    return sum(len(anchors(scale)) for scale in scales) * (4 + len(RATIOS))
