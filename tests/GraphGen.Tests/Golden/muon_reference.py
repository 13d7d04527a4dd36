"""Muon in float64, for make_special_optimizers.py: PyTorch has it since 2.9."""

import numpy as np


def muon(o, state, w, g):
    """
    The new value of w, which has the gradient g, by the options o; `state` is a dictionary, empty before the first step.

    Jordan and others; the momentum as an average, the clamped norm and the adjustments as PyTorch 2.9 has them.
    """
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
