import logging

import numpy as np

from .attention import Attention
from .tracing import traced


@traced
def forward(layers, x):
    for layer in layers:
        x = x + layer(x)
    return x


def main():
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.INFO)
    rng = np.random.default_rng(0)
    layers = [
        Attention(32, heads=4, key_heads=4, rng=rng),
        Attention(32, heads=4, key_heads=2, rng=rng),
    ]
    logging.info("model of %d layers", len(layers))
    out = forward(layers, rng.normal(size=(2, 10, 32)))
    print("output", out.shape)


if __name__ == "__main__":
    main()
