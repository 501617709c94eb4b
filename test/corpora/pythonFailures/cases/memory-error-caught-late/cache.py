class Cache:
    def __init__(self, entries):
        self.table = bytearray(entries)
