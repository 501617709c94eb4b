def train(epochs):
    total = 0
    for epoch in range(epochs):
        total += epoch
          print(epoch)
    return total


print(train(3))
