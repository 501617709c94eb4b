import math

rows = [line.split(",") for line in open("data.csv").read().split()[1:]]
points = [(float(x), float(y)) for x, y in rows]
weight = 0.0
for epoch in range(4):
    loss = 0.0
    for x, y in points:
        error = weight * x - y
        weight -= 0.05 * error * x
        loss += error * error / len(points)
    print(f"epoch {epoch} loss: {loss:.4f}", flush=True)
print(f"rmse: {math.sqrt(loss)}")
