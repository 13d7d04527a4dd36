#!/usr/bin/python3
"""Writes pretrained.safetensors: what PyTorch learns of the six kinds of clothes of Fashion-MNIST that are worn above the shoes.

    apt-get install python3-torch python3-numpy dataset-fashion-mnist
    /usr/bin/python3 make_pretrained.py

The network is the sample's (ClothesNet.cs) with six logits. The file is safetensors, written by its specification: the length of
the header as 64 bits, the header as JSON with the type, shape and place of every tensor, the tensors. With the package safetensors it
is safetensors.torch.save_file(net.state_dict(), path).
"""

import collections
import gzip
import json
import os
import struct

import numpy as np
import torch
from torch import nn

DATA = "/usr/share/datasets/fashion-mnist"
CLOTHES = [0, 1, 2, 3, 4, 6]  # T-shirt, trouser, pullover, dress, coat, shirt
EPOCHS, BATCH = 4, 64


def read(name, offset):
    with gzip.open(os.path.join(DATA, name)) as file:
        return np.frombuffer(file.read(), np.uint8, offset=offset)


def load(part):
    labels = read(part + "-labels-idx1-ubyte.gz", 8)
    images = read(part + "-images-idx3-ubyte.gz", 16).reshape(len(labels), 1, 28, 28)
    kept = np.isin(labels, CLOTHES)
    images = torch.from_numpy(images[kept].astype(np.float32) / 255)
    return images, torch.from_numpy(np.searchsorted(CLOTHES, labels[kept]))


def save(path, tensors):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, tensor in tensors.items():
        values = tensor.numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def main():
    torch.manual_seed(1)
    images, labels = load("train")
    layers = [
        ("conv1", nn.Conv2d(1, 16, 3)), ("relu1", nn.ReLU()), ("pool1", nn.MaxPool2d(2)),
        ("conv2", nn.Conv2d(16, 32, 3)), ("relu2", nn.ReLU()), ("pool2", nn.MaxPool2d(2)), ("flatten", nn.Flatten()),
        ("fc", nn.Linear(800, 64)), ("relu3", nn.ReLU()), ("head", nn.Linear(64, len(CLOTHES))),
    ]
    net = nn.Sequential(collections.OrderedDict(layers))
    optimizer = torch.optim.Adam(net.parameters())
    criterion = nn.CrossEntropyLoss()
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(labels)).split(BATCH):
            optimizer.zero_grad()
            criterion(net(images[batch]), labels[batch]).backward()
            optimizer.step()

    images, labels = load("t10k")
    with torch.no_grad():
        print("clothes told apart: %.4f" % (net(images).argmax(1) == labels).float().mean())
    save(os.path.join(os.path.dirname(os.path.abspath(__file__)), "pretrained.safetensors"), net.state_dict())


main()
