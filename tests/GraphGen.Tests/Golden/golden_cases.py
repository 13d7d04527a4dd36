"""Small networks that between them use every operation, shape, stride, padding, group, broadcast and odd size.

Each has its twin of the same name in Models/*.cs. A line of `CASES` reads: inputs, parameters, the network.
"""

import torch
import torch.nn.functional as F

from golden import Case, Labels, Source, conv, linear, p, x

SMALL = (1, 3, 5, 8)
CASES = []


def add(name, inputs, parameters, forward, batches=(1, 3), **more):
    CASES.append(Case(name, inputs, parameters, forward, batches, **more))


def layer(v, p, name, **options):
    weight, bias = p[name + ".weight"], p.get(name + ".bias")
    return F.linear(v, weight, bias) if weight.dim() == 2 else F.conv2d(v, weight, bias, **options)


# Elementwise operations, and broadcasting.

W37 = p("w", 37)
POSITIVE = dict(low=0.25, high=2.0)
LEVELS = dict(low=-1.0, high=1.0, levels=5)

add("ExpNet", x(37, low=-3, high=3), W37, lambda x, p: torch.exp(x * p["w"]), SMALL)
add("ErfNet", x(37, low=-3, high=3), W37, lambda x, p: torch.erf(x * p["w"]), SMALL)
add("SinNet", x(37, low=-20, high=20), W37, lambda x, p: torch.sin(x * p["w"]), SMALL)
add("CosNet", x(37, low=-20, high=20), W37, lambda x, p: torch.cos(x * p["w"]), SMALL)
add("LogNet", x(37, **POSITIVE), p("w", 37, **POSITIVE), lambda x, p: torch.log(x * p["w"]), SMALL)
add("SqrtNet", x(37, **POSITIVE), p("w", 37, **POSITIVE), lambda x, p: torch.sqrt(x * p["w"]))
add("TanhNet", x(37, low=-4, high=4), W37, lambda x, p: torch.tanh(x * p["w"]), SMALL)
add("SigmoidNet", x(37, low=-9, high=9), W37, lambda x, p: torch.sigmoid(x * p["w"]), SMALL)
add("GeluNet", x(37, low=-4, high=4), W37, lambda x, p: F.gelu(x * p["w"]), SMALL)
add("GeluTanhNet", x(37, low=-4, high=4), W37, lambda x, p: F.gelu(x * p["w"], approximate="tanh"))
# Quantised values meet the kink at zero exactly: relu's gradient is 0 there, the absolute value's too.
add("ReluNet", x(37, **LEVELS), p("w", 37, **LEVELS), lambda x, p: torch.relu(x + p["w"]), SMALL)
add("AbsNet", x(37, **LEVELS), p("w", 37, **LEVELS), lambda x, p: torch.abs(x + p["w"]))
# At a tie both sides of a maximum take half of the gradient.
add("MaximumNet", x(37, **LEVELS), p("w", 37, **LEVELS), lambda x, p: torch.maximum(x, p["w"]))
add("MinimumNet", x(37, **LEVELS), p("w", 37, **LEVELS), lambda x, p: torch.minimum(p["w"], x))
add("ClampNet", x(37, low=-2, high=2), W37, lambda x, p: torch.clamp(x * p["w"], -0.5, 0.75))
add("ArithmeticNet", x(4, 5),
    p("a", 5) + p("b", 4, 1) + p("c", 4, 5, low=1, high=2) + p("d", 1),
    lambda x, p: 1 - (x + p["a"]) * p["b"] / p["c"] - x / 4 + -p["d"] * 0.5 + 2 / p["c"], SMALL)
add("BroadcastOuterNet", x(6, 1), p("row", 7) + p("column", 6, 1), lambda x, p: x * p["row"] + p["column"], SMALL)
add("BroadcastImageNet", x(3, 5, 7), p("channel", 3, 1, 1) + p("line", 1, 5, 1) + p("pixel", 7),
    lambda x, p: x * p["channel"] + p["line"] * x * x - p["pixel"])
add("TwoInputsNet", x(9) + [Source("scale", (1,))], p("w", 9), lambda x, scale, p: x * scale + p["w"], SMALL)

# Reductions.

add("SumLastNet", x(3, 19), p("w", 19), lambda x, p: torch.exp(x * p["w"]).sum(2))
add("SumMiddleNet", x(3, 19), p("w", 3, 19), lambda x, p: x * (x * p["w"]).sum(1, keepdim=True))
add("SumDimsNet", x(3, 5, 7), p("w", 3, 5, 7), lambda x, p: (x * p["w"]).sum([1, 3]))
add("MeanLastNet", x(3, 19), p("w", 19), lambda x, p: (x * p["w"]).mean(-1))
add("MeanImageNet", x(6, 5, 7), p("w", 6, 5, 7), lambda x, p: torch.relu(x * p["w"]).mean([2, 3]))
add("MaxLastNet", x(3, 19), p("w", 19), lambda x, p: (x * p["w"]).amax(-1))
# Ties of a maximum over a dimension share the gradient evenly.
add("MaxTiesNet", x(3, 19, low=0, high=1, levels=3), p("w", 3, 19, low=0, high=1, levels=3), lambda x, p: (x + p["w"]).amax(2))
add("MaxDimsNet", x(5, 4, 3), p("w", 5, 4, 3), lambda x, p: (x * p["w"]).amax((2, 3), keepdim=True) * x)


def layer_norm(v, p):
    centred = v - v.mean(-1, keepdim=True)
    variance = (centred * centred).mean(-1, keepdim=True)
    return centred / torch.sqrt(variance + 1e-5) * p["gain"] + p["offset"]


add("LayerNormNet", x(33), p("v", 33) + p("gain", 33) + p("offset", 33), lambda x, p: layer_norm(x * p["v"], p), SMALL)
add("SoftmaxNet", x(37, low=-5, high=5), W37, lambda x, p: torch.softmax(x * p["w"], -1), SMALL)
add("SoftmaxMiddleNet", x(5, 7, low=-5, high=5), p("w", 5, 7), lambda x, p: torch.softmax(x * p["w"], 1))
add("LogSoftmaxNet", x(37, low=-90, high=90), W37, lambda x, p: torch.log_softmax(x * p["w"], -1), SMALL)
add("LogSoftmaxMiddleNet", x(5, 7, low=-5, high=5), p("w", 5, 7), lambda x, p: torch.log_softmax(x * p["w"], 1))

# Products.

add("MatMulNet", x(19), p("w", 19, 23), lambda x, p: x @ p["w"], SMALL)
add("MatMulWideNet", x(130), p("w", 130, 67) + p("v", 67, 5), lambda x, p: torch.relu(x @ p["w"]) @ p["v"], (1, 2, 7, 33))
add("MatMulSequenceNet", x(5, 19), p("v", 19) + p("w", 19, 7), lambda x, p: (x * p["v"]) @ p["w"])
add("MatMulLeftNet", x(5, 9), p("w", 6, 5) + p("v", 9), lambda x, p: p["w"] @ (x * p["v"]))
add("MatMulBatchedNet", x(3, 5, 7), p("v", 7) + p("w", 3, 7, 4), lambda x, p: (x * p["v"]) @ p["w"])
add("MatMulTwoParametersNet", x(17, 9), p("a", 17, 33) + p("b", 33, 9), lambda x, p: x * (p["a"] @ p["b"]))


def attention(x, p):
    q, k, v = x @ p["query"], x @ p["key"], x @ p["value"]
    return torch.softmax(q @ k.transpose(1, 2) * 0.35355338, -1) @ v


add("AttentionNet", x(5, 12), p("query", 12, 8) + p("key", 12, 8) + p("value", 12, 8), attention, SMALL)


def multi_head(x, p):
    heads = (x @ p["qkv"]).reshape(-1, 5, 9, 7)
    q, k, v = (part.transpose(1, 2) for part in heads.split(3, 2))
    weights = torch.softmax(q @ k.transpose(-1, -2) * 0.37796447, -1)
    return (weights @ v).transpose(1, 2).reshape(-1, 5, 21) @ p["output"]


add("MultiHeadNet", x(5, 12), p("qkv", 12, 63) + p("output", 21, 10), multi_head, SMALL)

# Movement.

add("ReshapeNet", x(24), p("v", 24) + p("w", 4), lambda x, p: (x * p["v"]).reshape(-1, 6, 4) * p["w"])
add("FlattenNet", x(3, 5, 7), p("v", 5, 7) + p("w", 7, 2), lambda x, p: (x * p["v"]).flatten(1, 2) @ p["w"])
add("TransposeNet", x(5, 7), p("v", 7) + p("w", 5), lambda x, p: (x * p["v"]).transpose(1, 2) * p["w"])
add("PermuteNet", x(3, 5, 7), p("v", 7) + p("w", 3), lambda x, p: (x * p["v"]).permute(0, 2, 3, 1) * p["w"])

# Parts of tensors, and tensors side by side.

add("SliceNet", x(7, 9), p("v", 7, 9) + p("w", 3, 5), lambda x, p: (x * p["v"])[:, 1:6:2, -5:] * p["w"], SMALL)
add("RangesNet", x(3, 5, 7), p("v", 5, 7), lambda x, p: (x * p["v"])[:, 1:, :-1, 2] * (x * p["v"])[:, -1:, 1:, -3] + x[:, 0, 1, 1:3].sum(-1)[:, None, None])
add("FlipNet", x(5, 6), p("v", 5, 6), lambda x, p: (x * p["v"]).flip(-1, 1) * x)
add("PadNet", x(4, 5, 6), p("v", 6) + p("w", 3, 8, 8), lambda x, p: F.pad(x * p["v"], (1, 1, 0, 3, -2, 1), value=0.5) * p["w"])
add("ConcatNet", x(3, 5), p("v", 5) + p("w", 7, 5), lambda x, p: torch.cat([x * p["v"], x[:, :1], torch.tanh(x * p["v"])], 1) * p["w"], SMALL)
add("ConcatLastNet", x(3, 5), p("v", 5) + p("w", 3, 2),
    lambda x, p: torch.cat([torch.cat([x * p["v"], x], -1), x[:, :, :2] * p["w"]], -1))
add("StackNet", x(3, 5), p("v", 5) + p("w", 2, 1, 5), lambda x, p: torch.stack([x * p["v"], torch.exp(x)], 1) * p["w"])
add("StackLastNet", x(3, 5), p("v", 5), lambda x, p: torch.tanh(torch.stack([x * p["v"], x, x * x], -1)))


def split(x, p):
    first, second, third = (x * p["v"]).split([2, 4, 1], -1)
    return first.sum(-1, keepdim=True) * second.split(3, -1)[1] + third


def gates(x, p):
    update, reset, candidate = (x @ p["w"]).chunk(3, -1)
    return torch.sigmoid(update) * torch.tanh(candidate + torch.sigmoid(reset))


add("SplitNet", x(3, 7), p("v", 7), split)
add("ChunkNet", x(3, 7), p("w", 7, 15), gates, SMALL)
add("ChunkUnevenNet", x(11), p("v", 11), lambda x, p: torch.cat(list(reversed((x * p["v"]).chunk(4, 1))), 1))

# Products by named axes.


def heads(x, p):
    q, k = (torch.einsum("ntc,chd->nthd", x, p[name]) for name in ("q", "k"))
    return torch.einsum("nhts,nshd->nthd", torch.softmax(torch.einsum("nthd,nshd->nhts", q, k) * 0.5, -1), q)


add("EinsumAttentionNet", x(5, 6), p("q", 6, 3, 4) + p("k", 6, 3, 4), heads, SMALL)
add("EinsumBilinearNet", x(5), p("v", 5) + p("w", 4, 5, 5), lambda x, p: torch.einsum("ni,oij,nj->no", x, p["w"], x * p["v"]))
add("EinsumHeadsNet", x(3, 7), p("w", 3, 7, 5), lambda x, p: torch.einsum("nhd,hde->neh", x, p["w"]))
add("EinsumImplicitNet", x(3, 7), p("w", 7, 5), lambda x, p: torch.einsum("Nai,ib", x, p["w"]) + torch.einsum("Nai->N", x)[:, None, None])

# Convolution and pooling. Most have two layers, so that the gradient of an input flows too.


def two_convs(first, second=None, act=torch.relu):
    return lambda x, p: layer(act(layer(x, p, "conv1", **first)), p, "conv2", **(first if second is None else second))


add("ConvNet", x(3, 9, 11), conv("conv1", 3, 5, 3) + conv("conv2", 5, 4, 3), two_convs({}), SMALL)
add("ConvStrideNet", x(2, 13, 10), conv("conv1", 2, 8, 3) + conv("conv2", 8, 6, 3), two_convs(dict(stride=2, padding=1)))
add("ConvKernel5Net", x(3, 14, 11), conv("conv1", 3, 7, 5) + conv("conv2", 7, 3, 4),
    two_convs(dict(stride=3, padding=2), dict(padding=1), torch.tanh))
add("ConvDilationNet", x(3, 11, 12), conv("conv1", 3, 7, 3) + conv("conv2", 7, 3, 3),
    two_convs(dict(dilation=2, padding=2), dict(dilation=2)))
add("ConvGroupsNet", x(4, 8, 7), conv("conv1", 4, 8, 3, groups=2) + conv("conv2", 8, 6, 3, groups=2), two_convs(dict(groups=2, padding=1)))
add("ConvDepthwiseNet", x(8, 7, 9), conv("conv1", 8, 8, 3, groups=8) + conv("conv2", 8, 16, 3, groups=8), two_convs(dict(groups=8, padding=1)))
add("Conv1x1Net", x(17, 5, 6), conv("conv1", 17, 19, 1) + conv("conv2", 19, 5, 1), two_convs({}))
add("ConvNoBiasNet", x(3, 8, 8), conv("conv1", 3, 6, 3, bias=False) + conv("conv2", 6, 4, 3, bias=False), two_convs({}))
add("ConvWideNet", x(1, 10, 9), conv("conv1", 1, 33, 3) + conv("conv2", 33, 35, 3), two_convs({}))
add("ConvFunctionalNet", x(3, 9, 8), p("v", 3, 1, 1) + p("w", 5, 3, 3, 3) + p("b", 5),
    lambda x, p: F.conv2d(x * p["v"], p["w"], p["b"], stride=2, padding=1))
add("ConvPoolNet", x(2, 15, 13), conv("conv1", 2, 9, 3) + conv("conv2", 9, 18, 3),
    lambda x, p: F.max_pool2d(torch.relu(layer(F.max_pool2d(torch.relu(layer(x, p, "conv1")), 2), p, "conv2")), 2), SMALL)
add("ConvWinogradNet", x(3, 19, 14), conv("conv1", 3, 16, 3) + conv("conv2", 16, 32, 3) + conv("conv3", 32, 64, 3, bias=False),
    lambda x, p: torch.tanh(F.max_pool2d(layer(F.max_pool2d(torch.relu(layer(
        F.max_pool2d(torch.relu(layer(x, p, "conv1", padding=1)), 2), p, "conv2", padding=1)), 2), p, "conv3", padding=1), 2)))
add("ConvPoolOverlapNet", x(2, 12, 11), conv("conv1", 2, 6, 3) + conv("conv2", 6, 4, 3),
    lambda x, p: layer(F.max_pool2d(torch.relu(layer(x, p, "conv1", padding=1)), 3, 2, 1), p, "conv2"))
add("ConvPoolPlainNet", x(2, 10, 10), conv("conv1", 2, 6, 3) + conv("conv2", 6, 4, 3),
    lambda x, p: torch.relu(F.max_pool2d(layer(torch.tanh(F.max_pool2d(layer(x, p, "conv1"), 2)), p, "conv2", padding=1), 2)))
add("ConvAvgPoolNet", x(2, 12, 10), conv("conv1", 2, 6, 3) + conv("conv2", 6, 4, 3),
    lambda x, p: F.avg_pool2d(layer(F.avg_pool2d(torch.relu(layer(x, p, "conv1")), 2), p, "conv2", padding=1), 2))
# Quantised images: the first of equal elements takes the gradient.
add("MaxPoolTiesNet", x(3, 8, 9, low=0, high=1, levels=3), p("w", 3, 8, 9, low=0, high=1, levels=3), lambda x, p: F.max_pool2d(x + p["w"], 2))
add("MaxPoolPaddedNet", x(3, 8, 9), p("w", 3, 8, 9), lambda x, p: F.max_pool2d(x * p["w"], 3, 1, 1))
add("AvgPoolPaddedNet", x(3, 9, 8), p("w", 3, 9, 8), lambda x, p: F.avg_pool2d(x * p["w"], 3, 2, 1))
add("AvgPoolUncountedNet", x(3, 9, 8), p("w", 3, 9, 8), lambda x, p: F.avg_pool2d(x * p["w"], 3, 2, 1, count_include_pad=False))
add("ResidualNet", x(4, 7, 6), conv("conv1", 4, 4, 3) + conv("conv2", 4, 4, 3),
    lambda x, p: torch.relu(x + layer(torch.relu(layer(x, p, "conv1", padding=1)), p, "conv2", padding=1)))


# A layer used several times, in a loop of the body.


def recurrent(v, p):
    for _ in range(3):
        v = torch.tanh(layer(v, p, "hidden"))
    return v


add("SharedLayerNet", x(13), linear("hidden", 13, 13), recurrent, SMALL)
add("NoBiasNet", x(13), linear("fc1", 13, 21, bias=False) + linear("fc2", 21, 6), lambda x, p: layer(torch.relu(layer(x, p, "fc1")), p, "fc2"), SMALL)

def heads(x, p):
    h = torch.tanh(layer(x, p, "body"))
    return layer(h, p, "center"), F.softplus(layer(h, p, "spread"))


def embedding(x, p):
    return layer(torch.flatten(F.max_pool2d(torch.relu(layer(x, p, "conv")), 2), 1), p, "fc")


# Losses, each behind one linear layer of 11 to 7.

FC = linear("fc", 11, 7)
WEIGHT = torch.tensor([0.5, 1.0, 2.0, 0.25, 1.5, 1.0, 3.0], dtype=torch.float64)


def entropy(**options):
    def loss(output, labels, p):
        o = {k: v.to(output.dtype) if k == "weight" else v for k, v in options.items()}
        losses = F.cross_entropy(output, labels, **{**o, "reduction": "none"})
        return F.cross_entropy(output, labels, **o), losses

    return loss


def add_loss(name, loss, **more):
    add(name, x(11, low=-3, high=3), FC, lambda x, p: layer(x, p, "fc"), more.pop("batches", (1, 5, 8)), loss=loss, **more)


C7 = Labels(7)
TARGET7 = Source("target", (7,))
add_loss("CrossEntropyNet", entropy(), labels=C7)
add_loss("CrossEntropySumNet", entropy(reduction="sum"), labels=C7)
add_loss("CrossEntropySmoothNet", entropy(label_smoothing=0.1), labels=C7)
add_loss("CrossEntropyIgnoreNet", entropy(ignore_index=3), labels=Labels(7, 3), batches=(5, 8))
add_loss("CrossEntropyWeightNet", entropy(weight=WEIGHT), labels=C7)
add_loss("CrossEntropyGivenWeightNet", entropy(weight=WEIGHT), labels=C7)
add_loss("CrossEntropyAllNet", entropy(weight=WEIGHT, label_smoothing=0.2, ignore_index=-1), labels=Labels(7, -1), batches=(5, 8))
add_loss("CrossEntropyAllSumNet", entropy(weight=WEIGHT, label_smoothing=0.2, reduction="sum"), labels=C7)
add_loss("MseNet", lambda o, t, p: (F.mse_loss(o, t), None), target=TARGET7)
add_loss("MseSumNet", lambda o, t, p: (F.mse_loss(o, t, reduction="sum"), None), target=TARGET7)
add_loss("L1Net", lambda o, t, p: (F.l1_loss(o, t), None), target=TARGET7)
add_loss("L1SumNet", lambda o, t, p: (F.l1_loss(o, t, reduction="sum"), None), target=TARGET7)
add_loss("CrossEntropyFunctionNet", lambda o, l, p: (F.cross_entropy(o / 2, l, label_smoothing=0.1), None), labels=C7)
add_loss("PlainLossNet", lambda o, p: ((torch.exp(o) - o).mean(), None))
# The hand-written loss: squared error, L1 regularisation over a raw parameter and the mean of a maximum.
add("RegularisedNet", x(11), p("w", 11, 7) + p("b", 7), lambda x, p: x @ p["w"] + p["b"], (1, 5, 8),
    loss=lambda o, t, p: (((o - t) * (o - t)).mean() + 0.01 * p["w"].abs().sum() + 0.1 * o.amax(1).mean(), None), target=TARGET7)

# Several outputs, one after the other in the tests: a mean and a variance; a network called three times, with one set of weights.

add("HeadsNet", x(11, low=-3, high=3), linear("body", 11, 9) + linear("center", 9, 7) + linear("spread", 9, 7), heads, (1, 5, 8),
    loss=lambda o, t, p: (F.gaussian_nll_loss(o[0], t, o[1], full=True), None), target=TARGET7)
add("TripletNet", [Source(name, (1, 12, 10)) for name in ("first", "second", "third")], conv("conv", 1, 6, 3) + linear("fc", 120, 8, bias=False),
    lambda first, second, third, p: tuple(embedding(v, p) for v in (first, second, third)), (1, 5, 8),
    loss=lambda o, p: (F.triplet_margin_loss(*o, swap=True), None))
# A loss for each sample, gone back through from the gradient of their mean.
add_loss("UnreducedNet", entropy(label_smoothing=0.1), labels=C7)
