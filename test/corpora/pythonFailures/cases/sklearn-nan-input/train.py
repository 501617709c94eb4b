from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from table import load

x, y = load("patients.csv")
model = make_pipeline(StandardScaler(), LogisticRegression())
model.fit(x, y)
print("accuracy:", model.score(x, y))
