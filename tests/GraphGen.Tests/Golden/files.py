"""How the scripts here write golden files: where, with how many digits, and by which PyTorch.

Every file names the release of PyTorch that its script ran with, `"pytorch"` (in safetensors files in the metadata). One release makes
them all: another is refused here, and GoldenReleaseTests.cs finds a file of another. To go on to a new one change RELEASE here and there,
run every make_*.py, and explain what changes.
"""

import json
import os

import torch

RELEASE = "2.6.0"
FOLDER = os.path.dirname(os.path.abspath(__file__))


def release():
    running = torch.__version__.split("+")[0]
    if running != RELEASE:
        raise SystemExit("golden files are made by PyTorch %s, this is %s" % (RELEASE, running))
    return running


def number(value):
    """Nine digits: more than a float32 holds."""
    return float("%.9g" % value)


def dumps(value):
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def write(path, content):
    """Writes FOLDER/path and returns its size. What is under `cases` has a line each."""
    content = {"pytorch": release(), **content}
    cases = content.pop("cases", None)
    text = dumps(content)
    if cases is not None:
        text = text[:-1] + ',"cases":[\n' + ",\n".join(dumps(case) for case in cases) + "\n]}"
    path = os.path.join(FOLDER, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        return file.write(text + "\n")
