from data import Dataset

data = Dataset("items.csv")
print("size", len(data.rows))
