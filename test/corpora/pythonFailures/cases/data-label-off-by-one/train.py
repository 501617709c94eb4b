import numpy as np

from labels import CLASSES, prior

table = np.genfromtxt("data/iris.csv", delimiter=",", skip_header=1)
features, species = table[:, :2], table[:, 2].astype(int)
print("features", features.shape, "classes", len(CLASSES), flush=True)
print("prior", dict(zip(CLASSES, prior(species))))
