from seeding import generator


class Model:
    def __init__(self, width, seed):
        draw = generator(seed)
        self.weights = [draw.gauss(0, 1) for _ in range(width)]

    def predict(self, row):
        return sum(w * x for w, x in zip(self.weights, row))
