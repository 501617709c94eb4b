import config
from model import Model

print(Model(config.WIDTH))
