"""PyTorch's side of a comparison of optimizers: torch_optimizer_peer.py OPTIMIZER LENGTH THREADS FOLDER.

Values and gradients come from the formula of Compare/OptimizerSide.cs; some of the values after the first steps are left in
pytorch.check.
"""

import os
import sys

import numpy as np
import torch

from side import answer

CHECKED_STEPS, CHECKED_RATE, TIMED_RATE, CHECKED_VALUES = 3, 0.1, 1e-6, 4096


def formula(length, multiplier):
    """Multiples of 2^-24 in [-0.5, 0.5), which floats hold exactly."""
    bits = np.arange(length, dtype=np.uint32)
    bits *= np.uint32(multiplier)
    bits >>= np.uint32(8)
    values = bits.astype(np.float32)
    values *= np.float32(2**-24)
    values -= np.float32(0.5)
    return torch.from_numpy(values)


def main():
    name, length, threads, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    torch.set_num_threads(threads)
    parameter = torch.nn.Parameter(formula(length, 2654435761))
    parameter.grad = formula(length, 2246822519)
    options = {"momentum": 0.9} if name == "SGD" else {}
    optimizer = getattr(torch.optim, name)([parameter], lr=CHECKED_RATE, **options)
    for _ in range(CHECKED_STEPS):
        optimizer.step()
    stride = length // CHECKED_VALUES
    check = parameter.detach().numpy()[: CHECKED_VALUES * stride : stride]
    np.ascontiguousarray(check).tofile(os.path.join(folder, "pytorch.check"))
    optimizer.param_groups[0]["lr"] = TIMED_RATE
    answer(optimizer.step)


main()
