import argparse

from . import features


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=0)
    parser.parse_args()
    print(features.bag("The cat and the hat"))


if __name__ == "__main__":
    main()
