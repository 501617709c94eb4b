from parallel import score_all
from scoring import make_scorer

if __name__ == "__main__":
    rows = [[0.1 * i, 1.0 - 0.1 * i] for i in range(8)]
    scores = score_all(make_scorer([2.0, -1.0], bias=0.5), rows)
    print("mean score", sum(scores) / len(scores))
