class Model:
    def __init__(self, width):
        self.width = width

    def forward(self, x)
        return x * self.width
