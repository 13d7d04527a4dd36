#!/usr/bin/python3
"""Writes Data/SpecialOptimizers.*.json: 50 steps of SparseAdam, Adafactor and Muon, with every option, on a fixed problem.

    apt-get install python3-torch python3-numpy      (Debian 13)
    python3 make_special_optimizers.py

The problem: parameter i has the shape SHAPES[optimizer][i]; its values w are drawn from stream 1 + i (streams.py) in [-1, 1). Its
gradient in step k is

    curvature * (w - target) + noise

with curvature from stream 11 + i in [0.1, 2), target from stream 21 + i in [-1, 1), noise in [-0.5, 0.5) from stream 31 + i, element
k * size and on. For SparseAdam row r of parameter i is without gradient in step k (zeros, where gradients are dense) if element
k * rows + r of stream 41 + i in [0, 1) is 0.4 or more; sometimes all rows are. Parameters with an even number are in group 0, the others
in group 1. Parameter 1 has no gradient at all in step 0 and in every third step (k % 3 == 1). Before step 25 the learning rate of
group 0 is multiplied by 0.3.

SparseAdam, with sparse gradients, and Adafactor are PyTorch 2.6's (files.py) in float64; the option l1, which PyTorch lacks, as in
make_optimizers.py. Where eps1 is None, Adafactor is given float32's epsilon, which is what it takes for float32 parameters. Muon is
younger than 2.6: its values are those of muon_reference.py, also in float64. PyTorch's Muon rounds to bfloat16 in the Newton-Schulz
iteration; the reference does not.

A file holds cases: name, groups (the options of each), parameters, states (by name).
"""

import numpy as np
import torch

import streams
from files import number, write
from muon_reference import muon

STEPS = 50
FLOAT_EPS = float(np.finfo(np.float32).eps)
SHAPES = {
    "SparseAdam": [[7, 5], [4, 3, 2], [9], [3, 33]],
    "Adafactor": [[6, 9], [3, 4, 5], [11], [], [1, 7], [8, 1], [2, 1, 3, 18]],
    "Muon": [[6, 10], [12, 7], [7, 35], [1, 9], [5, 1], [9, 4]],
}
DEFAULTS = {
    "SparseAdam": dict(lr=0.03, betas=(0.9, 0.999), eps=1e-8, maximize=False),
    "Adafactor": dict(lr=0.01, beta2_decay=-0.8, eps=(None, 1e-3), d=1.0, weight_decay=0.0, maximize=False),
    "Muon": dict(
        lr=0.01,
        weight_decay=0.1,
        momentum=0.95,
        nesterov=True,
        ns_coefficients=(3.4445, -4.775, 2.0315),
        eps=1e-7,
        ns_steps=5,
        adjust_lr_fn="original",
    ),
}

# The cases of each: what differs from the defaults in group 0 and in group 1.
CASES = {
    "SparseAdam": {
        "defaults": ({}, {}),
        "betas": ({"betas": (0.8, 0.95), "eps": 1e-3}, {"betas": (0.0, 0.99), "lr": 0.1}),
        "maximize": ({"maximize": True, "lr": 0.002}, {"maximize": True, "eps": 1e-2, "lr": 0.002}),
        "l1": ({"l1": 0.05}, {"l1": 0.3, "maximize": True, "lr": 0.002}),
    },
    "Adafactor": {
        "defaults": ({}, {}),
        "beta2_decay": ({"beta2_decay": -0.3, "lr": 0.05}, {"beta2_decay": 0.0}),
        "eps": ({"eps": (0.3, 0.5)}, {"eps": (None, 0.0), "lr": 0.1}),
        "eps 0": ({"eps": (0.0, 1e-3)}, {"eps": (1.0, 2.0)}),
        "d": ({"d": 1.3}, {"d": 100.0, "lr": 0.2}),
        "decay": ({"weight_decay": 0.3}, {"weight_decay": 0.02, "lr": 0.5}),
        "maximize": ({"maximize": True}, {"maximize": True, "weight_decay": 0.3}),
        "l1": ({"l1": 0.05}, {"l1": 0.1, "weight_decay": 0.1}),
    },
    "Muon": {
        "defaults": ({}, {}),
        "decay": ({"weight_decay": 0.0}, {"weight_decay": 2.0}),
        "momentum": ({"momentum": 0.5}, {"momentum": 0.0}),
        "plain": ({"nesterov": False}, {"nesterov": False, "momentum": 0.7, "lr": 0.03}),
        "match_rms_adamw": ({"adjust_lr_fn": "match_rms_adamw"}, {"adjust_lr_fn": "match_rms_adamw", "lr": 0.002}),
        "coefficients": ({"ns_coefficients": (1.5, -0.5, 0.0), "ns_steps": 8}, {"ns_coefficients": (2.0, -1.5, 0.5), "ns_steps": 1}),
        "eps": ({"eps": 3.0}, {"eps": 0.0, "ns_steps": 0}),
        "l1": ({"l1": 0.05}, {"l1": 0.3}),
    },
}


def draw(stream, start, shape, low, high):
    return streams.floats(stream, start, int(np.prod(shape)), low, high).astype(np.float64).reshape(shape)


class Problem:
    def __init__(self, optimizer):
        self.is_sparse = optimizer == "SparseAdam"
        self.shapes = SHAPES[optimizer]
        self.values = [draw(1 + i, 0, shape, -1, 1) for i, shape in enumerate(self.shapes)]
        self.curvatures = [draw(11 + i, 0, shape, 0.1, 2) for i, shape in enumerate(self.shapes)]
        self.targets = [draw(21 + i, 0, shape, -1, 1) for i, shape in enumerate(self.shapes)]

    def gradient(self, i, step, w):
        """The gradient, zeros in rows that have none, and the rows that have one; None and None without."""
        shape = self.shapes[i]
        if i == 1 and (step == 0 or step % 3 == 1):
            return None, None
        size = int(np.prod(shape))
        g = self.curvatures[i] * (w - self.targets[i]) + draw(31 + i, step * size, shape, -0.5, 0.5)
        if not self.is_sparse:
            return g, None
        present = draw(41 + i, step * shape[0], [shape[0]], 0, 1) < np.float32(0.4)
        g[~present] = 0
        return g, np.flatnonzero(present)


def group_of(i):
    return i % 2


def rate(options, group, step):
    return options["lr"] * (0.3 if group == 0 and step >= 25 else 1)


def penalty(options, w):
    """The gradient of l1 * |w|, with the other sign where the optimizer changes signs."""
    return (-1 if options.get("maximize") else 1) * options.get("l1", 0) * np.sign(w)


def by_torch(optimizer, groups):
    problem = Problem(optimizer)
    values = [torch.from_numpy(w).requires_grad_() for w in problem.values]
    torch_groups = []
    for group, options in enumerate(groups):
        options = {k: v for k, v in options.items() if k != "l1"}
        if optimizer == "Adafactor" and options["eps"][0] is None:
            options["eps"] = (FLOAT_EPS, options["eps"][1])
        torch_groups.append({"params": values[group::2], **options})
    instance = getattr(torch.optim, optimizer)(torch_groups)
    for step in range(STEPS):
        for group, options in enumerate(groups):
            instance.param_groups[group]["lr"] = rate(options, group, step)
        for i, w in enumerate(values):
            g, rows = problem.gradient(i, step, w.detach().numpy())
            w.grad = None
            if g is not None:
                g = torch.from_numpy(np.asarray(g + penalty(groups[group_of(i)], w.detach().numpy())))
                w.grad = g if rows is None else torch.sparse_coo_tensor(torch.from_numpy(rows)[None], g[rows], w.shape)
        instance.step()
    return [w.detach().numpy() for w in values], [{k: np.asarray(v) for k, v in instance.state[w].items()} for w in values]


def by_reference(groups):
    problem = Problem("Muon")
    values = problem.values
    states = [{} for _ in values]
    for step in range(STEPS):
        for i, w in enumerate(values):
            options = groups[group_of(i)]
            g, _ = problem.gradient(i, step, w)
            if g is not None:
                values[i] = muon({**options, "lr": rate(options, group_of(i), step)}, states[i], w, g + penalty(options, w))
    return values, states


def stored(array):
    return [number(x) for x in np.asarray(array, dtype=np.float64).reshape(-1).tolist()]


def main():
    torch.set_default_dtype(torch.float64)
    for optimizer, cases in CASES.items():
        written = []
        for case, differences in cases.items():
            groups = [{**DEFAULTS[optimizer], **d} for d in differences]
            values, states = by_reference(groups) if optimizer == "Muon" else by_torch(optimizer, groups)
            written.append(
                {
                    "name": case,
                    "groups": groups,
                    "parameters": [stored(w) for w in values],
                    "states": [{k: stored(v) for k, v in s.items()} for s in states],
                }
            )
        size = write("Data/SpecialOptimizers.%s.json" % optimizer, {"optimizer": optimizer, "shapes": SHAPES[optimizer], "cases": written})
        print("%-10s %d cases, %d bytes" % (optimizer, len(written), size))


if __name__ == "__main__":
    main()
