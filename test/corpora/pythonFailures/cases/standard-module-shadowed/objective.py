def loss(rate):
    return (rate - 0.07) ** 2
