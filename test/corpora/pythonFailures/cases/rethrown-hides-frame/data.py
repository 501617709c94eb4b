class Dataset:
    def __init__(self, path):
        try:
            self.rows = self.read(path)
        except Exception as error:
            raise RuntimeError(f"could not load {path}: {error}") from None

    def read(self, path):
        with open("dataset/" + path) as handle:
            return handle.readlines()
