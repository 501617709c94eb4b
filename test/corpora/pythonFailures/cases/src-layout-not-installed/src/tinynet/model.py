class Linear:
    def __init__(self, seed):
        self.seed = seed
