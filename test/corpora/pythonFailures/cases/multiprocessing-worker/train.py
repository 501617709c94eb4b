from multiprocessing import Pool

from tokens import count

TEXTS = ["a b c", "d e", None, "f"]

if __name__ == "__main__":
    with Pool(2) as pool:
        print(sum(pool.map(count, TEXTS)))
