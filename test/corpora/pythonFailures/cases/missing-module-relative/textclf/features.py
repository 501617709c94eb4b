from collections import Counter

from .tokenizer import tokenize


def bag(text):
    return Counter(tokenize(text))
