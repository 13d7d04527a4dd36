"""PyTorch's side of a comparison of networks: torch_network_peer.py NETWORK KIND BATCH THREADS FOLDER. Compare/Side.cs says what it answers.

It starts from the weights, inputs and labels that GraphGen's side left in FOLDER, and leaves pytorch.check there: the
output of inference, or the losses of the first steps of training.
"""

import os
import sys

import numpy as np
import torch
from torch import nn

from side import answer

CHECKED_STEPS, CHECKED_RATE, TIMED_RATE = 3, 0.01, 1e-6


def convolutional(channels, flat, *widths):
    layers = [nn.Conv2d(channels, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()]
    return nn.Sequential(*layers, *linear(flat, *widths))


def linear(*widths):
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return layers[:-1]


NETWORKS = {
    "mlp": (lambda: nn.Sequential(*linear(784, 128, 64, 10)), (784,)),
    "cnn": (lambda: convolutional(1, 1600, 128, 10), (1, 28, 28)),
    "seed": (lambda: convolutional(3, 186624, 256, 128, 101), (3, 224, 224)),
}


def load(path, tensor):
    """Reads into the tensor's own memory: nothing is held twice."""
    with open(path, "rb") as file:
        file.readinto(memoryview(tensor.numpy()).cast("B"))
    return tensor


def main():
    name, kind, batch, threads, folder = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
    torch.set_num_threads(threads)
    create, shape = NETWORKS[name]
    net = create()
    with open(os.path.join(folder, "weights.bin"), "rb") as file:
        for parameter in net.parameters():
            file.readinto(memoryview(parameter.detach().numpy()).cast("B"))
    inputs = load(os.path.join(folder, "input.bin"), torch.empty(batch, *shape))
    labels = load(os.path.join(folder, "labels.bin"), torch.empty(batch, dtype=torch.int32)).long()
    optimizer = torch.optim.SGD(net.parameters(), lr=CHECKED_RATE, momentum=0.9)
    criterion = nn.CrossEntropyLoss()

    def train():
        optimizer.zero_grad()
        loss = criterion(net(inputs), labels)
        loss.backward()
        optimizer.step()
        return loss

    def predict():
        with torch.no_grad():
            return net(inputs)

    if kind == "training":
        check = np.array([train().item() for _ in range(CHECKED_STEPS)], np.float32)
        optimizer.param_groups[0]["lr"] = TIMED_RATE
        iteration = train
    else:
        net.eval()
        check = predict().numpy()
        iteration = predict
    check.tofile(os.path.join(folder, "pytorch.check"))

    answer(iteration)


main()
