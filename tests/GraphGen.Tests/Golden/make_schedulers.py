#!/usr/bin/python3
"""Writes Data/Schedulers.json: the learning rates (and momenta) that PyTorch's schedulers give over 200 steps.

    apt-get install python3-torch python3-numpy      (Debian 13)
    python3 make_schedulers.py

with PyTorch 2.6 (files.py). A case is

    name        what the tests call it
    optimizer   SGD (momentum) or Adam (beta1)
    lrs         the learning rate of each group
    scheduler   the type and its arguments, with PyTorch's names; functions are named in FUNCTIONS
    metrics     ReduceLROnPlateau only: what each step is given; NaN is null
    steps       CosineAnnealingWarmRestarts only: what each step is given, if not nothing
    resumes     whether constructing it with last_epoch in the middle goes on with the same rates
    rates       for each group the rates of epochs 0 .. 200
    momenta     the same of momentum or beta1, where the schedule cycles it
    by_hand     the rates of epochs 101 .. 200, where in epoch 100 the first group's was set to BY_HAND; null for a group
                for which that changed nothing. Momenta never change by it

A series is a list whose elements are a number, or [number, count] where it repeats.

Two kinds of cases are not from a run of the schedule itself, because 2.6 cannot do what is documented:

- `nested` cases: a SequentialLR that comes first in a SequentialLR is a step ahead, and neither it nor a ChainedScheduler can come later
  (TypeError at the milestone). By the documentation a sequence in a sequence is the flat sequence, which is what runs here, and what
  comes at a milestone starts at its own epoch 0, so a chain that comes last runs here on its own.
- `resumes`: since 2.9 a schedule constructed with last_epoch leaves the rates that the optimizer was saved with, for they are already
  those of the next epoch (in 2.6 ExponentialLR and others multiply once more). Tests resume to the series of the run that was never
  stopped; `check_resume` shows here that 2.6 does the same, for those schedules that have not the flaw.
"""

import math
import warnings

import torch
from torch.optim import lr_scheduler

from files import number, write

STEPS = 200
BY_HAND_EPOCH = 100
BY_HAND = 0.0123
RESUME_EPOCH = 92  # and the epoch after it is one in which no StepLR here changes the rate

FUNCTIONS = {
    "0.97^e": lambda e: 0.97**e,
    "1/(1+e)": lambda e: 1 / (1 + e),
    "0.99": lambda e: 0.99,
    "1-1/(2+e)": lambda e: 1 - 1 / (2 + e),
    "1/x": lambda x: 1 / x,
    "0.9^x": lambda x: 0.9**x,
    "1/(1+x/50)": lambda x: 1 / (1 + x / 50),
}


def make_optimizer(case):
    groups = [{"params": [torch.nn.Parameter(torch.ones(2))], "lr": lr} for lr in case["lrs"]]
    if case["optimizer"] == "Adam":
        return torch.optim.Adam(groups, lr=0.1)
    return torch.optim.SGD(groups, lr=0.1, momentum=0.5)


def make_scheduler(optimizer, spec, **extra):
    arguments = {name: value for name, value in spec.items() if name != "type"}
    for name, value in arguments.items():
        if name in ("lr_lambda", "scale_fn"):
            arguments[name] = [FUNCTIONS[v] for v in value] if isinstance(value, list) else FUNCTIONS[value]
        elif name == "schedulers":
            arguments[name] = [make_scheduler(optimizer, part) for part in value]
    if spec["type"] == "ChainedScheduler":
        return lr_scheduler.ChainedScheduler(**arguments)
    return getattr(lr_scheduler, spec["type"])(optimizer, **arguments, **extra)


def momentum(group):
    return group["betas"][0] if "betas" in group else group["momentum"]


def run(case, by_hand=False):
    """Rates and momenta of each group, from epoch 0 on."""
    optimizer = make_optimizer(case)
    optimizer.step()
    scheduler = make_scheduler(optimizer, case["scheduler"])
    rates, momenta = [[g["lr"]] for g in optimizer.param_groups], [[momentum(g)] for g in optimizer.param_groups]
    for epoch in range(STEPS):
        if by_hand and epoch == BY_HAND_EPOCH:
            optimizer.param_groups[0]["lr"] = BY_HAND
        if "metrics" in case:
            metric = case["metrics"][epoch]
            scheduler.step(math.nan if metric is None else metric)
        elif "steps" in case:
            scheduler.step(case["steps"][epoch])
        else:
            scheduler.step()
        for i, group in enumerate(optimizer.param_groups):
            rates[i].append(float(group["lr"]))
            momenta[i].append(float(momentum(group)))
    return rates, momenta


def check_resume(case, rates):
    """That 2.6 goes on in the middle as said at the top of this file."""
    if case["scheduler"]["type"] not in ("LambdaLR", "StepLR", "MultiStepLR", "ConstantLR", "CosineAnnealingLR"):
        return
    last_epoch = RESUME_EPOCH
    optimizer = make_optimizer(case)
    for i, group in enumerate(optimizer.param_groups):
        group["initial_lr"], group["lr"] = case["lrs"][i], rates[i][last_epoch + 1]
    scheduler = make_scheduler(optimizer, case["scheduler"], last_epoch=last_epoch)
    for epoch in range(last_epoch + 1, STEPS):
        for i, group in enumerate(optimizer.param_groups):
            assert math.isclose(group["lr"], rates[i][epoch], rel_tol=1e-9), (case["name"], epoch)
        scheduler.step()


def compact(series):
    result = []
    for value in map(number, series):
        if result and result[-1][0] == value:
            result[-1][1] += 1
        else:
            result.append([value, 1])
    return [value if count == 1 else [value, count] for value, count in result]


CASES = []


def add(name, type, lrs=(0.1,), optimizer="SGD", resumes=True, like=None, **arguments):
    """like: the schedule that is run in its stead, or two of them, the second from the milestone on."""
    extra = {key: arguments.pop(key) for key in ("metrics", "steps") if key in arguments}
    case = {
        "name": name,
        "optimizer": optimizer,
        "lrs": list(lrs),
        "scheduler": {"type": type, **arguments},
        "resumes": resumes and not extra and type not in ("ChainedScheduler", "SequentialLR", "ReduceLROnPlateau"),
        **extra,
    }
    source = {**case, "scheduler": like or case["scheduler"]}
    if isinstance(like, list):
        (milestone,) = arguments["milestones"]
        (first, _), (second, _) = (run({**case, "scheduler": each}) for each in like)
        rates = [a[:milestone] + b[: STEPS + 1 - milestone] for a, b in zip(first, second)]
    else:
        rates, momenta = run(source)
        by_hand, by_hand_momenta = run(source, by_hand=True)
        tails = [(series[BY_HAND_EPOCH + 1 :], plain[BY_HAND_EPOCH + 1 :]) for series, plain in zip(by_hand, rates)]
        case["by_hand"] = [None if tail == plain else compact(tail) for tail, plain in tails]
        assert by_hand_momenta == momenta
        if any(len(set(series)) > 1 for series in momenta):
            case["momenta"] = [compact(series) for series in momenta]
    if case["resumes"]:
        check_resume(source, rates)
    case["rates"] = [compact(series) for series in rates]
    CASES.append(case)


def part(type, **arguments):
    return {"type": type, **arguments}


TWO = (0.1, 0.02)


def multiplying():
    add("lambda", "LambdaLR", lr_lambda="0.97^e")
    add("lambda for each group", "LambdaLR", TWO, lr_lambda=["0.97^e", "1/(1+e)"])
    add("multiplicative", "MultiplicativeLR", lr_lambda="0.99")
    add("multiplicative for each group", "MultiplicativeLR", TWO, lr_lambda=["0.99", "1-1/(2+e)"])
    add("step", "StepLR", TWO, step_size=30)
    add("step gamma", "StepLR", step_size=7, gamma=0.9)
    add("step gamma above 1", "StepLR", step_size=13, gamma=1.1)
    add("multi-step", "MultiStepLR", TWO, milestones=[20, 80, 150])
    add("multi-step twice", "MultiStepLR", milestones=[0, 30, 30, 120], gamma=0.5)
    add("exponential", "ExponentialLR", TWO, gamma=0.98)
    add("exponential rising", "ExponentialLR", gamma=1.01)
    add("constant", "ConstantLR", TWO)
    add("constant options", "ConstantLR", factor=0.7, total_iters=120)
    add("linear", "LinearLR", TWO)
    add("linear options", "LinearLR", start_factor=0.9, end_factor=0.2, total_iters=150)
    add("linear to zero", "LinearLR", start_factor=1.0, end_factor=0.0, total_iters=60)
    add("polynomial", "PolynomialLR", TWO)
    add("polynomial options", "PolynomialLR", total_iters=170, power=2.5)
    add("polynomial root", "PolynomialLR", total_iters=250, power=0.5)


def cosines():
    add("cosine", "CosineAnnealingLR", TWO, T_max=50)
    add("cosine once", "CosineAnnealingLR", T_max=200, eta_min=0.001)
    add("cosine often", "CosineAnnealingLR", T_max=3, eta_min=0.01)
    add("cosine of one", "CosineAnnealingLR", T_max=1)
    add("cosine rising", "CosineAnnealingLR", T_max=40, eta_min=0.5)
    add("warm restarts", "CosineAnnealingWarmRestarts", TWO, T_0=30)
    add("warm restarts options", "CosineAnnealingWarmRestarts", T_0=10, T_mult=2, eta_min=0.001)
    add("warm restarts tripling", "CosineAnnealingWarmRestarts", T_0=1, T_mult=3)
    add("warm restarts by parts", "CosineAnnealingWarmRestarts", T_0=4, T_mult=2, steps=[(i + 1) / 8 for i in range(STEPS)])
    jumps = [0, 7.5, 26, None, None, 3, None, 12] * 25
    add("warm restarts that jump", "CosineAnnealingWarmRestarts", T_0=5, T_mult=1, eta_min=0.01, steps=jumps)


def cycles():
    add("cyclic", "CyclicLR", base_lr=0.01, max_lr=0.1, step_size_up=20)
    add("cyclic defaults", "CyclicLR", base_lr=0.01, max_lr=0.1)
    add("cyclic sawtooth", "CyclicLR", base_lr=0.01, max_lr=0.1, step_size_up=20, step_size_down=7)
    add("cyclic triangular2", "CyclicLR", TWO, base_lr=[0.01, 0.001], max_lr=[0.1, 0.5], step_size_up=15, mode="triangular2",
        base_momentum=[0.7, 0.6], max_momentum=[0.95, 0.8])
    add("cyclic exp_range", "CyclicLR", base_lr=0.01, max_lr=0.1, step_size_up=15, mode="exp_range", gamma=0.99)
    add("cyclic function of cycles", "CyclicLR", base_lr=0.01, max_lr=0.1, step_size_up=15, scale_fn="1/x")
    add("cyclic function of iterations", "CyclicLR", base_lr=0.01, max_lr=0.1, step_size_up=15, scale_fn="1/(1+x/50)",
        scale_mode="iterations")
    add("cyclic function before mode", "CyclicLR", base_lr=0.01, max_lr=0.1, step_size_up=15, mode="triangular2", scale_fn="0.9^x")
    add("cyclic without momentum", "CyclicLR", TWO, base_lr=0.01, max_lr=0.1, step_size_up=20, cycle_momentum=False)
    add("cyclic beta1", "CyclicLR", optimizer="Adam", base_lr=0.01, max_lr=0.1, step_size_up=20, base_momentum=0.75)

    add("one cycle", "OneCycleLR", max_lr=0.1, total_steps=201)
    add("one cycle of epochs", "OneCycleLR", TWO, max_lr=[0.1, 0.5], epochs=21, steps_per_epoch=10, base_momentum=[0.8, 0.7],
        max_momentum=[0.9, 0.99])
    add("one cycle linear", "OneCycleLR", max_lr=0.1, total_steps=220, pct_start=0.45, anneal_strategy="linear", div_factor=10.0,
        final_div_factor=50.0)
    add("one cycle three-phase", "OneCycleLR", max_lr=0.1, total_steps=210, three_phase=True)
    add("one cycle three-phase linear", "OneCycleLR", max_lr=0.1, total_steps=201, pct_start=0.4, anneal_strategy="linear",
        three_phase=True)
    add("one cycle falling only", "OneCycleLR", max_lr=0.1, total_steps=201, pct_start=0.0)
    add("one cycle rising only", "OneCycleLR", max_lr=0.1, total_steps=201, pct_start=1.0)
    add("one cycle three-phase overlong", "OneCycleLR", max_lr=0.1, total_steps=201, pct_start=0.8, three_phase=True)
    add("one cycle without momentum", "OneCycleLR", max_lr=0.1, total_steps=201, cycle_momentum=False)
    add("one cycle beta1", "OneCycleLR", TWO, optimizer="Adam", max_lr=0.1, total_steps=201, base_momentum=0.8, max_momentum=0.9)


def plateaus():
    falling = [round(4 * 0.97**e + 0.3 * math.cos(e * e), 2) for e in range(STEPS)]
    level = [round(1 + 0.001 * math.cos(e), 4) for e in range(STEPS)]
    negative = [round(-2 - 0.02 * e + 0.5 * math.cos(e * e), 2) for e in range(STEPS)]
    broken = [None if e % 5 == 3 or 40 <= e < 70 else m for e, m in enumerate(falling)]
    add("plateau", "ReduceLROnPlateau", TWO, metrics=falling)
    add("plateau level", "ReduceLROnPlateau", metrics=level)
    add("plateau max", "ReduceLROnPlateau", metrics=[-m for m in falling], mode="max", factor=0.5, patience=3)
    add("plateau max rel positive", "ReduceLROnPlateau", metrics=[10 - m for m in falling], mode="max", factor=0.7, patience=2,
        threshold=0.01)
    add("plateau max abs", "ReduceLROnPlateau", metrics=[10 - m for m in falling], mode="max", factor=0.8, patience=2, threshold=0.05,
        threshold_mode="abs")
    add("plateau min abs", "ReduceLROnPlateau", metrics=falling, factor=0.8, patience=1, threshold=0.1, threshold_mode="abs")
    add("plateau min rel", "ReduceLROnPlateau", metrics=falling, factor=0.8, patience=1, threshold=0.2)
    add("plateau cooldown", "ReduceLROnPlateau", metrics=falling, factor=0.6, patience=2, cooldown=9)
    add("plateau without patience", "ReduceLROnPlateau", metrics=falling, factor=0.9, patience=0)
    add("plateau min_lr", "ReduceLROnPlateau", TWO, metrics=level, factor=0.5, patience=4, min_lr=0.003)
    add("plateau min_lr for each group", "ReduceLROnPlateau", TWO, metrics=level, factor=0.5, patience=4, min_lr=[0.01, 1e-5])
    add("plateau eps", "ReduceLROnPlateau", metrics=level, factor=0.7, patience=4, eps=0.002)
    add("plateau factor zero", "ReduceLROnPlateau", metrics=level, factor=0.0, patience=120)
    add("plateau negative min rel", "ReduceLROnPlateau", metrics=negative, factor=0.9, patience=3)
    add("plateau negative min abs", "ReduceLROnPlateau", metrics=negative, factor=0.9, patience=3, threshold=0.01, threshold_mode="abs")
    add("plateau negative max", "ReduceLROnPlateau", metrics=negative, mode="max", factor=0.9, patience=3)
    add("plateau NaN", "ReduceLROnPlateau", metrics=broken, factor=0.8, patience=4, cooldown=3)


def joined():
    warm_up = part("LinearLR", start_factor=0.05, total_iters=20)
    cosine = part("CosineAnnealingLR", T_max=180, eta_min=0.001)
    add("chained", "ChainedScheduler", TWO, schedulers=[part("ConstantLR", factor=0.1, total_iters=60), part("ExponentialLR", gamma=0.98)])
    add("chained four", "ChainedScheduler", schedulers=[
        warm_up, part("StepLR", step_size=40, gamma=0.5), part("MultiplicativeLR", lr_lambda="0.99"),
        part("PolynomialLR", total_iters=240)])
    add("chained after overwriting", "ChainedScheduler", schedulers=[
        part("LambdaLR", lr_lambda="0.97^e"), part("MultiStepLR", milestones=[50, 110])])
    add("chained cosine and warm-up", "ChainedScheduler", schedulers=[part("CosineAnnealingLR", T_max=200), warm_up])

    add("warm-up, cosine", "SequentialLR", TWO, schedulers=[warm_up, cosine], milestones=[20])
    add("constant, exponential", "SequentialLR", schedulers=[
        part("ConstantLR", factor=0.1, total_iters=40), part("ExponentialLR", gamma=0.99)], milestones=[25])
    add("six in a row", "SequentialLR", schedulers=[
        part("MultiStepLR", milestones=[0, 10], gamma=0.5), part("PolynomialLR", total_iters=40, power=2.0),
        part("StepLR", step_size=5, gamma=0.8), part("LambdaLR", lr_lambda="1/(1+e)"), part("MultiplicativeLR", lr_lambda="0.99"),
        part("CosineAnnealingWarmRestarts", T_0=7, T_mult=2)], milestones=[30, 60, 90, 130, 150])
    add("warm-up, cyclic", "SequentialLR", schedulers=[
        warm_up, part("CyclicLR", base_lr=0.02, max_lr=0.2, step_size_up=10, step_size_down=20)], milestones=[20])
    add("warm-up, one cycle", "SequentialLR", schedulers=[warm_up, part("OneCycleLR", max_lr=0.2, total_steps=181)], milestones=[20])
    add("cyclic, constant", "SequentialLR", schedulers=[
        part("CyclicLR", base_lr=0.02, max_lr=0.2, step_size_up=10), part("ConstantLR", factor=0.5, total_iters=30)], milestones=[120])
    add("chained with a sequence", "ChainedScheduler", schedulers=[
        part("SequentialLR", schedulers=[warm_up, cosine], milestones=[20]), part("ExponentialLR", gamma=0.995)])

    flat = part("SequentialLR", schedulers=[warm_up, cosine, part("ExponentialLR", gamma=0.99)], milestones=[20, 120])
    add("nested sequence first", "SequentialLR", TWO, milestones=[120], like=flat, schedulers=[
        part("SequentialLR", schedulers=[warm_up, cosine], milestones=[20]), part("ExponentialLR", gamma=0.99)])
    add("nested sequence last", "SequentialLR", milestones=[20], like=flat, schedulers=[
        warm_up, part("SequentialLR", schedulers=[cosine, part("ExponentialLR", gamma=0.99)], milestones=[100])])
    add("nested chain first", "SequentialLR", milestones=[70], schedulers=[
        part("ChainedScheduler", schedulers=[part("ConstantLR", factor=0.1, total_iters=30), part("ExponentialLR", gamma=0.98)]),
        part("StepLR", step_size=20, gamma=0.5)])
    last = [warm_up, part("ChainedScheduler", schedulers=[part("ExponentialLR", gamma=0.99), part("StepLR", step_size=50, gamma=0.5)])]
    add("nested chain last", "SequentialLR", TWO, milestones=[20], schedulers=last, like=last)


def main():
    warnings.simplefilter("ignore")
    for group in (multiplying, cosines, cycles, plateaus, joined):
        group()
    print("%d cases, %d bytes" % (len(CASES), write("Data/Schedulers.json", {"cases": CASES})))


if __name__ == "__main__":
    main()
