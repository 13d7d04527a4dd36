"""What a golden case is, and short ways to write one."""

import math
from dataclasses import dataclass
from typing import Callable, Optional

import numpy as np

import streams


@dataclass
class Source:
    """A tensor drawn from a stream. An input's or target's shape is that of one sample."""

    name: str
    shape: tuple
    low: float = -1.0
    high: float = 1.0
    levels: int = 0


@dataclass
class Labels:
    classes: int
    ignore_index: Optional[int] = None


@dataclass
class Training:
    """Twenty steps, and what their parameters and their movement from the start are held to, relative to the largest."""

    batch: int
    sgd: dict
    parameters: float = 1e-5
    movement: float = 1e-4


@dataclass
class Case:
    name: str
    inputs: list
    parameters: list
    forward: Callable
    batches: tuple
    loss: Optional[Callable] = None
    labels: Optional[Labels] = None
    target: Optional[Source] = None
    training: Optional[Training] = None
    seed: int = 0

    def __post_init__(self):
        self.seed = self.seed or streams.case_seed(self.name)


def x(*shape, low=-1.0, high=1.0, levels=0):
    return [Source("x", shape, low, high, levels)]


def p(name, *shape, low=-1.0, high=1.0, levels=0):
    return [Source(name, shape, low, high, levels)]


def _layer(name, weight, fan_in, outputs, bias):
    bound = float(np.float32(1 / math.sqrt(fan_in)))
    result = [Source(name + ".weight", weight, -bound, bound)]
    return result + [Source(name + ".bias", (outputs,), -bound, bound)] if bias else result


def linear(name, inputs, outputs, bias=True):
    return _layer(name, (outputs, inputs), inputs, outputs, bias)


def conv(name, inputs, outputs, kernel, groups=1, bias=True):
    return _layer(name, (outputs, inputs // groups, kernel, kernel), inputs // groups * kernel * kernel, outputs, bias)
