#!/usr/bin/python3
"""Writes the golden files in Data/: what PyTorch computes for every case of golden_cases.py and golden_networks.py.

    apt-get install python3-torch python3-numpy      (Debian 13)
    python3 make_golden.py [--only PATTERN] [--report]

PyTorch 2.6 (files.py), run in float64 from weights and inputs that are exact float32 values: the truest reference there is,
since PyTorch's own float32 results differ from it by as much as ours may. `--report` prints by how much, so that the
tolerances of the tests (1e-5 on values, 1e-4 on gradients) can be judged; it writes nothing.

A file holds, for one model:
  pytorch        the release
  name, seed     the case; its streams are seed * 256 + slot (streams.py)
  inputs         name, shape of a sample, low, high, levels of each; the slot is the position
  parameters     name, shape, low, high, levels of each; the slot is 128 + the position
  labels         of cross-entropy: classes, and ignoreIndex when the class `classes` is drawn too and stands for it
  target         of the other losses: shape of a sample, low, high
  runs           for several batch sizes, each on the first samples of the streams: output, then
                 either loss, losses (one a sample) and gradients, or gradients of Backward(outputGradient)
  training       the optimizer's settings, losses of 20 steps and the parameters after them, the tolerances of those;
                 step k takes samples k * batch .. (k + 1) * batch - 1 of the streams

A tensor is stored whole up to 4,096 floats. A larger one is its values at 0, stride, 2 * stride, ... with
stride = (length / 512) | 1, and the sum and the Euclidean norm of all of it.
"""

import argparse
import fnmatch
import math

import numpy as np
import torch

import golden_cases
import golden_networks
import streams
from files import number, write

STEPS = 20
WHOLE = 4096
SAMPLES = 512


def stored(tensor):
    flat = tensor.detach().double().reshape(-1).numpy()
    result = {"shape": list(tensor.shape)}
    if flat.size <= WHOLE:
        result["values"] = [number(v) for v in flat]
        return result
    stride = (flat.size // SAMPLES) | 1
    result["stride"] = stride
    result["values"] = [number(v) for v in flat[::stride]]
    result["sum"] = number(flat.sum())
    result["norm"] = number(math.sqrt((flat * flat).sum()))
    return result


class Machine:
    """One case in one precision: its parameters, and batches drawn from its streams."""

    def __init__(self, case, dtype):
        self.case, self.dtype = case, dtype
        self.parameters = {
            p.name: self._draw(streams.PARAMETER_SLOT + i, 0, p.shape, p).requires_grad_()
            for i, p in enumerate(case.parameters)
        }

    def _draw(self, slot, start, shape, source):
        count = int(np.prod(shape))
        values = streams.floats(self.case.seed * 256 + slot, start, count, source.low, source.high, source.levels)
        return torch.from_numpy(values.reshape(shape)).to(self.dtype)

    def forward(self, batch, first=0):
        inputs = [
            self._draw(streams.INPUT_SLOT + i, first * int(np.prod(s.shape)), (batch, *s.shape), s)
            for i, s in enumerate(self.case.inputs)
        ]
        return self.case.forward(*inputs, p=self.parameters)

    def loss(self, output, batch, first=0):
        """The scalar loss, and the losses of the samples where PyTorch's reduction='none' has one for each."""
        case, stream = self.case, self.case.seed * 256 + streams.TARGET_SLOT
        if case.labels is not None:
            drawn = case.labels.classes + (1 if case.labels.ignore_index is not None else 0)
            labels = torch.from_numpy(streams.integers(stream, first, batch, drawn))
            if case.labels.ignore_index is not None:
                labels[labels == case.labels.classes] = case.labels.ignore_index
            return case.loss(output, labels, p=self.parameters)
        if case.target is not None:
            size = int(np.prod(case.target.shape))
            target = self._draw(streams.TARGET_SLOT, first * size, (batch, *case.target.shape), case.target)
            return case.loss(output, target, p=self.parameters)
        return case.loss(output, p=self.parameters)

    def run(self, batch):
        for parameter in self.parameters.values():
            parameter.grad = None
        output = self.forward(batch)
        # Several outputs are stored one after the other.
        whole = torch.cat([o.reshape(-1) for o in output]) if isinstance(output, tuple) else output
        result = {"batch": batch, "output": whole}
        if self.case.loss is None:
            stream = self.case.seed * 256 + streams.OUTPUT_GRADIENT_SLOT
            gradient = streams.floats(stream, 0, whole.numel(), -1, 1).reshape(whole.shape)
            whole.backward(torch.from_numpy(gradient).to(self.dtype))
        else:
            loss, losses = self.loss(output, batch)
            loss.backward()
            result["loss"] = loss.item()
            if losses is not None:
                result["losses"] = losses
        result["gradients"] = {n: p.grad for n, p in self.parameters.items() if p.grad is not None}
        return result

    def train(self):
        settings = self.case.training
        optimizer = torch.optim.SGD(self.parameters.values(), **settings.sgd)
        losses = []
        for step in range(STEPS):
            optimizer.zero_grad()
            output = self.forward(settings.batch, step * settings.batch)
            loss, _ = self.loss(output, settings.batch, step * settings.batch)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return losses


def describe(source, name=True):
    result = {"name": source.name} if name else {}
    result.update(shape=list(source.shape), low=float(np.float32(source.low)), high=float(np.float32(source.high)))
    if source.levels:
        result["levels"] = source.levels
    return result


def golden(case):
    machine = Machine(case, torch.float64)
    result = {
        "name": case.name,
        "seed": case.seed,
        "inputs": [describe(s) for s in case.inputs],
        "parameters": [describe(p) for p in case.parameters],
    }
    if case.labels is not None:
        result["labels"] = {"classes": case.labels.classes}
        if case.labels.ignore_index is not None:
            result["labels"]["ignoreIndex"] = case.labels.ignore_index
    if case.target is not None:
        result["target"] = describe(case.target, name=False)
    result["runs"] = []
    for batch in case.batches:
        run = machine.run(batch)
        written = {"batch": batch, "output": stored(run["output"])}
        if "loss" in run:
            written["loss"] = number(run["loss"])
        if "losses" in run:
            written["losses"] = [number(v) for v in run["losses"].tolist()]
        written["gradients"] = {n: stored(g) for n, g in run["gradients"].items()}
        result["runs"].append(written)
    if case.training is not None:
        losses = machine.train()
        result["training"] = {
            "batch": case.training.batch,
            "sgd": case.training.sgd,
            "parameterTolerance": case.training.parameters,
            "movementTolerance": case.training.movement,
            "losses": [number(v) for v in losses],
            "parameters": {n: stored(p) for n, p in machine.parameters.items()},
        }
    return result


def difference(a, b):
    """The largest difference relative to the largest value: the measure of the tests."""
    a, b = a.detach().double(), b.detach().double()
    largest = b.abs().max().item()
    return (a - b).abs().max().item() / largest if largest > 0 else (a - b).abs().max().item()


def report(case):
    """How far PyTorch's own float32 is from the golden values: output, worst gradient, and losses and movement after training."""
    single, double = Machine(case, torch.float32), Machine(case, torch.float64)
    for batch in case.batches:
        a, b = single.run(batch), double.run(batch)
        gradients = [difference(a["gradients"][n], b["gradients"][n]) for n in b["gradients"]]
        line = "%-28s batch %3d  output %.1e  gradients %.1e" % (case.name, batch, difference(a["output"], b["output"]), max(gradients, default=0))
        if "loss" in a:
            line += "  loss %.1e" % abs(a["loss"] / b["loss"] - 1)
        print(line)
    if case.training is not None:
        start = {n: p.detach().clone() for n, p in double.parameters.items()}
        b = double.train()
        # Two float32 convolutions that differ in the order of their sums alone: how far rounding decides the result.
        for name, is_onednn in (("oneDNN", True), ("native", False)):
            single = Machine(case, torch.float32)
            with torch.backends.mkldnn.flags(enabled=is_onednn):
                a = single.train()
            values = max(difference(single.parameters[n], p) for n, p in double.parameters.items())
            moved = max(difference(single.parameters[n].double() - start[n], p - start[n]) for n, p in double.parameters.items())
            losses = max(abs(x / y - 1) for x, y in zip(a, b))
            print("%-28s %s training   losses %.1e  parameters %.1e  movement %.1e  (loss %.4f -> %.4f)"
                  % ("", name, losses, values, moved, b[0], b[-1]))


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--only", default="*", help="cases whose name matches this pattern")
    arguments.add_argument("--report", action="store_true", help="compare PyTorch's float32 with float64; write nothing")
    options = arguments.parse_args()
    total = 0
    for case in golden_cases.CASES + golden_networks.CASES:
        if not fnmatch.fnmatch(case.name, options.only):
            continue
        if options.report:
            report(case)
            continue
        total += write("Data/%s.json" % case.name, golden(case))
        print(case.name)
    if not options.report:
        print("%d bytes" % total)


if __name__ == "__main__":
    main()
