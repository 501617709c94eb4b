from objective import loss
from queue import TrialQueue
from runner import run_all

if __name__ == "__main__":
    trials = TrialQueue([0.001, 0.01, 0.05, 0.1, 0.5])
    losses = run_all(loss, trials, workers=2)
    print("best loss", min(losses))
