def rate(step, warmup_steps, peak=0.1):
    return peak * min(1.0, (step + 1) / warmup_steps)
