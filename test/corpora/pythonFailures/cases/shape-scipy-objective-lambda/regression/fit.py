import argparse

import numpy as np
from scipy import optimize

from .features import polynomial
from .losses import objective


def fit(x, y, degree, decay):
    features = polynomial(x, degree)
    start = np.zeros(degree)
    result = optimize.minimize(
        lambda weights: objective(weights, features, y, decay),
        start,
        method="L-BFGS-B",
        options={"maxiter": 50},
    )
    return result.x


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--degree", type=int, default=3)
    parser.add_argument("--decay", type=float, default=1e-3)
    args = parser.parse_args()
    rng = np.random.default_rng(11)
    x = np.linspace(-1, 1, 60)
    y = np.sin(3 * x) + 0.1 * rng.normal(size=60)
    print(f"fitting degree {args.degree} on {len(x)} points", flush=True)
    print("weights", fit(x, y, args.degree, args.decay))
