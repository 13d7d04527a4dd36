"""PyTorch's side of a comparison; Compare/Side.cs says what it answers.

torch_peer.py WAY describe THREADS
torch_peer.py WAY network NETWORK KIND BATCH THREADS FOLDER CHECK
torch_peer.py WAY optimizer OPTIMIZER LENGTH THREADS FOLDER CHECK

WAY is eager, channels-last, compiled or fused. A network starts from the weights, inputs and labels that GraphGen's side left in
FOLDER, an optimizer from the formula of Sides/OptimizerSide.cs. What is computed first goes to the file CHECK of FOLDER: the
output of inference, the losses of the first steps of training, or some of an optimizer's values.
"""

import ctypes
import os
import sys
import tempfile

import numpy as np
import torch
from torch import nn

from side import answer
from torch_networks import NETWORKS

CHECKED_STEPS = 3


def network(way, name, kind, batch, folder, check):
    """Returns one iteration."""
    create, shape = NETWORKS[name]
    net = create()
    with open(os.path.join(folder, "weights.bin"), "rb") as file:
        for parameter in net.in_file_order() if hasattr(net, "in_file_order") else net.parameters():
            file.readinto(memoryview(parameter.detach().numpy()).cast("B"))
    inputs = load(os.path.join(folder, "input.bin"), torch.empty(int(batch), *shape))
    labels = load(os.path.join(folder, "labels.bin"), torch.empty(int(batch), dtype=torch.int32)).long()
    if way == "channels-last":
        net, inputs = net.to(memory_format=torch.channels_last), inputs.to(memory_format=torch.channels_last)
    if kind == "training":
        iteration, values = trainer(way, net, inputs, labels)
    else:
        iteration, values = predictor(way, net, inputs)
    np.asarray(values, np.float32).tofile(os.path.join(folder, check))
    return iteration


def trainer(way, net, inputs, labels):
    criterion = nn.CrossEntropyLoss()

    def loss_of(inputs, labels):
        return criterion(net(inputs), labels)

    if way == "compiled":
        loss_of = torch.compile(loss_of)
    optimizer = sgd(net.parameters())

    def train():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(inputs, labels)
        loss.backward()
        optimizer.step()
        return loss

    values = [train().item() for _ in range(CHECKED_STEPS)]
    optimizer.param_groups[0]["lr"] = 1e-6  # too small for thousands of steps on one batch to learn it by heart
    return train, values


def sgd(parameters):
    """The fused form, which is the fastest, where PyTorch has it on processors (2.4)."""
    parameters = list(parameters)
    try:
        return torch.optim.SGD(parameters, lr=0.01, momentum=0.9, fused=True)
    except (RuntimeError, TypeError):
        return torch.optim.SGD(parameters, lr=0.01, momentum=0.9)


def predictor(way, net, inputs):
    net.eval()
    if way == "compiled":
        torch._inductor.config.freezing = True  # weights become constants of the compiled code
        net = torch.compile(net)

    # Compiled code with frozen weights is made without gradients, not in inference mode.
    mode = torch.no_grad if way == "compiled" else torch.inference_mode

    @mode()
    def predict():
        return net(inputs)

    return predict, predict().numpy()


def optimizer(way, name, length, folder, check):
    """Returns one iteration."""
    length, values = int(length), 4096
    parameter = nn.Parameter(formula(length, 2654435761))
    parameter.grad = formula(length, 2246822519)
    options = {"momentum": 0.9} if name == "SGD" else {}
    if way == "fused":
        options["fused"] = True
    optimizer = getattr(torch.optim, name)([parameter], lr=0.1, **options)
    step = torch.compile(optimizer.step) if way == "compiled" else optimizer.step
    for _ in range(CHECKED_STEPS):
        step()
    stride = length // values
    np.ascontiguousarray(parameter.detach().numpy()[: values * stride : stride]).tofile(os.path.join(folder, check))
    optimizer.param_groups[0]["lr"] = 1e-6
    step()  # compiled code is made anew for it
    return step


def load(path, tensor):
    """Reads into the tensor's own memory: nothing is held twice."""
    with open(path, "rb") as file:
        file.readinto(memoryview(tensor.numpy()).cast("B"))
    return tensor


def formula(length, multiplier):
    """Multiples of 2^-24 in [-0.5, 0.5), which floats hold exactly."""
    bits = np.arange(length, dtype=np.uint32)
    bits *= np.uint32(multiplier)
    bits >>= np.uint32(8)
    values = bits.astype(np.float32)
    values *= np.float32(2**-24)
    values -= np.float32(0.5)
    return torch.from_numpy(values)


def describe(vectors):
    """One line about what computes."""
    parts = [f"PyTorch {torch.__version__}", f"ATen {torch.backends.cpu.get_cpu_capability()}", blas()]
    if vectors is not None:
        parts.append(f"inductor {vectors}")
    return ", ".join([*parts, f"{torch.get_num_threads()} threads"])


def blas():
    """The library of matrix products that was loaded, and for OpenBLAS the kernels that it chose."""
    torch.mm(torch.ones(2, 2), torch.ones(2, 2))
    with open("/proc/self/maps") as maps:
        paths = {row.split()[-1] for row in maps if "/" in row}
    for path in sorted(paths):
        if "openblas" in os.path.basename(os.path.realpath(path)) or "openblas" in path:
            library = ctypes.CDLL(path)
            library.openblas_get_config.restype = ctypes.c_char_p
            return library.openblas_get_config().decode()
    return "MKL" if torch.backends.mkl.is_available() else "BLAS unknown"


def main():
    way, what, *arguments = sys.argv[1:]
    threads = int(arguments[0] if what == "describe" else arguments[-3])
    torch.set_num_threads(threads)
    vectors = None
    if way == "compiled":
        from torch_vectors import find_vectors

        # Compiled here and now: what another run left may have been compiled without vectors.
        cache = tempfile.TemporaryDirectory(prefix="graphgen-inductor-")
        os.environ["TORCHINDUCTOR_CACHE_DIR"] = cache.name
        torch._inductor.config.compile_threads = 1  # in this process: no others beside what is measured
        vectors = find_vectors()
    if what == "describe":
        if way == "compiled":
            torch.compile(torch.sin)(torch.ones(64))  # fails where there is no compiler
        if way == "fused":
            torch.optim.SGD([nn.Parameter(torch.ones(1))], lr=0.1, fused=True)  # fails where there is none on processors
        iteration = None
    else:
        *which, _, folder, check = arguments
        iteration = {"network": network, "optimizer": optimizer}[what](way, *which, folder, check)
    answer(describe(vectors), iteration)


main()
