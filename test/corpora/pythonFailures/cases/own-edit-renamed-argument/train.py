from schedule import rate

total = 0.0
for step in range(10):
    total += rate(step, warmup=3)
print("total", total)
