import oomguard

IMAGE_BYTES = 4 * 2**20
COPIES = 60


def augment(index):
    """All copies of one image, kept until the last is made."""
    copies = []
    for copy in range(COPIES if index == 2 else 3):
        copies.append(bytearray(b"\1" * IMAGE_BYTES))
        oomguard.watch()
    return len(copies)
