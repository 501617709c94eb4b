def encode(row):
    text = row["text"].lower()
    return len(text), int(row["label"])
