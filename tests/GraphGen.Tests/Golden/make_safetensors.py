#!/usr/bin/python3
"""Writes the files in State/: a model and its optimizer, halfway through training, as PyTorch has them, in safetensors.

    apt-get install python3-torch python3-numpy python3-safetensors      (Debian 13)
    python3 make_safetensors.py            writes State/
    python3 make_safetensors.py --check    GraphGen and the safetensors library read each other's files (also needs the .NET SDK)

PyTorch 2.6 (files.py), and its real `safetensors` library, which writes and reads every file here. The library writes the entries of the
metadata in any order, so files with more than one are not the same bytes every time.

For each optimizer of OPTIMIZERS, State/ has
  NAME.model.safetensors      model.state_dict() after SAVED steps
  NAME.optimizer.safetensors  optimizer.state_dict() then: the tensor `state[i][name]` as `state.{i}.{name}`, `param_groups` as
                              JSON in the metadata; what is None is left out
  NAME.json                   every value of both as decimals, the losses of FURTHER steps, and the parameters after them
and where it has a schedule (SCHEDULERS), which takes a step after each of the optimizer's, in the place of the first two
  NAME.checkpoint.safetensors both as GraphGen's Checkpoint has them, under `model.` and `optimizer.`, with scheduler.state_dict()
                              as JSON in the metadata, `state.TYPE.settings`
Beside them are
  types.safetensors, .json    a tensor of each type that both sides know, of several shapes, and what is in it

The network and its data are those of InteropTests.cs: parameter i is stream SEED * 256 + 128 + i (streams.py), uniform in
[-0.3, 0.3); step k takes samples k * BATCH .. (k + 1) * BATCH - 1 of stream SEED * 256, uniform in [-1, 1), and of the labels,
stream SEED * 256 + 64. Training is in float32, as GraphGen's is; the FURTHER steps of NAME.json are in float64 from what the
files have, and so are those of --check.

--check writes all of this anew into a folder of its own and runs InteropTests.cs on it, which loads the library's files, trains on, and
writes GraphGen's. Then the library reads those: of NAME.graphgen.safetensors, a checkpoint, `model.` and `optimizer.` go into a torch
module and the torch optimizer, and the scheduler's state into the torch scheduler if there is one; after FURTHER steps the parameters
are those of NAME.graphgen.after.safetensors, where GraphGen has taken the same. types.graphgen.safetensors has, to the bit, what
types.safetensors has.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile

import safetensors
import torch
import torch.nn.functional as F
from safetensors.torch import save_file

import streams
from files import FOLDER, release, write

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

# What both sides know, under the names that the format has for it.
TYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I64": torch.int64,
    "I32": torch.int32,
    "I16": torch.int16,
    "I8": torch.int8,
    "U64": torch.uint64,
    "U32": torch.uint32,
    "U16": torch.uint16,
    "U8": torch.uint8,
    "BOOL": torch.bool,
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


# Files.


def save(path, tensors, metadata):
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, path, {**metadata, "pytorch": release()})


def load(path):
    with safetensors.safe_open(path, "pt") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, file.metadata()


def parse(text):
    def unique(pairs):
        result = dict(pairs)
        assert len(result) == len(pairs), "a name twice"
        return result

    def refuse(constant):
        raise ValueError("not JSON: " + constant)

    return json.loads(text, object_pairs_hook=unique, parse_constant=refuse)


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
    groups = parse(metadata["param_groups"])
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
        scheduler.load_state_dict(parse(metadata[settings(scheduler)]))
    return model, optimizer, scheduler


def decimals(tensors):
    return {name: [float("%.9g" % v) for v in tensor.detach().double().reshape(-1).tolist()] for name, tensor in tensors.items()}


def make(folder, name):
    model = Net()
    optimizer = make_optimizer(name, model)
    scheduler = make_scheduler(name, optimizer)
    train(model, optimizer, scheduler, 0, SAVED)
    expected = {"model": decimals(model.state_dict()), "optimizer": decimals(optimizer_to_file(optimizer.state_dict())[0])}
    path = os.path.join(folder, name)
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

    model, optimizer, scheduler = resume(name, model_tensors, optimizer_tensors, metadata)
    expected["losses"] = train(model, optimizer, scheduler, SAVED, FURTHER)
    expected["continued"] = decimals(model.state_dict())
    write(path + ".json", expected)


def make_types(folder):
    """Each type in a vector, with the least and the greatest value, in a scalar and without elements; names and texts that need escapes."""
    tensors, described = {}, {}
    for kind, dtype in TYPES.items():
        name = str(dtype).split(".")[1]
        if dtype == torch.bool:
            values = [0, 1, 1]
        elif dtype.is_floating_point:
            values = [0.0, -1.5, torch.finfo(dtype).max, torch.finfo(dtype).smallest_normal]
        else:
            values = [torch.iinfo(dtype).min, 1, torch.iinfo(dtype).max]
        for suffix, shape, contents in (("", [len(values), 1], values), (" of one \u00e4\"\\\n", [], values[-1:]), (" of none", [3, 0, 2], [])):
            # Whole numbers by way of their bytes: torch makes no uint64 of the greatest one.
            if dtype.is_floating_point:
                data = torch.tensor(contents, dtype=dtype).view(torch.uint8).numpy().tobytes()
            else:
                data = b"".join(int(v).to_bytes(dtype.itemsize, "little", signed=v < 0) for v in contents)
            tensors[kind + suffix] = {"dtype": name, "shape": shape, "data": data}
            described[kind + suffix] = {"type": kind, "shape": shape, "bytes": data.hex()}
    path = os.path.join(folder, "types")
    metadata = {"\u00e4\"\\\n": "\u4e16\u754c\t\U0001f642", "": ""}
    safetensors.serialize_file(tensors, path + ".safetensors", {**metadata, "pytorch": release()})
    write(path + ".json", {"metadata": metadata, "tensors": described})


def make_all(folder):
    torch.manual_seed(0)
    os.makedirs(folder, exist_ok=True)
    for name in OPTIMIZERS:
        make(folder, name)
    make_types(folder)


def check_training(folder, name):
    path = os.path.join(folder, name)
    tensors, metadata = load(path + ".graphgen.safetensors")
    model, optimizer, scheduler = resume(name, under("model.", tensors), under("optimizer.", tensors), metadata)
    train(model, optimizer, scheduler, SAVED, FURTHER)
    after, _ = load(path + ".graphgen.after.safetensors")
    worst = 0.0
    for key, value in model.state_dict().items():
        difference = (value - under("model.", after)[key].double()).abs() / value.abs().clamp(min=1)
        worst = max(worst, difference.max().item())
    print("%s: %d tensors of GraphGen's; parameters after %d more steps differ by at most %.2g" % (name, len(tensors), FURTHER, worst))
    assert worst <= TOLERANCE, name


def check_types(folder):
    contents = []
    for file in ("types.safetensors", "types.graphgen.safetensors"):
        path = os.path.join(folder, file)
        with safetensors.safe_open(path, "pt") as opened:
            metadata = opened.metadata()
        with open(path, "rb") as opened:
            contents.append((dict(safetensors.deserialize(opened.read())), metadata))
    assert contents[0] == contents[1], "types: %s, but GraphGen wrote %s" % tuple(contents)
    print("types: %d tensors and %d texts of GraphGen's are the library's" % (len(contents[1][0]), len(contents[1][1])))


def check():
    with tempfile.TemporaryDirectory() as folder:
        make_all(folder)
        project = os.path.dirname(FOLDER)
        tests = ["dotnet", "test", project, "--nologo", "--filter", "FullyQualifiedName~InteropTests"]
        if subprocess.run(tests, env={**os.environ, "GRAPHGEN_INTEROP": folder}).returncode:
            sys.exit("GraphGen does not read what safetensors %s wrote" % safetensors.__version__)
        for name in OPTIMIZERS:
            check_training(folder, name)
        check_types(folder)
    print("GraphGen and safetensors %s read each other's files" % safetensors.__version__)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true", help="GraphGen and the safetensors library read each other's files; State/ stays as it is")
    if parser.parse_args().check:
        check()
    else:
        make_all(os.path.join(FOLDER, "State"))


if __name__ == "__main__":
    main()
