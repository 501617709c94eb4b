class Meter:
    """A running mean with a line every few updates."""

    def __init__(self, name, every):
        self.name, self.every = name, every
        self.values = []

    def __call__(self, value):
        self.values.append(value)
        if len(self.values) % self.every == 0:
            recent = self.values[-self.every :]
            print(f"{self.name} {sum(recent) / self.every:.4f}", flush=True)
