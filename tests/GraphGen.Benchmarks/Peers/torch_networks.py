"""The compared networks as users of PyTorch write them."""

from torch import nn
from torch.nn import functional as F


def convolutional(channels, flat, *widths):
    layers = [nn.Conv2d(channels, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()]
    return nn.Sequential(*layers, *linear(flat, *widths))


def linear(*widths):
    layers = []
    for inputs, outputs in zip(widths, widths[1:]):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return layers[:-1]


class GptBlock(nn.Module):
    """A transformer block of 4 heads over 128 features, and a classifier of its mean: [n, 128, 128] to [n, 65]."""

    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(128), nn.LayerNorm(128)
        self.qkv, self.o = nn.Linear(128, 3 * 128), nn.Linear(128, 128)
        self.f1, self.f2 = nn.Linear(128, 512), nn.Linear(512, 128)
        self.head = nn.Linear(128, 65)

    def forward(self, x):
        n, tokens, features = x.shape
        q, k, v = (part.view(n, tokens, 4, 32).transpose(1, 2) for part in self.qkv(self.norm1(x)).split(features, dim=-1))
        attended = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(n, tokens, features)
        x = x + self.o(attended)
        x = x + self.f2(F.gelu(self.f1(self.norm2(x))))
        return self.head(x.mean(1))

    def in_file_order(self):
        """The parameters in the order of weights.bin, where q, k and v are layers of their own."""
        weights, biases = self.qkv.weight.split(128), self.qkv.bias.split(128)
        return [
            *self.norm1.parameters(),
            *self.norm2.parameters(),
            *(tensor for layer in zip(weights, biases) for tensor in layer),
            *(tensor for layer in (self.o, self.f1, self.f2, self.head) for tensor in layer.parameters()),
        ]


# By name: how the network is made, and the shape of a sample.
NETWORKS = {
    "mlp": (lambda: nn.Sequential(*linear(784, 128, 64, 10)), (784,)),
    "cnn": (lambda: convolutional(1, 1600, 128, 10), (1, 28, 28)),
    "seed": (lambda: convolutional(3, 186624, 256, 128, 101), (3, 224, 224)),
    "gpt": (GptBlock, (128, 128)),
}
