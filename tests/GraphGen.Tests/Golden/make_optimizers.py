#!/usr/bin/python3
"""Writes Data/Optimizers.*.json: 50 steps of every elementwise optimizer, with every option, on one fixed problem.

    apt-get install python3-torch python3-numpy      (Debian 13)
    python3 make_optimizers.py

The problem: parameter i is a vector of SIZES[i] values w, drawn from stream 1 + i (streams.py) in [-1, 1); its gradient in step k is

    curvature * (w - target) + noise

with curvature from stream 11 + i in [0.1, 2), target from stream 21 + i in [-1, 1), noise in [-0.5, 0.5) from stream 31 + i, element
k * size and on. Parameters 0 and 2 are in group 0, 1 and 3 in group 1. Parameter 2 has no gradient in the steps 0 and 1 and in every
third step (k % 3 == 1), parameter 3 none before step 4. Before step 25 the learning rate of group 0 is multiplied by 0.3.

Values are those of PyTorch 2.6 (files.py) in float64. The option l1, which PyTorch lacks, is there a term of the loss, l1 * |w|, whose
gradient l1 * sign(w) is added to the one that the optimizer is given; where that maximizes, with the other sign, for the penalty is
made small all the same.

A file holds cases: name, groups (the options of each), parameters, states (by name; what is one number for all of a parameter is
stored as one).
"""

import torch

import streams
from files import number, write

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


def run(optimizer, groups):
    """The values and states after 50 steps."""
    problem = Problem()
    values = [w.clone().requires_grad_() for w in problem.values]
    torch_groups = [
        {"params": [values[i] for i in GROUPS[group]], **{k: v for k, v in options.items() if k != "l1"}} for group, options in enumerate(groups)
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
            for i in GROUPS[group]:
                w = values[i].detach()
                w_grad = problem.gradient(i, step, w)
                if w_grad is not None and options.get("l1"):
                    w_grad += (-1 if options["maximize"] else 1) * options["l1"] * w.sign()
                values[i].grad = w_grad
        instance.step()
    states = []
    for w in values:
        state = {k: v for k, v in instance.state[w].items() if k != "step" and v is not None}
        states.append({k: v.item() if torch.is_tensor(v) and v.dim() == 0 else v for k, v in state.items()})
    return [w.detach() for w in values], states


def stored(state):
    if not torch.is_tensor(state):
        return number(state)
    return [number(x) for x in state.tolist()]


def main():
    # Steps, and what is one number for all of a parameter (ASGD's eta, NAdam's mu_product), are tensors of the default type.
    torch.set_default_dtype(torch.float64)
    for optimizer, cases in CASES.items():
        written = []
        for case, differences in cases.items():
            groups = [{**DEFAULTS[optimizer], **d} for d in differences]
            values, states = run(optimizer, groups)
            written.append(
                {
                    "name": case,
                    "groups": groups,
                    "parameters": [stored(w) for w in values],
                    "states": [{k: stored(v) for k, v in s.items()} for s in states],
                }
            )
        size = write("Data/Optimizers.%s.json" % optimizer, {"optimizer": optimizer, "cases": written})
        print("%-9s %d cases, %d bytes" % (optimizer, len(written), size))


if __name__ == "__main__":
    main()
