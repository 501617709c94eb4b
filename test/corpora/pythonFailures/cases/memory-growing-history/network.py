SIZE = 8 * 2**20


def forward(step):
    """The activations of one step, 8 MiB."""
    return bytes([step % 256]) * SIZE


class Recorder:
    def __init__(self):
        self.history = []

    def record(self, activations):
        self.history.append(bytearray(activations))
        return activations[0] / 255
