def update(weights, gradients, optimizer):
    return [
        w - optimizer.rate * (g + optimizer.weight_decay * w)
        for w, g in zip(weights, gradients)
    ]
