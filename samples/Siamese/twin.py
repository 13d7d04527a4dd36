#!/usr/bin/python3
"""The sample's network in PyTorch, from the same weights and the same triplets: it ends with the same accuracy, up to chance.

    dotnet run -c Release --project samples/Siamese -- --record FILE
    python3 twin.py FILE
"""

import gzip
import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file

EPOCHS, BATCH, TRAIN = 20, 100, 8500
DATA = pathlib.Path(__file__).parent.parent / "FashionMnist" / "data"


def read(name, header, *shape):
    with gzip.open(DATA / name) as file:
        return np.frombuffer(file.read(), np.uint8, offset=header).reshape(shape)


class SiameseNet(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(1, 16, 3)
        self.conv2 = torch.nn.Conv2d(16, 32, 3)
        self.fc = torch.nn.Linear(800, 64)

    def forward(self, x):
        x = F.max_pool2d(torch.relu(self.conv1(x)), 2)
        x = F.max_pool2d(torch.relu(self.conv2(x)), 2)
        x = self.fc(torch.flatten(x, 1))
        return x / torch.linalg.vector_norm(x, dim=1, keepdim=True)


def accuracy(points, labels, others, other_labels):
    nearest = torch.cat([torch.cdist(part, others).argmin(1) for part in points.split(100)])
    return (other_labels[nearest] == labels).float().mean().item()


def main():
    state = load_file(sys.argv[1])
    triplets = state.pop("triplets").long().reshape(EPOCHS, -1, BATCH, 3)
    images = torch.from_numpy(read("t10k-images-idx3-ubyte.gz", 16, -1, 1, 28, 28).astype(np.float32) / 255)
    labels = torch.from_numpy(read("t10k-labels-idx1-ubyte.gz", 8, -1).astype(np.int64))

    net = SiameseNet()
    net.load_state_dict(state)
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=EPOCHS)
    loss_function = torch.nn.TripletMarginLoss(margin=0.5)
    for epoch in triplets:
        losses = []
        for batch in epoch:
            optimizer.zero_grad()
            loss = loss_function(*(net(images[batch[:, i]]) for i in range(3)))
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        scheduler.step()
        print("loss %.4f" % np.mean(losses))

    with torch.no_grad():
        points = torch.cat([net(part) for part in images.split(500)])
    flat = images.flatten(1)
    print("nearest neighbors of %d held-out images are of their class: %.4f by their pixels, %.4f embedded" % (
        len(images) - TRAIN,
        accuracy(flat[TRAIN:], labels[TRAIN:], flat[:TRAIN], labels[:TRAIN]),
        accuracy(points[TRAIN:], labels[TRAIN:], points[:TRAIN], labels[:TRAIN])))


if __name__ == "__main__":
    main()
