#!/usr/bin/python3
"""Writes Data/LineSearchOptimizers.json and Data/GradientTools.json: L-BFGS, conjugate gradients, clipping, averaging.

    apt-get install python3-torch python3-numpy      (Debian 13)
    python3 make_line_search_optimizers.py [--report]

PyTorch 2.6 (files.py) in float64, from values that are exact float32 numbers (streams.py). PyTorch has no conjugate gradients:
ConjugateGradient  is the loop below, in float64, written from Nocedal, Wright, Numerical Optimization, 2nd edition, 2006, section 5.2
(equations 5.41, 5.44 to 5.46, 5.49, 5.52 and 3.60), over PyTorch's own strong-Wolfe search.

Both sides compute the same losses and gradients in double precision (problems() here, LineSearchProblem.cs there); ours then round them and
their parameters to float32. `--report` prints how far that takes a run from the one in float64, by which it can be judged whether a case
is a test of the optimizer or of rounding: PyTorch's own on float32 parameters, and the largest of some runs in float64 whose values, losses
and gradients are each disturbed at random by about half as much as rounding may. It writes nothing. Steps after which disturbed runs differ by
more than a third of the tests' tolerance are left out of the files: nobody can say what is right there in float32. Most cases lose none.

A line-search case: problem, start (the stream), options, and after some of 50 steps: values, the loss that step returned, and
the iterations and evaluations up to there where `counted`.
"""

import argparse
import math

import numpy as np
import torch
from torch.optim.lbfgs import _strong_wolfe
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

import streams
from files import number, write

STEPS = 50
TRIALS = 12
LARGEST_DIFFERENCE = 1e-4 / 3
KEPT = (1, 2, 3, 5, 8, 12, 20, 30, 50)


def quadratic(x):
    """1/2 r'Ar with r_i = x_i - cos i: A tridiagonal, curvatures from 1 to 20."""
    n = len(x)
    a = 1 + 19 * np.arange(n) / (n - 1)
    r = x - np.cos(np.arange(n))
    gradient = a * r
    gradient[1:] -= 0.4 * r[:-1]
    gradient[:-1] -= 0.4 * r[1:]
    return 0.5 * r @ gradient, gradient


def logcosh(x):
    """sum log cosh(r_i), r_i = 2 x_i - x_(i-1) - sin(i + 1): convex, and flat far away."""
    r = 2 * x - np.concatenate([[0.0], x[:-1]]) - np.sin(1 + np.arange(len(x)))
    slope = np.tanh(r)
    gradient = 2 * slope
    gradient[:-1] -= slope[1:]
    # log cosh r without cancellation where r is small.
    near = np.log1p(2 * np.sinh(np.clip(r, -1, 1) / 2) ** 2)
    far = np.abs(r) + np.log1p(np.exp(-2 * np.abs(r))) - math.log(2)
    return np.sum(np.where(np.abs(r) < 1, near, far)), gradient


def rosenbrock(x):
    """sum 100 (x_(i+1) - x_i^2)^2 + (1 - x_i)^2."""
    r = x[1:] - x[:-1] ** 2
    gradient = np.zeros_like(x)
    gradient[1:] += 200 * r
    gradient[:-1] += -400 * x[:-1] * r - 2 * (1 - x[:-1])
    return np.sum(100 * r**2 + (1 - x[:-1]) ** 2), gradient


# Shapes: the values of all parameters, one after the other, are x.
PROBLEMS = {
    "quadratic": (quadratic, [[3, 5], [7], [18]], -1, 1),
    "logcosh": (logcosh, [[4, 5], [1], [9]], -3, 3),
    "rosenbrock2": (rosenbrock, [[2]], -1.5, 1.5),
    "rosenbrock6": (rosenbrock, [[2], [4]], -0.5, 1.5),
    "rosenbrock10": (rosenbrock, [[3, 3], [1]], 0.7, 1.4),
}

LBFGS = [
    ("quadratic", {}),
    ("quadratic", {"lr": 0.5, "max_iter": 2}),
    ("quadratic", {"max_iter": 1}),
    ("quadratic", {"max_iter": 1, "history_size": 3, "lr": 0.8}),
    ("quadratic", {"max_iter": 10, "max_eval": 3, "lr": 0.3}),
    ("quadratic", {"max_iter": 4, "tolerance_grad": 0.02}),
    ("quadratic", {"tolerance_grad": 0.02, "line_search_fn": "strong_wolfe"}),
    ("quadratic", {"max_iter": 5, "tolerance_change": 1e-6}),
    ("quadratic", {"tolerance_change": 0.1, "line_search_fn": "strong_wolfe"}),
    ("quadratic", {"max_iter": 1, "line_search_fn": "strong_wolfe"}),
    ("quadratic", {"max_iter": 1, "lr": 7, "line_search_fn": "strong_wolfe"}),
    ("quadratic", {"max_iter": 3, "history_size": 2, "line_search_fn": "strong_wolfe"}),
    ("logcosh", {"max_iter": 1, "lr": 0.1}),
    ("logcosh", {"max_iter": 2, "lr": 0.2}),
    ("logcosh", {"max_iter": 4, "history_size": 4, "line_search_fn": "strong_wolfe"}),
    ("logcosh", {"max_iter": 1, "lr": 2, "line_search_fn": "strong_wolfe"}),
    ("logcosh", {"max_iter": 1, "lr": 5, "line_search_fn": "strong_wolfe"}),
    ("logcosh", {"max_eval": 2, "tolerance_grad": 1e-3, "line_search_fn": "strong_wolfe"}),
    ("rosenbrock2", {"max_iter": 1, "line_search_fn": "strong_wolfe"}),
    ("rosenbrock2", {"max_iter": 1, "lr": 0.7, "line_search_fn": "strong_wolfe"}),
    ("rosenbrock2", {"max_iter": 1, "lr": 0.05}),
    ("rosenbrock6", {"max_iter": 1, "line_search_fn": "strong_wolfe"}),
    ("rosenbrock6", {"max_iter": 2, "history_size": 5, "tolerance_change": 1e-6, "line_search_fn": "strong_wolfe"}),
    ("rosenbrock10", {"max_iter": 1, "line_search_fn": "strong_wolfe"}),
    ("rosenbrock10", {"line_search_fn": "strong_wolfe"}),
]

CG = [
    ("quadratic", {}),
    ("quadratic", {"max_iter": 1}),
    ("quadratic", {"max_iter": 1, "beta": "FletcherReeves"}),
    ("quadratic", {"max_iter": 1, "beta": "HestenesStiefel"}),
    ("quadratic", {"max_iter": 1, "beta": "DaiYuan"}),
    ("quadratic", {"max_iter": 3, "restart_every": 7, "lr": 0.1}),
    ("quadratic", {"max_iter": 10, "max_eval": 3, "tolerance_grad": 1e-3}),
    ("logcosh", {"max_iter": 1}),
    ("logcosh", {"max_iter": 1, "beta": "FletcherReeves", "c2": 0.4}),
    ("logcosh", {"max_iter": 1, "beta": "HestenesStiefel", "restart_threshold": math.inf}),
    ("logcosh", {"max_iter": 1, "beta": "DaiYuan", "c2": 0.3, "restart_threshold": 0.5}),
    ("logcosh", {"tolerance_change": 0.01, "max_iter": 5}),
    ("rosenbrock2", {"max_iter": 1}),
    ("rosenbrock6", {"max_iter": 1}),
    ("rosenbrock6", {"max_iter": 1, "beta": "HestenesStiefel"}),
]


class Disturbance:
    """Relative errors of the size of float32's, or none."""

    def __init__(self, trial=None):
        self.random = None if trial is None else np.random.default_rng(trial)

    def __call__(self, values):
        return values if self.random is None else values * (1 + 2.0**-25 * self.random.standard_normal(np.shape(values)))

    def evaluate(self, function, x):
        loss, gradient = function(self(x))
        return float(self(loss)), self(gradient)


class Problem:
    """The values of a problem as torch parameters, and a closure."""

    def __init__(self, name, dtype, disturbance=Disturbance()):
        self.disturbance = disturbance
        self.function, shapes, low, high = PROBLEMS[name]
        self.parameters = []
        for slot, shape in enumerate(shapes):
            values = streams.floats(streams.case_seed(name) * 256 + streams.PARAMETER_SLOT + slot, 0, math.prod(shape), low, high)
            self.parameters.append(torch.nn.Parameter(torch.from_numpy(values.reshape(shape)).to(dtype)))

    def values(self):
        return torch.cat([p.detach().reshape(-1) for p in self.parameters]).double().numpy()

    def closure(self):
        loss, gradient = self.disturbance.evaluate(self.function, self.values())
        end = 0
        for p in self.parameters:
            p.grad = torch.from_numpy(gradient[end : end + p.numel()].reshape(p.shape).copy()).to(p.dtype)
            end += p.numel()
        return torch.tensor(loss).to(self.parameters[0].dtype)


def run_lbfgs(name, options, dtype=torch.float64, disturbance=Disturbance()):
    problem = Problem(name, dtype, disturbance)
    optimizer = torch.optim.LBFGS(problem.parameters, **options)
    kept = []
    for step in range(1, STEPS + 1):
        loss = float(optimizer.step(problem.closure))
        state = optimizer.state[problem.parameters[0]]
        if step in KEPT:
            kept.append((step, loss, problem.values(), state["n_iter"], state["func_evals"]))
    return kept


def run_cg(name, options, disturbance=Disturbance()):
    """Nocedal and Wright's algorithm 5.4 and its variants; see the top of this file."""
    function, shapes, low, high = PROBLEMS[name]
    x = torch.from_numpy(Problem(name, torch.float64).values().copy())
    o = dict(lr=1, beta="PolakRibierePlus", max_iter=20, max_eval=None, tolerance_grad=1e-7, tolerance_change=1e-9, c2=0.1,
             restart_every=len(x), restart_threshold=0.1)
    o.update(options)
    o["max_eval"] = o["max_eval"] or o["max_iter"] * 5 // 2
    rule = {
        "FletcherReeves": lambda g, g0, d: g @ g / (g0 @ g0),
        "PolakRibierePlus": lambda g, g0, d: max(0.0, g @ (g - g0) / (g0 @ g0)),
        "HestenesStiefel": lambda g, g0, d: g @ (g - g0) / ((g - g0) @ d),
        "DaiYuan": lambda g, g0, d: g @ g / ((g - g0) @ d),
    }[o["beta"]]

    def evaluate(x, t, d):
        loss, gradient = disturbance.evaluate(function, (x + t * d).numpy())
        return loss, torch.from_numpy(gradient.copy())

    def cautious(g):
        return min(1.0, 1.0 / float(g.abs().sum())) * o["lr"]

    d = g0 = t = slope0 = None
    iterations = evaluations = since = 0
    kept = []
    for step in range(1, STEPS + 1):
        loss, g = evaluate(x, 0, torch.zeros_like(x))
        first = loss
        evaluations += 1
        here = 1
        done = float(g.abs().max()) <= o["tolerance_grad"]
        n = 0
        while not done:
            n += 1
            iterations += 1
            beta = 0.0
            if d is not None and t != 0 and since < o["restart_every"] and abs(float(g @ g0)) < o["restart_threshold"] * float(g @ g):
                beta = float(rule(g, g0, d))
            d = -g + beta * d if beta != 0 and math.isfinite(beta) and float(g @ (beta * d - g)) < 0 else None
            since += 1
            if d is None:
                d, since = -g, 1
            slope = float(g @ d)
            trial = t * slope0 / slope if iterations > 1 and slope != 0 else 0
            t = trial if trial > 0 and math.isfinite(trial) else cautious(g)
            g0, slope0, before = g.clone(), slope, loss
            if slope > -o["tolerance_change"]:
                t = 0
                break
            loss, g, t, used = _strong_wolfe(evaluate, x, t, d, loss, g, torch.tensor(slope, dtype=torch.float64), c2=o["c2"], tolerance_change=o["tolerance_change"])
            t = float(t)
            x = x + t * d
            evaluations += used
            here += used
            done = (n == o["max_iter"] or here >= o["max_eval"] or float(g.abs().max()) <= o["tolerance_grad"]
                    or float((d * t).abs().max()) <= o["tolerance_change"] or abs(loss - before) < o["tolerance_change"])
        if step in KEPT:
            kept.append((step, first, x.numpy().copy(), iterations, evaluations))
    return kept


def case(optimizer, name, options, kept, counted):
    _, shapes, low, high = PROBLEMS[name]
    return {
        "optimizer": optimizer,
        "problem": name,
        "seed": streams.case_seed(name),
        "shapes": shapes,
        "low": low,
        "high": high,
        "options": {k: "Infinity" if v == math.inf else v for k, v in options.items()},
        "steps": [
            {"step": s, "loss": number(l), "values": [number(v) for v in x], **({"iterations": i, "evaluations": e} if s <= counted else {})}
            for s, l, x, i, e in kept
        ],
    }


def differences(kept, others):
    """How far each kept step is from the farthest of other runs, and up to which one counts are the same in all."""
    off = [max(np.max(np.abs(step[2] - other[i][2])) / np.max(np.abs(step[2])) for other in others) for i, step in enumerate(kept)]
    counted = 0
    for i, step in enumerate(kept):
        if any(other[i][3:] != step[3:] for other in others):
            break
        counted = step[0]
    return off, counted


def line_search(report):
    cases = []
    for optimizer, run, listed in (("LBFGS", run_lbfgs, LBFGS), ("ConjugateGradient", run_cg, CG)):
        for name, options in listed:
            kept = run(name, options)
            disturbed = [run(name, options, disturbance=Disturbance(trial)) for trial in range(TRIALS)]
            off, counted = differences(kept, disturbed)
            if report:
                print(optimizer, name, options, "iterations", kept[-1][3], "evaluations", kept[-1][4], "loss %.3g" % kept[-1][1])
                print("   disturbed: largest %.0e;" % max(off), " ".join("%.0e" % o for o in off), "counted", counted)
                if optimizer == "LBFGS":
                    off, counted = differences(kept, [run(name, options, torch.float32)])
                    print("   float32:   largest %.0e;" % max(off), " ".join("%.0e" % o for o in off), "counted", counted)
            decided = [step for step, o in zip(kept, differences(kept, disturbed)[0]) if o <= LARGEST_DIFFERENCE]
            if report:
                print("   steps left out", len(kept) - len(decided))
            cases.append(case(optimizer, name, options, decided, differences(kept, disturbed)[1]))
    return cases


def clipping():
    shapes = [[5, 7], [3], [40]]
    seed = streams.case_seed("clipping")
    drawn = [streams.floats(seed * 256 + streams.PARAMETER_SLOT + i, 0, math.prod(s), -2, 3).reshape(s) for i, s in enumerate(shapes)]

    def parameters():
        made = [torch.nn.Parameter(torch.zeros(s, dtype=torch.float64)) for s in shapes]
        for p, g in zip(made, drawn):
            p.grad = torch.from_numpy(g.copy()).double()
        return made

    cases = []
    for norm_type in (0.5, 1.0, 2.0, 3.0, 7.5, math.inf):
        for max_norm in (0.0, 0.7, 2.5, 1e6):
            made = parameters()
            # The parameter between has no gradient.
            norm = torch.nn.utils.clip_grad_norm_([made[0], torch.nn.Parameter(torch.ones(4)), *made[1:]], max_norm, norm_type)
            cases.append({"normType": "Infinity" if norm_type == math.inf else norm_type, "maxNorm": max_norm, "norm": number(norm),
                          "first": [number(v) for v in made[0].grad.reshape(-1)[:5]], "last": number(made[2].grad[-1])})
    values = []
    for clip_value in (0.0, 0.5, 2.0, 10.0):
        made = parameters()
        torch.nn.utils.clip_grad_value_(made, clip_value)
        values.append({"clipValue": clip_value, "gradients": [number(v) for v in torch.cat([p.grad.reshape(-1) for p in made])]})
    return {"seed": seed, "shapes": shapes, "low": -2, "high": 3, "norms": cases, "values": values}


def averaging():
    shapes = [[4, 5], [3]]
    seed = streams.case_seed("averaging")
    updates = 12
    cases = []
    for decay in (None, 0.9, 0.999, 0.0, 1.0):
        model = torch.nn.ParameterList([torch.nn.Parameter(torch.zeros(s, dtype=torch.float64)) for s in shapes])
        averaged = AveragedModel(model, multi_avg_fn=None if decay is None else get_ema_multi_avg_fn(decay))
        for update in range(updates):
            for i, (p, s) in enumerate(zip(model, shapes)):
                drawn = streams.floats(seed * 256 + streams.PARAMETER_SLOT + i, update * 64, math.prod(s), -1, 1)
                p.data = torch.from_numpy(drawn.reshape(s).copy()).double()
            averaged.update_parameters(model)
        cases.append({"decay": decay, "count": int(averaged.n_averaged), "values": [number(v) for p in averaged.module for v in p.detach().reshape(-1)]})
    return {"seed": seed, "shapes": shapes, "updates": updates, "low": -1, "high": 1, "cases": cases}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--report", action="store_true")
    report = parser.parse_args().report
    torch.set_num_threads(1)
    cases = line_search(report)
    if not report:
        write("Data/LineSearchOptimizers.json", {"cases": cases})
        write("Data/GradientTools.json", {"clipping": clipping(), "averaging": averaging()})


if __name__ == "__main__":
    main()
