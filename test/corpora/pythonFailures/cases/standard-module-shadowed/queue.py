"""The trials of a sweep that are still to be run, best guess first."""


class TrialQueue:
    def __init__(self, guesses):
        self.trials = sorted(guesses, key=lambda guess: abs(guess - 0.1))

    def __iter__(self):
        return iter(self.trials)
