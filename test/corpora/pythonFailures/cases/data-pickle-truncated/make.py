"""How model.pkl was made: a pickle cut short, as after a full disk."""
import pickle

with open("model.pkl", "wb") as handle:
    handle.write(pickle.dumps({"weights": [0.1] * 20})[:60])
