import torch
from torch.utils.data import DataLoader

from dataset import Pairs

if __name__ == "__main__":
    for x in DataLoader(Pairs(), batch_size=2, num_workers=2):
        print(x.shape)
