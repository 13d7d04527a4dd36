"""The numbers that both sides make for themselves: inputs, weights, labels and output gradients of the golden cases.

Nothing of them is stored. Element i of stream s is drawn from

    h = lowbias32(lowbias32(s) + i)            (all arithmetic modulo 2^32)
    u = (h >> 8) * 2^-24                       in [0, 1), exact in float32

and is either a float, `low + u * (high - low)` with every operation rounded to float32, or with `levels` > 0 one of
that many evenly spaced values, `low + floor(u * levels) * ((high - low) / (levels - 1))`, which makes ties, or an integer,
`(h >> 8) % classes`. GoldenStream.cs is the same in C#.

A case has a seed, the CRC-32 of its name cut to 24 bits; its streams are `seed * 256 + slot`.
"""

import zlib

import numpy as np

INPUT_SLOT = 0  # and up: one for each input, in order
TARGET_SLOT = 64  # the loss's labels or target
OUTPUT_GRADIENT_SLOT = 96  # what Backward(outputGradient) is given
PARAMETER_SLOT = 128  # and up: one for each parameter, in order


def case_seed(name):
    return zlib.crc32(name.encode()) & 0xFFFFFF


def lowbias32(x):
    """Chris Wellons' integer hash, on uint32 arrays."""
    x = x.astype(np.uint32)
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x7FEB352D)
    x ^= x >> np.uint32(15)
    x *= np.uint32(0x846CA68B)
    x ^= x >> np.uint32(16)
    return x


def hashes(stream, start, count):
    """The hashes of elements start .. start + count - 1, as 24-bit integers."""
    key = lowbias32(np.array([stream & 0xFFFFFFFF], np.uint32))
    return lowbias32(key + np.arange(start, start + count, dtype=np.uint32)) >> np.uint32(8)


def floats(stream, start, count, low, high, levels=0):
    """float32 values of a stream; see the top of this file."""
    u = hashes(stream, start, count).astype(np.float32) * np.float32(2.0**-24)
    low, high = np.float32(low), np.float32(high)
    if levels > 0:
        step = (high - low) / np.float32(levels - 1)
        return low + np.floor(u * np.float32(levels)) * step
    return low + u * (high - low)


def integers(stream, start, count, classes):
    return (hashes(stream, start, count) % np.uint32(classes)).astype(np.int64)
