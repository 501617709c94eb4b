from resume import restore

step, weights = restore("checkpoints")
print(f"step {step} norm {sum(w * w for w in weights) ** 0.5:.4f}")
