import torch
from torch.utils.data import Dataset


class Pairs(Dataset):
    def __len__(self):
        return 4

    def __getitem__(self, index):
        return torch.ones(2, 3) @ torch.ones(3 + index // 3)
