"""The rules of SparseAdam, Adafactor and Muon in float64, for make_special_optimizers.py, which says where they are from.

Each takes the options, a state (a dictionary, empty before the first step), the values w, the gradient g, the step t of the parameter
from 1 on, and gives the new values. `rows` are the rows of w that have a gradient.
"""

import numpy as np

FLOAT_EPS = float(np.finfo(np.float32).eps)


def penalized(o, w, g):
    return (-g if o.get("maximize") else g) + o.get("l1", 0) * np.sign(w)


def rms(x):
    return np.sqrt(np.mean(np.square(x)))


def sparseadam(o, state, w, g, t, rows):
    """Adam (Kingma and Ba) of the rows that there are, with the bias corrections of the parameter's step."""
    m, v = state.setdefault("exp_avg", np.zeros_like(w)), state.setdefault("exp_avg_sq", np.zeros_like(w))
    beta1, beta2 = o["betas"]
    g = penalized(o, w, g)
    w = w.copy()
    for r in rows:
        m[r] = beta1 * m[r] + (1 - beta1) * g[r]
        v[r] = beta2 * v[r] + (1 - beta2) * g[r] ** 2
        w[r] -= o["lr"] * np.sqrt(1 - beta2**t) / (1 - beta1**t) * m[r] / (np.sqrt(v[r]) + o["eps"])
    return w


def adafactor(o, state, w, g, t, rows):
    """Shazeer and Stern, with the learning rate and the floors where PyTorch's documentation has them."""
    eps1, eps2 = o["eps"]
    eps1 = FLOAT_EPS if eps1 is None else eps1
    g = penalized(o, w, g)
    keep = 1 - t ** o["beta2_decay"]
    alpha = max(eps2, rms(w)) * min(o["lr"], 1 / np.sqrt(t))
    w = w - o["lr"] * o["weight_decay"] * w
    if w.ndim > 1:
        r, c = np.mean(g**2, axis=-1, keepdims=True), np.mean(g**2, axis=-2, keepdims=True)
        r = state["row_var"] = keep * state.get("row_var", np.zeros_like(r)) + (1 - keep) * r
        c = state["col_var"] = keep * state.get("col_var", np.zeros_like(c)) + (1 - keep) * c
        v = r * c / np.maximum(np.mean(r, axis=-2, keepdims=True), eps1)
    else:
        v = state["variance"] = keep * state.get("variance", np.zeros_like(w)) + (1 - keep) * g**2
    u = g / np.maximum(np.sqrt(v), eps1)
    return w - alpha * u / max(1, rms(u) / o["d"])


def muon(o, state, w, g, t, rows):
    """Jordan and others; the momentum as an average, the clamped norm and the adjustments as PyTorch 2.9 has them."""
    g = penalized(o, w, g)
    mu = o["momentum"]
    b = state["momentum_buffer"] = mu * state.get("momentum_buffer", np.zeros_like(w)) + (1 - mu) * g
    x = (1 - mu) * g + mu * b if o["nesterov"] else b
    # The transpose of a high matrix is not taken: of x A(x)^k it makes no difference in exact arithmetic which side is multiplied.
    x = x / max(np.sqrt(np.sum(x**2)), o["eps"])
    p, q, r = o["ns_coefficients"]
    for _ in range(o["ns_steps"]):
        a = x @ x.T
        x = p * x + q * a @ x + r * a @ (a @ x)
    height, width = w.shape
    if o["adjust_lr_fn"] == "match_rms_adamw":
        ratio = 0.2 * np.sqrt(max(height, width))
    else:
        ratio = np.sqrt(max(1, height / width))
    return w * (1 - o["lr"] * o["weight_decay"]) - o["lr"] * ratio * x
