import numpy as np

from .tracing import traced


def split_heads(x, heads):
    """(batch, length, width) to (batch, length, heads, width / heads)."""
    batch, length, width = x.shape
    return x.reshape(batch, length, heads, width // heads)


class Attention:
    def __init__(self, width, heads, key_heads, rng):
        self.heads, self.key_heads = heads, key_heads
        head = width // heads
        self.to_query = rng.normal(size=(width, heads * head)) / width**0.5
        self.to_key = rng.normal(size=(width, key_heads * head)) / width**0.5
        self.to_value = rng.normal(size=(width, key_heads * head)) / width**0.5

    @traced
    def __call__(self, x):
        query = split_heads(x @ self.to_query, self.heads)
        key = split_heads(x @ self.to_key, self.key_heads)
        value = split_heads(x @ self.to_value, self.key_heads)
        scores = np.einsum("bqhd,bkhd->bhqk", query, key) / query.shape[-1] ** 0.5
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        return np.einsum("bhqk,bkhd->bqhd", scores, value).reshape(x.shape)
