from concurrent.futures import ThreadPoolExecutor

from board import Board

board = Board()


def trial(width):
    board.report(f"mlp-{width}", 1 - 1 / width)


with ThreadPoolExecutor(max_workers=1) as pool:
    list(pool.map(trial, [4, 8, 16, 32]))
