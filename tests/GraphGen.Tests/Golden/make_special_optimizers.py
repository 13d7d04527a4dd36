#!/usr/bin/python3
"""Writes Data/SpecialOptimizers.*.json: 50 steps of SparseAdam, Adafactor and Muon, with every option, on a fixed problem.

    apt-get install python3-torch python3-numpy
    /usr/bin/python3 make_special_optimizers.py

The problem: parameter i has the shape SHAPES[optimizer][i]; its values w are drawn from stream 1 + i (streams.py) in [-1, 1). Its
gradient in step k is

    curvature * (w - target) + noise

with curvature from stream 11 + i in [0.1, 2), target from stream 21 + i in [-1, 1), noise in [-0.5, 0.5) from stream 31 + i, element
k * size and on. For SparseAdam row r of parameter i is without gradient in step k (zeros, where gradients are dense) if element
k * rows + r of stream 41 + i in [0, 1) is 0.4 or more; sometimes all rows are. Parameters with an even number are in group 0, the others
in group 1. Parameter 1 has no gradient at all in step 0 and in every third step (k % 3 == 1). Before step 25 the learning rate of
group 0 is multiplied by 0.3.

SparseAdam is PyTorch 1.13.1's in float64, with sparse gradients, but for l1, which no release has. Adafactor and Muon are younger than
that release: their values come from the rules of special_optimizer_rules.py, an independent implementation in float64 from the papers
and PyTorch's documentation. Those of SparseAdam are held against PyTorch in every case. Muon's PyTorch rounds to bfloat16 in the
Newton-Schulz iteration; the rules do not.

A file holds cases: name, source (torch or rules), groups (the options of each), parameters, states (by name).
"""

import json
import os

import numpy as np
import torch

import special_optimizer_rules
import streams
from make_golden import FOLDER, number

STEPS = 50
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


def by_rules(optimizer, groups):
    problem, rule = Problem(optimizer), getattr(special_optimizer_rules, optimizer.lower())
    values = problem.values
    states, counts = [{} for _ in values], [0] * len(values)
    for step in range(STEPS):
        for i, w in enumerate(values):
            g, rows = problem.gradient(i, step, w)
            if g is not None:
                counts[i] += 1
                options = {**groups[group_of(i)], "lr": rate(groups[group_of(i)], group_of(i), step)}
                values[i] = rule(options, states[i], w, g, counts[i], rows)
    return values, [{**state, "step": count} for state, count in zip(states, counts)]


def by_torch(groups):
    """What PyTorch 1.13.1's SparseAdam makes of it."""
    problem = Problem("SparseAdam")
    values = [torch.from_numpy(w.copy()).requires_grad_() for w in problem.values]
    torch_groups = [{"params": [w for i, w in enumerate(values) if group_of(i) == g], **groups[g]} for g in range(2)]
    instance = torch.optim.SparseAdam(torch_groups)
    for step in range(STEPS):
        for group, options in enumerate(groups):
            instance.param_groups[group]["lr"] = rate(options, group, step)
        for i, w in enumerate(values):
            g, rows = problem.gradient(i, step, w.detach().numpy())
            w.grad = None
            if g is not None and len(rows) == 0:
                # 1.13.1 stumbles over a sparse gradient without rows; later releases count the step and do nothing else.
                zeros = {"step": 0, "exp_avg": torch.zeros_like(w), "exp_avg_sq": torch.zeros_like(w)}
                instance.state[w] = instance.state[w] or zeros
                instance.state[w]["step"] += 1
            elif g is not None:
                w.grad = torch.sparse_coo_tensor(torch.from_numpy(rows)[None], torch.from_numpy(g[rows]), w.shape)
        instance.step()
    return [w.detach().numpy() for w in values], [{k: np.asarray(v) for k, v in instance.state[w].items()} for w in values]


def check(case, rules, torchs):
    for (w, state), (expected, expected_state) in zip(zip(*rules), zip(*torchs)):
        np.testing.assert_allclose(w, expected, rtol=1e-11, atol=1e-13, err_msg=case)
        assert set(state) == set(expected_state), (case, set(state), set(expected_state))
        for name in state:
            np.testing.assert_allclose(state[name], expected_state[name], rtol=1e-11, atol=1e-15, err_msg=case)


def stored(array):
    return [number(x) for x in np.asarray(array, dtype=np.float64).reshape(-1).tolist()]


def main():
    os.makedirs(FOLDER, exist_ok=True)
    for optimizer, cases in CASES.items():
        written = []
        for case, differences in cases.items():
            groups = [{**DEFAULTS[optimizer], **d} for d in differences]
            rules, torchs = by_rules(optimizer, groups), None
            if optimizer == "SparseAdam" and not any(o.get("l1") for o in groups):
                torchs = by_torch(groups)
                check(case, rules, torchs)
            values, states = torchs or rules
            written.append(
                {
                    "name": case,
                    "source": "torch" if torchs else "rules",
                    "groups": groups,
                    "parameters": [stored(w) for w in values],
                    "states": [{k: stored(v) for k, v in s.items()} for s in states],
                }
            )
        file = {"optimizer": optimizer, "shapes": SHAPES[optimizer], "cases": written}
        with open(os.path.join(FOLDER, "SpecialOptimizers.%s.json" % optimizer), "w") as out:
            size = out.write(json.dumps(file, separators=(",", ":")) + "\n")
        print("%-10s %d cases (%d from PyTorch), %d bytes" % (optimizer, len(written), sum(c["source"] == "torch" for c in written), size))


if __name__ == "__main__":
    main()
