"""Writes Losses/losses.json: every loss with every argument, each reduction, odd sizes and a batch of one.

A case is a C# expression in named arguments, which are tensors [n, ...] of floats, and `labels`, of integers. PyTorch evaluates its twin
in float64 and gives the value and the gradient by each float argument that it differentiates by. A loss that is not reduced is multiplied
by the argument `s` and summed, so that the gradient by `s` is the loss, element by element.
"""

import itertools

import numpy as np
import torch
import torch.nn.functional as F

import files

torch.set_default_dtype(torch.float64)

WEIGHTS = [0.5, 2.0, 1.25, 0.25, 3.0, 0.75, 1.5]


class Draw:
    """Arguments by name, drawn from a seed; all are rounded to float32, as C# has them."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)
        self.tensors = {}
        self.labels = None

    def given(self, name, values, differentiable=True):
        tensor = torch.tensor(np.asarray(values, dtype=np.float32).astype(np.float64))
        self.tensors[name] = tensor.requires_grad_(differentiable)
        return tensor

    def floats(self, name, shape, low=-2.0, high=2.0, differentiable=True):
        return self.given(name, self.random.uniform(low, high, shape), differentiable)

    def signs(self, name, shape):
        return self.given(name, self.random.choice([-1.0, 1.0], shape), False)

    def classes(self, shape, classes, special=None):
        labels = self.random.integers(0, classes, shape)
        if special is not None:
            labels = np.where(self.random.random(shape) < 0.3, special, labels)
            labels.flat[0] = 0
        self.labels = torch.tensor(labels)
        return self.labels


def write(name, expression, result, draw):
    case = {
        "name": unique(name),
        "expression": expression,
        "value": files.number(result.item()),
        "arguments": [described(key, tensor, name) for key, tensor in draw.tensors.items()],
    }
    if draw.labels is not None:
        case["labels"] = {"shape": list(draw.labels.shape), "values": draw.labels.flatten().tolist()}
    CASES.append(case)


def number(value):
    return ("%g" % value) if not isinstance(value, bool) else ("true" if value else "false")


def constants(values):
    return "new[] { " + ", ".join("%gf" % value for value in values) + " }"


CASES = []

# Where a bound is kept by a value that the gradient goes past, PyTorch's gradient is not the derivative.
NO_DERIVATIVE = {"GaussianNllLoss full: false, eps: 0.5": "v", "GaussianNllLoss full: true, eps: 0.5": "v", "CosineSimilarity eps": "xy"}


def described(key, tensor, name):
    """An argument as it is written."""
    argument = {"name": key, "shape": list(tensor.shape), "values": [files.number(v) for v in tensor.detach().flatten().tolist()]}
    if tensor.requires_grad:
        gradient = tensor.grad if tensor.grad is not None else torch.zeros_like(tensor)
        argument["gradient"] = [files.number(v) for v in gradient.flatten().tolist()]
        argument["isDerivative"] = not any(name.startswith(start) and key in keys for start, keys in NO_DERIVATIVE.items()) and not name.startswith("edge")
    return argument


def unique(name):
    same = sum(case["name"].split(" #")[0] == name for case in CASES)
    return name if same == 0 else "%s #%d" % (name, same + 1)


def add(name, shape, reduction, call, tensors, compute, options=""):
    """call(reduction argument) is the C# of the loss; compute(draw, tensors, reduction name) is PyTorch's."""
    full = "%s%s %s %s" % (name, " " + options if options else "", list(shape), reduction)
    draw = Draw(len(CASES))
    given = tensors(draw)
    result = compute(given, {"batchmean": "batchmean"}.get(reduction, reduction))
    argument = {"mean": "Reduction.Mean", "sum": "Reduction.Sum", "none": "Reduction.None", "batchmean": "Reduction.BatchMean"}[reduction]
    expression = call("reduction: " + argument)
    if reduction == "none":
        s = draw.floats("s", tuple(result.shape), 0.5, 1.5)
        expression = "Sum(%s * s)" % expression
        result = (result * s).sum()
    result.backward()
    write(full, expression, result, draw)


REDUCTIONS = ["mean", "sum", "none"]
SHAPES = [(1, 7), (5, 7), (3, 3, 5)]


def elementwise(name, function, options, low=-2.0, high=2.0, target=(-2.0, 2.0), torch_options=None, reductions=REDUCTIONS, transform=None, target_gradient=True, more=None, signs=False, shapes=SHAPES):
    text = "".join(", %s: %s" % (key, number(value)) for key, value in options.items())
    for shape, reduction in itertools.product(shapes, reductions):
        def tensors(draw):
            x = draw.floats("x", shape, low, high)
            t = draw.signs("t", shape) if signs else draw.floats("t", shape, target[0], target[1], target_gradient)
            if transform is not None:
                t = transform(draw, t)
            return [x, t] + (more(draw, shape) if more else [])

        extra = "".join(", " + key for key in (["v"] if more else []))
        add(
            name,
            shape,
            reduction,
            lambda red: "%s(x, t%s%s, %s)" % (name, extra, text, red),
            tensors,
            lambda g, red: function(*g, **(torch_options or {}), reduction=red),
            text.lstrip(", "),
        )


elementwise("L1Loss", F.l1_loss, {})
elementwise("MseLoss", F.mse_loss, {})
for beta in (1.0, 0.5, 2.5, 0.0):
    elementwise("SmoothL1Loss", F.smooth_l1_loss, {"beta": beta}, torch_options={"beta": beta})
for delta in (1.0, 0.4):
    elementwise("HuberLoss", F.huber_loss, {"delta": delta}, torch_options={"delta": delta})


def some_zeros(draw, t):
    values = t.detach().numpy().copy()
    values.flat[:: 3] = 0
    return draw.given("t", values, False)


elementwise("KlDiv", F.kl_div, {}, -3, 0, (0.05, 1.0), reductions=REDUCTIONS + ["batchmean"])
elementwise("KlDiv", F.kl_div, {}, -3, 0, (0.05, 1.0), reductions=["mean", "none"], transform=some_zeros)
elementwise("KlDiv", F.kl_div, {"logTarget": True}, -3, 0, (-3, 0), torch_options={"log_target": True}, reductions=REDUCTIONS + ["batchmean"])
for log_input, full in itertools.product((True, False), (False, True)):
    elementwise(
        "PoissonNllLoss", F.poisson_nll_loss, {"logInput": log_input, "full": full}, 0.1, 2, (0.2, 5),
        torch_options={"log_input": log_input, "full": full}, target_gradient=False)
elementwise("PoissonNllLoss", F.poisson_nll_loss, {"logInput": False, "eps": 0.25}, 0.1, 2, (0, 5), torch_options={"log_input": False, "eps": 0.25}, target_gradient=False)
for full, low in itertools.product((False, True), (0.2, 0.0)):
    elementwise(
        "GaussianNllLoss", lambda x, t, v, **o: F.gaussian_nll_loss(x, t, v, **o), {"full": full, "eps": 0.5}, torch_options={"full": full, "eps": 0.5},
        more=lambda draw, shape: [draw.floats("v", shape, low, 2)])
    elementwise(
        "GaussianNllLoss", lambda x, t, v, **o: F.gaussian_nll_loss(x, t, v, **o), {"full": full}, torch_options={"full": full},
        more=lambda draw, shape: [draw.floats("v", shape[:-1] + (1,), 0.2, 2)])
elementwise("SoftMarginLoss", F.soft_margin_loss, {}, -4, 4, signs=True)
for margin in (1.0, 0.3):
    elementwise("HingeEmbeddingLoss", F.hinge_embedding_loss, {"margin": margin}, 0, 2, signs=True, torch_options={"margin": margin})


def weighted(name, function, low, high, target, constant_names, tensor_names, signature):
    """Losses of element weights: none, constants along the last axis, tensors."""
    for shape, reduction, kind in itertools.product(SHAPES, REDUCTIONS, ("", "constants", "tensors")):
        if kind == "tensors" and not tensor_names:
            continue

        def tensors(draw):
            given = [draw.floats("x", shape, low, high), draw.floats("t", shape, target[0], target[1], False)]
            extra = {}
            if kind == "constants":
                for i, key in enumerate(constant_names):
                    extra[key] = torch.tensor(WEIGHTS[i:i + shape[-1]])
            elif kind == "tensors":
                for key in tensor_names:
                    extra[key] = draw.floats("w" if key == "weight" else "q", shape, 0.2, 2, False)
            return [given, extra]

        def call(red):
            return signature(kind, shape[-1], red)

        add(name, shape, reduction, call, tensors, lambda g, red: function(*g[0], **g[1], reduction=red), kind)


def bce(kind, size, red):
    return "BinaryCrossEntropy(x, t%s, %s)" % ({"": "", "constants": ", weight: " + constants(WEIGHTS[:size]), "tensors": ", weight: w"}[kind], red)


def bce_logits(kind, size, red):
    both = {"": "", "constants": ", weight: %s, posWeight: %s" % (constants(WEIGHTS[:size]), constants(WEIGHTS[1:1 + size])), "tensors": ", weight: w, posWeight: q"}
    return "BinaryCrossEntropyWithLogits(x, t%s, %s)" % (both[kind], red)


def multi_label_soft_margin(kind, size, red):
    return "MultiLabelSoftMarginLoss(x, t%s, %s)" % ({"": "", "constants": ", weight: " + constants(WEIGHTS[:size]), "tensors": ", weight: w"}[kind], red)


SHAPES = [(1, 6), (5, 6), (3, 3, 5)]
weighted("BinaryCrossEntropy", F.binary_cross_entropy, 0.02, 0.98, (0, 1), ["weight"], ["weight"], bce)
weighted("BinaryCrossEntropyWithLogits", F.binary_cross_entropy_with_logits, -4, 4, (0, 1), ["weight", "pos_weight"], ["weight", "pos_weight"], bce_logits)
SHAPES = [(1, 6), (5, 6)]
weighted("MultiLabelSoftMarginLoss", F.multilabel_soft_margin_loss, -4, 4, (0, 1), ["weight"], ["weight"], multi_label_soft_margin)

CLASS_SHAPES = [(1, 5), (6, 5), (3, 4, 2, 3), (2, 3, 5)]
for shape, reduction in itertools.product(CLASS_SHAPES, REDUCTIONS):
    rows = (shape[0],) + shape[2:]
    classes = shape[1]
    weights = WEIGHTS[:classes]
    for smoothing, ignore, has_weight in itertools.product((0.0, 0.2), (-100, 1, -1), (False, True)):
        text = "".join([
            ", labelSmoothing: %g" % smoothing if smoothing else "",
            ", ignoreIndex: %d" % ignore if ignore != -100 else "",
            ", weight: " + constants(weights) if has_weight else "",
        ])
        weight = torch.tensor(weights) if has_weight else None
        add(
            "CrossEntropy", shape, reduction, lambda red: "CrossEntropy(x, labels%s, %s)" % (text, red),
            lambda draw: [draw.floats("x", shape, -3, 3), draw.classes(rows, classes, ignore)] if ignore != -100 else [draw.floats("x", shape, -3, 3), draw.classes(rows, classes)],
            lambda g, red: F.cross_entropy(g[0], g[1], weight=weight, ignore_index=ignore, label_smoothing=smoothing, reduction=red), text.lstrip(", "))
        if smoothing == 0:
            add(
                "NllLoss", shape, reduction, lambda red: "NllLoss(x, labels%s, %s)" % (text, red),
                lambda draw: [draw.floats("x", shape, -3, 0), draw.classes(rows, classes, ignore)] if ignore != -100 else [draw.floats("x", shape, -3, 0), draw.classes(rows, classes)],
                lambda g, red: F.nll_loss(g[0], g[1], weight=weight, ignore_index=ignore, reduction=red), text.lstrip(", "))
        if ignore == -100:
            def probabilities(draw):
                x = draw.floats("x", shape, -3, 3)
                t = draw.random.uniform(0.05, 1, shape)
                return [x, draw.given("t", t / t.sum(1, keepdims=True))]

            add(
                "CrossEntropy of probabilities", shape, reduction, lambda red: "CrossEntropy(x, t%s, %s)" % (text, red), probabilities,
                lambda g, red: F.cross_entropy(g[0], g[1], weight=weight, label_smoothing=smoothing, reduction=red), text.lstrip(", "))

for shape, reduction in itertools.product([(1, 5), (6, 5), (3, 1)], REDUCTIONS):
    classes = shape[1]
    for p, margin, has_weight in itertools.product((1, 2), (1.0, 0.4), (False, True)):
        weights = WEIGHTS[:classes]
        text = ", p: %d, margin: %g%s" % (p, margin, ", weight: " + constants(weights) if has_weight else "")
        weight = torch.tensor(weights) if has_weight else None
        add(
            "MultiMarginLoss", shape, reduction, lambda red: "MultiMarginLoss(x, labels%s, %s)" % (text, red),
            lambda draw: [draw.floats("x", shape), draw.classes((shape[0],), classes)],
            lambda g, red: F.multi_margin_loss(g[0], g[1], p=p, margin=margin, weight=weight, reduction=red), text.lstrip(", "))

    def lists(draw):
        x = draw.floats("x", shape)
        labels = np.full(shape, -1)
        for row in range(shape[0]):
            count = int(draw.random.integers(0, classes + 1))
            labels[row, :count] = draw.random.permutation(classes)[:count]
            if count + 1 < classes:
                labels[row, count + 1] = int(draw.random.integers(0, classes))  # after the -1: does not count
        draw.labels = torch.tensor(labels)
        return [x, draw.labels]

    add(
        "MultiLabelMarginLoss", shape, reduction, lambda red: "MultiLabelMarginLoss(x, labels, %s)" % red, lists,
        lambda g, red: F.multilabel_margin_loss(g[0], g[1], reduction=red))

for shape, reduction in itertools.product([(1, 4), (6, 3)], REDUCTIONS):
    def triplet(draw):
        return [draw.floats(key, shape) for key in ("x", "p", "n")]

    for p, margin, swap, eps in [(2.0, 1.0, False, 1e-6), (2.0, 1.0, True, 1e-6), (1.0, 0.5, False, 1e-6), (3.0, 1.0, True, 1e-6), (2.0, 2.0, False, 0.25), (2.5, 1.0, False, 1e-6)]:
        text = ", margin: %g, p: %g, eps: %g, swap: %s" % (margin, p, eps, number(swap))
        add(
            "TripletMarginLoss", shape, reduction, lambda red: "TripletMarginLoss(x, p, n%s, %s)" % (text, red), triplet,
            lambda g, red: F.triplet_margin_loss(*g, margin=margin, p=p, eps=eps, swap=swap, reduction=red), text.lstrip(", "))
    for swap in (False, True):
        add(
            "TripletMarginWithDistanceLoss", shape, reduction,
            lambda red: "TripletMarginWithDistanceLoss(x, p, n, distance: (a, b) => 1f - CosineSimilarity(a, b), margin: 0.7, swap: %s, %s)" % (number(swap), red), triplet,
            lambda g, red: F.triplet_margin_with_distance_loss(*g, distance_function=lambda a, b: 1 - F.cosine_similarity(a, b), margin=0.7, swap=swap, reduction=red), "cosine swap %s" % swap)
        add(
            "TripletMarginWithDistanceLoss", shape, reduction, lambda red: "TripletMarginWithDistanceLoss(x, p, n, swap: %s, %s)" % (number(swap), red), triplet,
            lambda g, red: F.triplet_margin_with_distance_loss(*g, swap=swap, reduction=red), "default swap %s" % swap)
    for margin in (0.0, 0.5):
        add(
            "CosineEmbeddingLoss", shape, reduction, lambda red: "CosineEmbeddingLoss(x, y, t, margin: %g, %s)" % (margin, red),
            lambda draw: [draw.floats("x", shape), draw.floats("y", shape), draw.signs("t", (shape[0],))],
            lambda g, red: F.cosine_embedding_loss(*g, margin=margin, reduction=red), "margin: %g" % margin)

for shape, reduction, margin in itertools.product([(1, 1), (6, 1), (4, 3)], REDUCTIONS, (0.0, 0.5)):
    add(
        "MarginRankingLoss", shape, reduction, lambda red: "MarginRankingLoss(x, y, t, margin: %g, %s)" % (margin, red),
        lambda draw: [draw.floats("x", shape), draw.floats("y", shape), draw.signs("t", shape)],
        lambda g, red: F.margin_ranking_loss(*g, margin=margin, reduction=red), "margin: %g" % margin)


def function(name, expression, compute, shape=(3, 5), low=-2.0, high=2.0, second=None):
    """A function that is no loss: multiplied by s and summed."""
    draw = Draw(len(CASES))
    given = [draw.floats("x", shape, low, high)] + ([draw.floats("y", second, low, high)] if second else [])
    result = compute(*given)
    s = draw.floats("s", tuple(result.shape), 0.5, 1.5)
    total = (result * s).sum()
    total.backward()
    write(name, "Sum(%s * s)" % expression, total, draw)


for exponent, low in [(0, -2), (1, -2), (2, -2), (3, -2), (-1, 0.5), (-2, -2), (7, -1.5), (0.5, 0.2), (-0.5, 0.2), (1.5, 0.2), (-2.3, 0.4)]:
    function("Pow %g" % exponent, "Pow(x, %g)" % exponent, lambda x: x.pow(exponent), low=low)
function("Clamp both", "Clamp(x, min: -0.7, max: 0.9)", lambda x: x.clamp(-0.7, 0.9))
function("Clamp below", "Clamp(x, min: 0.1)", lambda x: x.clamp(min=0.1))
function("Clamp above", "Clamp(x, max: 0.1)", lambda x: x.clamp(max=0.1))
function("Clamp of crossed bounds", "Clamp(x, min: 1, max: 0.5)", lambda x: x.clamp(1, 0.5))
function("Sign", "Sign(x)", lambda x: x.sign())
function("LogSigmoid", "LogSigmoid(x)", F.logsigmoid, low=-30, high=30)
function("Softplus", "Softplus(x)", F.softplus, low=-30, high=30)
function("Softplus beta and threshold", "Softplus(x, beta: 2, threshold: 5)", lambda x: F.softplus(x, 2, 5), low=-6, high=6)
function("LeakyRelu", "LeakyRelu(x)", F.leaky_relu)
function("LeakyRelu slope", "LeakyRelu(x, 0.3)", lambda x: F.leaky_relu(x, 0.3))
function("Elu", "Elu(x)", F.elu, low=-5, high=5)
function("Elu alpha", "Elu(x, alpha: 0.4)", lambda x: F.elu(x, 0.4), low=-5, high=5)
function("Silu", "Silu(x)", F.silu, low=-6, high=6)
function("Hardtanh", "Hardtanh(x)", F.hardtanh)
function("Hardtanh bounds", "Hardtanh(x, -0.5, 1.5)", lambda x: F.hardtanh(x, -0.5, 1.5))
for dim in (-1, 1):
    function("LogSumExp %d" % dim, "LogSumExp(x, %d)" % dim, lambda x: x.logsumexp(dim), shape=(2, 3, 5), low=-40, high=40)
for p in (2.0, 1.0, 3.0, 0.5):
    function("Norm %g" % p, "Norm(x, %g, -1)" % p, lambda x: torch.linalg.vector_norm(x, p, -1))
function("Norm infinite", "Norm(x, double.PositiveInfinity, -1)", lambda x: torch.linalg.vector_norm(x, float("inf"), -1))
function("Norm 0", "Norm(x, 0, -1)", lambda x: torch.linalg.vector_norm(x, 0, -1))
for p, eps in [(2.0, 1e-6), (1.0, 0.5), (3.0, 1e-6)]:
    function("PairwiseDistance %g %g" % (p, eps), "PairwiseDistance(x, y, %g, %g)" % (p, eps), lambda x, y: F.pairwise_distance(x, y, p, eps), second=(3, 5))
function("PairwiseDistance kept", "PairwiseDistance(x, y, keepDim: true)", lambda x, y: F.pairwise_distance(x, y, keepdim=True), second=(3, 5))
function("CosineSimilarity", "CosineSimilarity(x, y)", lambda x, y: F.cosine_similarity(x, y), second=(3, 5))
function("CosineSimilarity last", "CosineSimilarity(x, y, dim: -1)", lambda x, y: F.cosine_similarity(x, y, dim=-1), shape=(2, 3, 4), second=(2, 3, 4))
function("CosineSimilarity eps", "CosineSimilarity(x, y, eps: 4)", lambda x, y: F.cosine_similarity(x, y, eps=4), second=(3, 5))
for name, operation in [("Greater", torch.gt), ("GreaterEqual", torch.ge), ("Less", torch.lt), ("LessEqual", torch.le), ("Equal", torch.eq), ("NotEqual", torch.ne)]:
    function(name, "x * %s(x, y)" % name, lambda x, y: x * operation(x, y), second=(3, 5))
    function(name + " a number", "x * %s(x, 0.25)" % name, lambda x: x * operation(x, 0.25))
function("Where", "Where(Greater(x, y), x * x, y)", lambda x, y: torch.where(x > y, x * x, y), second=(3, 5))
function("Where a number", "Where(Less(x, 0.2), x, -3)", lambda x: torch.where(x < 0.2, x, torch.tensor(-3.0)))


def edge(name, expression, compute, labels=None, **given):
    """Numbers where naive formulas overflow, divide by 0 or take the logarithm of 0. Arguments in capitals have no gradient."""
    draw = Draw(0)
    tensors = [draw.given(key.lower(), values, key.islower()) for key, values in given.items()]
    if labels is not None:
        draw.labels = torch.tensor(labels)
        tensors.append(draw.labels)
    result = compute(*tensors)
    result.backward()
    write("edge: " + name, expression, result, draw)


edge("logits of 120", "BinaryCrossEntropyWithLogits(x, t)", F.binary_cross_entropy_with_logits, x=[[120, -120, 120, -120]], T=[[1, 1, 0, 0]])
edge("probabilities of 0 and 1", "BinaryCrossEntropy(x, t)", F.binary_cross_entropy, x=[[0, 1, 0, 1]], T=[[1, 1, 0, 0]])
edge("targets of 0", "KlDiv(x, t)", F.kl_div, x=[[-1, -2, -0.5]], T=[[0, 1, 0]])
edge("logits of 1e8", "CrossEntropy(x, labels)", F.cross_entropy, labels=[0, 1], x=[[1e8, 0, 1e8], [-1e8, 3e7, 0]])
edge("a far logit", "CrossEntropy(x, labels)", F.cross_entropy, labels=[1], x=[[1e8, 0, -1e8]])
edge("a vector of 0", "Sum(CosineSimilarity(x, y))", lambda x, y: F.cosine_similarity(x, y).sum(), x=[[0, 0, 0], [1, 2, 2]], Y=[[1, 2, 2], [0, 0, 0]])
edge("an embedding of 0", "CosineEmbeddingLoss(x, y, t)", F.cosine_embedding_loss, x=[[0, 0, 0], [1, 2, 2]], Y=[[1, 2, 2], [0, 0, 0]], T=[1, -1])
edge("equal points", "TripletMarginLoss(x, p, n)", F.triplet_margin_loss, x=[[1, 2, 3, 4]], p=[[1, 2, 3, 4]], n=[[1, 2, 3, 4]])
edge("equal points without eps", "TripletMarginLoss(x, p, n, eps: 0)", lambda x, p, n: F.triplet_margin_loss(x, p, n, eps=0), x=[[1, 2, 3, 4]], p=[[1, 2, 3, 4]], n=[[1, 2, 3, 5]])
edge("counts of 0 and 1", "PoissonNllLoss(x, t, full: true)", lambda x, t: F.poisson_nll_loss(x, t, full=True), x=[[0.5, -1, 2]], T=[[0, 1, 2]])
edge("a rate of 0", "PoissonNllLoss(x, t, logInput: false)", lambda x, t: F.poisson_nll_loss(x, t, log_input=False), x=[[0, 1]], T=[[0, 0]])
edge("margins of 200", "SoftMarginLoss(x, t)", lambda x, t: F.soft_margin_loss(x, t), x=[[200, -200, 3]], T=[[1, -1, 1]])
edge("a weight of 0", "CrossEntropy(x, labels, weight: new[] { 0f, 1f, 2f })", lambda x, y: F.cross_entropy(x, y, weight=torch.tensor([0.0, 1, 2])), labels=[0, 1], x=[[1, 2, 3], [3, 1, 2]])
edge("weights of 0", "BinaryCrossEntropy(x, t, weight: w)", lambda x, t, w: F.binary_cross_entropy(x, t, weight=w), x=[[0.3, 0, 1]], T=[[1, 1, 0]], W=[[0, 0, 0]])
edge("a variance of 0", "GaussianNllLoss(x, t, v)", lambda x, t, v: F.gaussian_nll_loss(x, t, v), x=[[1, 2]], T=[[1, 2]], v=[[0, 0]])
edge("no difference", "SmoothL1Loss(x, t) + L1Loss(x, t) + HuberLoss(x, t)", lambda x, t: F.smooth_l1_loss(x, t) + F.l1_loss(x, t) + F.huber_loss(x, t), x=[[1, 2, 3]], T=[[1, 2, 3]])
edge("a norm of 0", "Sum(Norm(x, 2, -1)) + Sum(Norm(x, 3, -1))", lambda x: torch.linalg.vector_norm(x, 2, -1).sum() + torch.linalg.vector_norm(x, 3, -1).sum(), x=[[0, 0], [3, 4]])
edge("logarithms of sigmoids of 200", "Sum(LogSigmoid(x))", lambda x: F.logsigmoid(x).sum(), x=[[200, -200, 0]])
edge("at the bounds", "Sum(Clamp(x, -1, 1)) + 2 * Sum(Hardtanh(x))", lambda x: x.clamp(-1, 1).sum() + 2 * F.hardtanh(x).sum(), x=[[-1, 1, 0, 3, -3]])
edge("hinges at their corner", "MarginRankingLoss(x, y, t) + HingeEmbeddingLoss(x, t)", lambda x, y, t: F.margin_ranking_loss(x, y, t) + F.hinge_embedding_loss(x, t), x=[[1, 1, 2]], Y=[[1, 1, 2]], T=[[1, -1, -1]])

print("%d cases, %d characters" % (len(CASES), files.write("Losses/losses.json", {"cases": CASES})))
