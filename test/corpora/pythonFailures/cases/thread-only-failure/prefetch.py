def prefetch(batches, names):
    for name in names:
        with open(name) as handle:
            batches.append(handle.read())
