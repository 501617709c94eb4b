class AdamW:
    def __init__(self, rate, betas):
        self.rate, self.betas = rate, betas


OPTIMIZERS = {
    "sgd": lambda options: (options["lr"], options.get("momentum", 0.0)),
    "adamw": lambda options: AdamW(options["lr"], tuple(options["betas"])),
}


def build(options):
    return OPTIMIZERS[options["name"]](options)
