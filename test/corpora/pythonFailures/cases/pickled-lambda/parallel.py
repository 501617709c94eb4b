from multiprocessing import get_context


def score_all(scorer, rows, workers=2):
    with get_context("spawn").Pool(workers) as pool:
        return pool.map(scorer, rows, chunksize=2)
