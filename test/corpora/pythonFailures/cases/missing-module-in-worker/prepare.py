from concurrent.futures import ProcessPoolExecutor

from pieces import pieces


def main():
    with open("texts.txt") as handle:
        texts = handle.read().splitlines()
    print(f"{len(texts)} texts", flush=True)
    with ProcessPoolExecutor(1) as pool:
        total = sum(len(found) for found in pool.map(pieces, texts))
    print("pieces", total)


if __name__ == "__main__":
    main()
