from collections import Counter

from reading import examples

counts = {True: Counter(), False: Counter()}
for text, positive in examples("data/reviews.csv"):
    counts[positive].update(text.split())
print({label: counter.most_common(3) for label, counter in counts.items()})
