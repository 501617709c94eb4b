from settings import Settings
from update import update

settings = Settings()
weights = [1.0, -2.0, 0.5]
for epoch in range(settings.epochs):
    gradients = [2 * w for w in weights]
    weights = update(weights, gradients, settings.optimizer)
    print(f"epoch {epoch} norm {sum(w * w for w in weights):.4f}", flush=True)
