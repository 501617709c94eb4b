import threading


class Board:
    """The best score of each model, written from several threads."""

    def __init__(self):
        self.lock = threading.Lock()
        self.scores = {}

    def best(self):
        with self.lock:
            return max(self.scores, key=self.scores.get)

    def report(self, name, score):
        with self.lock:
            self.scores[name] = max(score, self.scores.get(name, score))
            if len(self.scores) > 2:
                print(f"{name} {score:.2f}, best is {self.best()}", flush=True)
            else:
                print(f"{name} {score:.2f}", flush=True)
