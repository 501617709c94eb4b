from concurrent.futures import ProcessPoolExecutor

from augment import augment


def main():
    with ProcessPoolExecutor(max_workers=1) as pool:
        for index, made in enumerate(pool.map(augment, range(4))):
            print(f"image {index}: {made} copies", flush=True)


if __name__ == "__main__":
    main()
