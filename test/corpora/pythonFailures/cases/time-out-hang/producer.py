def fill(batches, count):
    for index in range(count):
        batches.put(index + 1)
