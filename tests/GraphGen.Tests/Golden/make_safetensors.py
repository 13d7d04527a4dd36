#!/usr/bin/python3
"""Writes the files in State/: a model and its optimizer, halfway through training, as PyTorch has them, in safetensors.

    apt-get install python3-torch python3-numpy
    /usr/bin/python3 make_safetensors.py                   writes State/
    /usr/bin/python3 make_safetensors.py --check FILE      reads a checkpoint that GraphGen wrote (InteropTests.cs)

PyTorch 1.13.1. Debian has no Python package `safetensors`, so this file reads and writes the format by its specification
(https://github.com/huggingface/safetensors#format), and refuses what that forbids: a header of more than 100 MB, one that does
not begin with `{`, names twice, metadata that are not strings, data that overlap, have holes or do not end with the file, and
tensors whose size is not what type and shape say.

For each optimizer of OPTIMIZERS, State/ has
  NAME.model.safetensors      model.state_dict() after SAVED steps
  NAME.optimizer.safetensors  optimizer.state_dict() then: the tensor `state[i][name]` as `state.{i}.{name}`, `param_groups` as
                              JSON in the metadata; what is None is left out
  NAME.json                   every value of both as decimals, the losses of FURTHER steps, and the parameters after them
and where it has a schedule (SCHEDULERS), which takes a step after each of the optimizer's, in the place of the first two
  NAME.checkpoint.safetensors both as GraphGen's Checkpoint has them, under `model.` and `optimizer.`, with scheduler.state_dict()
                              as JSON in the metadata, `state.TYPE.settings`

The network and its data are those of InteropTests.cs: parameter i is stream SEED * 256 + 128 + i (streams.py), uniform in
[-0.3, 0.3); step k takes samples k * BATCH .. (k + 1) * BATCH - 1 of stream SEED * 256, uniform in [-1, 1), and of the labels,
stream SEED * 256 + 64. Training is in float32, as GraphGen's is; the FURTHER steps of NAME.json are in float64 from what the
files have, and so are those of --check.

--check loads FILE's `model.` and `optimizer.` into a torch module and the torch optimizer that its name begins with, and the
scheduler's state into the torch scheduler if there is one, takes FURTHER steps, and compares the parameters with those in FILE.after, where GraphGen has taken the same.
"""

import argparse
import json
import os
import struct
import sys

import numpy as np
import torch
import torch.nn.functional as F

import streams

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "State")
SEED, BATCH, SAVED, FURTHER = 77, 8, 3, 5
CHANNELS, SIZE, CLASSES = 2, 8, 5
TOLERANCE = 1e-5


def adam(conv, fc):
    return torch.optim.Adam(
        [{"params": conv, "amsgrad": True}, {"params": fc, "lr": 0.02, "weight_decay": 1e-2}], lr=0.005, betas=(0.8, 0.99), eps=1e-7
    )


# One line an optimizer: the groups are the convolution's parameters and the linear layer's.
OPTIMIZERS = {
    "sgd": lambda conv, fc: torch.optim.SGD(
        [{"params": conv, "nesterov": True}, {"params": fc, "lr": 0.1, "dampening": 0.1, "weight_decay": 1e-3}], lr=0.05, momentum=0.9
    ),
    "adam": adam,
    "adam_cosine": adam,
}

SCHEDULERS = {
    "adam_cosine": lambda optimizer: torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=6, eta_min=1e-4),
}

TYPES = {
    "F64": (np.float64, torch.float64),
    "F32": (np.float32, torch.float32),
    "F16": (np.float16, torch.float16),
    "I64": (np.int64, torch.int64),
    "I32": (np.int32, torch.int32),
    "I16": (np.int16, torch.int16),
    "I8": (np.int8, torch.int8),
    "U8": (np.uint8, torch.uint8),
    "BOOL": (np.bool_, torch.bool),
}


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(CHANNELS, 4, 3)
        self.fc1 = torch.nn.Linear(4 * 3 * 3, CLASSES)
        with torch.no_grad():
            for i, p in enumerate(self.parameters()):
                values = streams.floats(SEED * 256 + streams.PARAMETER_SLOT + i, 0, p.numel(), -0.3, 0.3)
                p.copy_(torch.from_numpy(values.reshape(p.shape)))

    def forward(self, x):
        return self.fc1(torch.flatten(F.max_pool2d(F.relu(self.conv1(x)), 2), 1))


def make_optimizer(name, model):
    return OPTIMIZERS[name](list(model.conv1.parameters()), list(model.fc1.parameters()))


def make_scheduler(name, optimizer):
    return SCHEDULERS[name](optimizer) if name in SCHEDULERS else None


def train(model, optimizer, scheduler, first, count):
    losses = []
    for step in range(first, first + count):
        size = CHANNELS * SIZE * SIZE
        x = streams.floats(SEED * 256 + streams.INPUT_SLOT, step * BATCH * size, BATCH * size, -1, 1)
        labels = streams.integers(SEED * 256 + streams.TARGET_SLOT, step * BATCH, BATCH, CLASSES)
        x = torch.from_numpy(x.reshape(BATCH, CHANNELS, SIZE, SIZE)).to(next(model.parameters()).dtype)
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), torch.from_numpy(labels))
        loss.backward()
        optimizer.step()
        if scheduler:
            scheduler.step()
        losses.append(loss.item())
    return losses


# The format.


def save(path, tensors, metadata):
    header, data = {"__metadata__": metadata} if metadata else {}, b""
    for name, tensor in tensors.items():
        kind = next(k for k, (_, t) in TYPES.items() if t == tensor.dtype)
        array = np.ascontiguousarray(tensor.detach().numpy()).astype(TYPES[kind][0], copy=False)
        header[name] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + array.nbytes]}
        data += array.tobytes()
    text = json.dumps(header, allow_nan=False, ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def unique(pairs):
    result = dict(pairs)
    assert len(result) == len(pairs), "a name twice"
    return result


def refuse(text):
    raise ValueError("not JSON: " + text)


def load(path):
    with open(path, "rb") as file:
        content = file.read()
    assert len(content) >= 8, "no length"
    (length,) = struct.unpack("<Q", content[:8])
    assert length <= min(100_000_000, len(content) - 8), "header too long"
    header = json.loads(content[8 : 8 + length].decode(), object_pairs_hook=unique, parse_constant=refuse)
    assert content[8:9] == b"{" and isinstance(header, dict), "no object"
    metadata = header.pop("__metadata__", {})
    assert all(isinstance(value, str) for value in metadata.values()), "metadata not strings"
    data, end, tensors = content[8 + length :], 0, {}
    for name, info in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        assert set(info) == {"dtype", "shape", "data_offsets"}, name
        numpy_type, _ = TYPES[info["dtype"]]
        start, stop = info["data_offsets"]
        count = int(np.prod(info["shape"], dtype=object)) if info["shape"] else 1
        assert start == end and stop - start == count * np.dtype(numpy_type).itemsize, name
        array = np.frombuffer(data[start:stop], numpy_type).reshape(info["shape"])
        tensors[name], end = torch.from_numpy(array.copy()), stop
    assert end == len(data), "data left over"
    return {name: tensors[name] for name in header}, metadata


# state_dict() of an optimizer.


def optimizer_to_file(state_dict):
    tensors = {}
    for i, state in state_dict["state"].items():
        for name, value in state.items():
            if value is not None:
                tensors["state.%d.%s" % (i, name)] = value if torch.is_tensor(value) else torch.tensor(value)
    return tensors, {"param_groups": json.dumps(state_dict["param_groups"], allow_nan=False)}


def optimizer_from_file(tensors, metadata):
    state = {}
    for key, value in tensors.items():
        kind, i, name = key.split(".", 2)
        assert kind == "state", key
        state.setdefault(int(i), {})[name] = value
    groups = json.loads(metadata["param_groups"], object_pairs_hook=unique, parse_constant=refuse)
    for group in groups:
        for name, value in group.items():
            if name != "params" and isinstance(value, list):
                group[name] = tuple(value)
    return {"state": state, "param_groups": groups}


def under(prefix, items):
    return {name[len(prefix) :]: value for name, value in items.items() if name.startswith(prefix)}


def settings(scheduler):
    return "state.%s.settings" % type(scheduler).__name__


def checkpoint(model, optimizer, scheduler):
    optimizer_tensors, optimizer_metadata = optimizer_to_file(optimizer.state_dict())
    tensors = {"model." + name: value for name, value in model.state_dict().items()}
    tensors.update(("optimizer." + name, value) for name, value in optimizer_tensors.items())
    metadata = {"checkpoint": "1", "random_state.seed": "0", "random_state.step": "0"}
    metadata.update(("optimizer." + name, value) for name, value in optimizer_metadata.items())
    metadata[settings(scheduler)] = json.dumps(scheduler.state_dict(), allow_nan=False)
    return tensors, metadata


def resume(name, model_tensors, optimizer_tensors, metadata):
    """A model in float64, its optimizer and its scheduler (or None), from what files have."""
    model = Net().double()
    optimizer = make_optimizer(name, model)
    scheduler = make_scheduler(name, optimizer)
    model.load_state_dict(model_tensors)
    optimizer.load_state_dict(optimizer_from_file(optimizer_tensors, under("optimizer.", metadata)))
    if scheduler:
        scheduler.load_state_dict(json.loads(metadata[settings(scheduler)], object_pairs_hook=unique, parse_constant=refuse))
    return model, optimizer, scheduler


def decimals(tensors):
    return {name: [float("%.9g" % v) for v in tensor.detach().double().reshape(-1).tolist()] for name, tensor in tensors.items()}


def make(name):
    model = Net()
    optimizer = make_optimizer(name, model)
    scheduler = make_scheduler(name, optimizer)
    train(model, optimizer, scheduler, 0, SAVED)
    path = os.path.join(FOLDER, name)
    if scheduler:
        save(path + ".checkpoint.safetensors", *checkpoint(model, optimizer, scheduler))
        tensors, metadata = load(path + ".checkpoint.safetensors")
        model_tensors, optimizer_tensors = under("model.", tensors), under("optimizer.", tensors)
    else:
        save(path + ".model.safetensors", model.state_dict(), {"format": "pt"})
        save(path + ".optimizer.safetensors", *optimizer_to_file(optimizer.state_dict()))
        model_tensors, _ = load(path + ".model.safetensors")
        optimizer_tensors, metadata = load(path + ".optimizer.safetensors")
        metadata = {"optimizer." + key: value for key, value in metadata.items()}

    expected = {"model": decimals(model_tensors), "optimizer": decimals(optimizer_tensors)}
    model, optimizer, scheduler = resume(name, model_tensors, optimizer_tensors, metadata)
    expected["losses"] = train(model, optimizer, scheduler, SAVED, FURTHER)
    expected["continued"] = decimals(model.state_dict())
    with open(path + ".json", "w") as file:
        json.dump(expected, file)
        file.write("\n")


def check(path):
    tensors, metadata = load(path)
    name = os.path.basename(path).split(".")[0]
    model, optimizer, scheduler = resume(name, under("model.", tensors), under("optimizer.", tensors), metadata)
    train(model, optimizer, scheduler, SAVED, FURTHER)
    after, _ = load(path + ".after")
    worst = 0.0
    for key, value in model.state_dict().items():
        difference = (value - under("model.", after)[key].double()).abs() / value.abs().clamp(min=1)
        worst = max(worst, difference.max().item())
    print("%s: %d tensors; parameters after %d more steps differ by at most %.2g" % (path, len(tensors), FURTHER, worst))
    return worst <= TOLERANCE


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", metavar="FILE")
    arguments = parser.parse_args()
    torch.manual_seed(0)
    if arguments.check:
        sys.exit(0 if check(arguments.check) else 1)
    os.makedirs(FOLDER, exist_ok=True)
    for name in OPTIMIZERS:
        make(name)


if __name__ == "__main__":
    main()
