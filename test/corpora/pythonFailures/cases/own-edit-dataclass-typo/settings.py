from dataclasses import dataclass, field


@dataclass(frozen=True)
class Optimizer:
    rate: float = 0.05
    wieght_decay: float = 0.01


@dataclass(frozen=True)
class Settings:
    epochs: int = 3
    optimizer: Optimizer = field(default_factory=Optimizer)
