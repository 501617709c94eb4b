from load import load

rows = load("data/train.csv")
print("rows", len(rows))
