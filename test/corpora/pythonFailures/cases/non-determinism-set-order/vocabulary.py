def build(words):
    return {word: index for index, word in enumerate(set(words))}
