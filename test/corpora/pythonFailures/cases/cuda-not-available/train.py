import torch


def start(name):
    return torch.device_memory(name)


print("memory on the device", start("cuda"))
