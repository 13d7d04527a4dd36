#!/usr/bin/python3
"""Writes Data/Optimizers.*.json: 50 steps of every elementwise optimizer, with every option, on one fixed problem.

    apt-get install python3-torch python3-numpy
    /usr/bin/python3 make_optimizers.py

The problem: parameter i is a vector of SIZES[i] values w, drawn from stream 1 + i (streams.py) in [-1, 1); its gradient in step k is

    curvature * (w - target) + noise

with curvature from stream 11 + i in [0.1, 2), target from stream 21 + i in [-1, 1), noise in [-0.5, 0.5) from stream 31 + i, element
k * size and on. Parameters 0 and 2 are in group 0, 1 and 3 in group 1. Parameter 2 has no gradient in the steps 0 and 1 and in every
third step (k % 3 == 1), parameter 3 none before step 4. Before step 25 the learning rate of group 0 is multiplied by 0.3.

Values come from PyTorch 1.13.1 in float64 where it has the optimizer and its options, else from the rules of optimizer_rules.py,
which are written from the documentation of 2.x and are held against PyTorch in every case that it can run:
  - it lacks decoupled_weight_decay of NAdam and RAdam and maximize of both, and l1, which no release has;
  - NAdam: 1.13.1 takes one factor too many into the product of the next step, which later releases put right, so all of it;
  - SGD with maximize and weight_decay: releases have differed in which comes first; in 2.x the gradient is negated first.

A file holds cases: name, source (torch or rules), groups (the options of each), parameters, states (by name; what is one number for
all of a parameter is stored as one).
"""

import json
import os

import torch

import optimizer_rules
import streams
from make_golden import FOLDER, number

STEPS = 50
SIZES = [19, 40, 3, 1]
GROUPS = [[0, 2], [1, 3]]

ADAM = dict(lr=0.03, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, amsgrad=False, maximize=False)
DECOUPLED = dict(lr=0.03, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, decoupled_weight_decay=False, maximize=False)
DEFAULTS = {
    "SGD": dict(lr=0.03, momentum=0, dampening=0, weight_decay=0, nesterov=False, maximize=False),
    "Adam": ADAM,
    "AdamW": {**ADAM, "weight_decay": 1e-2},
    "Adamax": dict(lr=0.03, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, maximize=False),
    "NAdam": {**DECOUPLED, "momentum_decay": 4e-3},
    "RAdam": DECOUPLED,
    "Adagrad": dict(lr=0.1, lr_decay=0, weight_decay=0, initial_accumulator_value=0, eps=1e-10, maximize=False),
    "Adadelta": dict(lr=1.0, rho=0.9, eps=1e-6, weight_decay=0, maximize=False),
    "RMSprop": dict(lr=0.01, alpha=0.99, eps=1e-8, weight_decay=0, momentum=0, centered=False, maximize=False),
    "ASGD": dict(lr=0.03, lambd=1e-4, alpha=0.75, t0=1e6, weight_decay=0, maximize=False),
    "Rprop": dict(lr=0.01, etas=(0.5, 1.2), step_sizes=(1e-6, 50), maximize=False),
}

# The cases of each: what differs from the defaults in group 0 and in group 1.
BETAS = ({"betas": (0.8, 0.95), "eps": 1e-3}, {"betas": (0.0, 0.99), "lr": 0.1})
DECAY = ({"weight_decay": 0.1}, {"weight_decay": 0.02, "lr": 0.005})
MAXIMIZE = ({"maximize": True, "lr": 0.002}, {"maximize": True, "weight_decay": 0.3, "lr": 0.002})
L1 = ({"l1": 0.05}, {"l1": 0.1, "weight_decay": 0.1})
DECOUPLED_CASES = {
    "decoupled": ({"decoupled_weight_decay": True, "weight_decay": 0.1}, {"weight_decay": 0.1}),
    "decoupled maximize": (
        {"decoupled_weight_decay": True, "weight_decay": 0.3, "maximize": True, "lr": 0.002},
        {"decoupled_weight_decay": True, "betas": (0.7, 0.9), "eps": 1e-4},
    ),
}
COMMON = {"defaults": ({}, {}), "decay": DECAY, "maximize": MAXIMIZE, "l1": L1}
AMSGRAD = {
    "betas": BETAS,
    "amsgrad": ({"amsgrad": True}, {"amsgrad": True, "betas": (0.9, 0.9), "weight_decay": 0.1}),
    "amsgrad maximize": ({"amsgrad": True, "maximize": True, "weight_decay": 0.2}, {}),
}
CASES = {
    "SGD": {
        **COMMON,
        "momentum": ({"momentum": 0.9}, {"momentum": 0.5, "dampening": 0.3}),
        "nesterov": ({"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}, {"momentum": 0.4, "nesterov": True}),
        "maximize momentum": (
            {"momentum": 0.9, "maximize": True, "lr": 0.002, "weight_decay": 0.2, "dampening": 0.5},
            {"momentum": 0.5, "nesterov": True, "maximize": True, "lr": 0.002, "weight_decay": 0.2},
        ),
    },
    "Adam": {**COMMON, **AMSGRAD},
    "AdamW": {**COMMON, **AMSGRAD},
    "Adamax": {**COMMON, "betas": BETAS},
    "NAdam": {
        **COMMON,
        **DECOUPLED_CASES,
        "betas": BETAS,
        "momentum_decay": ({"momentum_decay": 0.1}, {"momentum_decay": 0}),
    },
    "RAdam": {**COMMON, **DECOUPLED_CASES, "betas": BETAS},
    "Adagrad": {
        **COMMON,
        "lr_decay": ({"lr_decay": 0.05}, {"lr_decay": 0.5, "weight_decay": 0.1}),
        "initial": ({"initial_accumulator_value": 0.4, "eps": 1e-2}, {"initial_accumulator_value": 3.0, "maximize": True}),
    },
    "Adadelta": {**COMMON, "rho": ({"rho": 0.5, "eps": 1e-3}, {"rho": 1.0, "lr": 0.5})},
    "RMSprop": {
        **COMMON,
        "alpha": ({"alpha": 0.8, "eps": 1e-2}, {"alpha": 0.9}),
        "momentum": ({"momentum": 0.5}, {"momentum": 0.9, "weight_decay": 0.1, "lr": 0.002}),
        "centered": ({"centered": True}, {"centered": True, "alpha": 0.9, "eps": 1e-3}),
        "centered momentum": (
            {"centered": True, "momentum": 0.3, "lr": 0.004},
            {"centered": True, "momentum": 0.5, "weight_decay": 0.1, "maximize": True, "lr": 0.001},
        ),
    },
    "ASGD": {
        **COMMON,
        "lambd": ({"lambd": 0.3}, {"lambd": 0.1, "alpha": 0.5, "weight_decay": 0.1}),
        "t0": ({"t0": 10.0}, {"t0": 0.0, "alpha": 1.5, "lambd": 0.5, "lr": 0.2}),
    },
    "Rprop": {
        "defaults": ({}, {}),
        "etas": ({"etas": (0.3, 1.5)}, {"etas": (0.8, 1.1), "lr": 0.1}),
        "step_sizes": ({"step_sizes": (1e-3, 0.02)}, {"step_sizes": (0.005, 0.3), "lr": 1e-4}),
        "maximize": ({"maximize": True, "step_sizes": (1e-6, 0.01)}, {"maximize": True, "etas": (0.5, 1.01)}),
        "l1": ({"l1": 0.05}, {"l1": 0.1}),
    },
}


def draw(stream, start, count, low, high):
    return torch.from_numpy(streams.floats(stream, start, count, low, high)).double()


class Problem:
    def __init__(self):
        self.values = [draw(1 + i, 0, size, -1, 1) for i, size in enumerate(SIZES)]
        self.curvatures = [draw(11 + i, 0, size, 0.1, 2) for i, size in enumerate(SIZES)]
        self.targets = [draw(21 + i, 0, size, -1, 1) for i, size in enumerate(SIZES)]

    def gradient(self, i, step, w):
        if i == 2 and (step == 0 or step % 3 == 1) or i == 3 and step < 4:
            return None
        return self.curvatures[i] * (w - self.targets[i]) + draw(31 + i, step * SIZES[i], SIZES[i], -0.5, 0.5)


def rate(options, group, step):
    return options["lr"] * (0.3 if group == 0 and step >= 25 else 1)


def by_rules(optimizer, groups):
    problem, rule = Problem(), getattr(optimizer_rules, optimizer.lower())
    values, states, counts = problem.values, [{} for _ in SIZES], [0] * len(SIZES)
    for step in range(STEPS):
        for group, options in enumerate(groups):
            for i in GROUPS[group]:
                g = problem.gradient(i, step, values[i])
                if g is not None:
                    counts[i] += 1
                    values[i] = rule({**options, "lr": rate(options, group, step)}, states[i], values[i], g, counts[i])
    return values, states


def by_torch(optimizer, groups):
    """What PyTorch 1.13.1 makes of it; None where it lacks an option."""
    if optimizer == "NAdam" or any(o.get("l1") or o.get("decoupled_weight_decay") for o in groups):
        return None
    if optimizer == "RAdam" and any(o["maximize"] for o in groups):
        return None
    absent = {"l1", "decoupled_weight_decay"} | ({"maximize"} if optimizer == "RAdam" else set())
    problem = Problem()
    values = [w.clone().requires_grad_() for w in problem.values]
    torch_groups = [
        {"params": [values[i] for i in GROUPS[group]], **{k: v for k, v in options.items() if k not in absent}}
        for group, options in enumerate(groups)
    ]
    instance = getattr(torch.optim, optimizer)(torch_groups, lr=DEFAULTS[optimizer]["lr"])
    if optimizer == "Adagrad":
        # It fills the sums when constructed, from the constructor's argument rather than the group's option.
        for group in instance.param_groups:
            for w in group["params"]:
                instance.state[w]["sum"].fill_(group["initial_accumulator_value"])
    for step in range(STEPS):
        for group, options in enumerate(groups):
            instance.param_groups[group]["lr"] = rate(options, group, step)
        for i, w in enumerate(values):
            w.grad = problem.gradient(i, step, w.detach())
        instance.step()
    states = []
    for w in values:
        state = {k: v for k, v in instance.state[w].items() if k != "step" and v is not None}
        states.append({k: v.item() if torch.is_tensor(v) and v.dim() == 0 else v for k, v in state.items()})
    return [w.detach() for w in values], states


def difference(a, b):
    a, b = (torch.as_tensor(x, dtype=torch.float64).reshape(-1) for x in (a, b))
    return ((a - b).abs().max() / b.abs().max().clamp(min=1e-30)).item()


def check(optimizer, case, rules, torchs):
    # ASGD keeps eta and mu in float32 there.
    tolerance = 1e-6 if optimizer == "ASGD" else 1e-11
    worst = max(difference(a, b) for a, b in zip(rules[0], torchs[0]))
    for a, b in zip(rules[1], torchs[1]):
        assert set(a) == set(b) or set(b) - set(a) <= {"step_size", "prev"}, (optimizer, case, set(a), set(b))
        worst = max([worst] + [difference(a[k], b[k]) for k in b])
    assert worst <= tolerance, (optimizer, case, worst)


def stored(state):
    if not torch.is_tensor(state):
        return number(state)
    return [number(x) for x in state.tolist()]


def main():
    os.makedirs(FOLDER, exist_ok=True)
    for optimizer, cases in CASES.items():
        written = []
        for case, differences in cases.items():
            groups = [{**DEFAULTS[optimizer], **d} for d in differences]
            rules, torchs = by_rules(optimizer, groups), by_torch(optimizer, groups)
            if torchs is not None:
                check(optimizer, case, rules, torchs)
            if optimizer == "SGD" and any(o["maximize"] and o["weight_decay"] for o in groups):
                torchs = None
            values, states = torchs or rules
            written.append(
                {
                    "name": case,
                    "source": "torch" if torchs else "rules",
                    "groups": [{k: v for k, v in o.items()} for o in groups],
                    "parameters": [stored(w) for w in values],
                    "states": [{k: stored(v) for k, v in s.items()} for s in states],
                }
            )
        with open(os.path.join(FOLDER, "Optimizers.%s.json" % optimizer), "w") as file:
            size = file.write(json.dumps({"optimizer": optimizer, "cases": written}, separators=(",", ":")) + "\n")
        print("%-9s %d cases (%d from PyTorch), %d bytes" % (optimizer, len(written), sum(c["source"] == "torch" for c in written), size))


if __name__ == "__main__":
    main()
