"""Every elementwise optimizer in float64, a line of its rule a line of code, written from the documentation of PyTorch 2.x.

A rule takes the group's options `o`, the state `s` of one parameter (a dict that is empty at first), its value `w`, its gradient `g`
and the number `t` of its update, from 1, and returns the new value. States have the names of PyTorch's state dict.
The gradient is negated first if `maximize` is set (common to all), then the L2 penalty `weight_decay` is added where it is part of
the gradient, then the L1 penalty `l1`, which PyTorch has as a term of the loss only.
"""

import math

import torch


def gradient(o, w, g, decay=True):
    g = -g if o.get("maximize") else g
    if decay and o.get("weight_decay"):
        g = g + o["weight_decay"] * w
    return g + o["l1"] * w.sign() if o.get("l1") else g


def average(s, name, value, beta):
    s[name] = beta * s.get(name, torch.zeros_like(value)) + (1 - beta) * value
    return s[name]


def sgd(o, s, w, g, t):
    g = gradient(o, w, g)
    if o["momentum"]:
        first = "momentum_buffer" not in s
        s["momentum_buffer"] = g if first else o["momentum"] * s["momentum_buffer"] + (1 - o["dampening"]) * g
        g = g + o["momentum"] * s["momentum_buffer"] if o["nesterov"] else s["momentum_buffer"]
    return w - o["lr"] * g


def adam(o, s, w, g, t, decoupled=False):
    g = gradient(o, w, g, decay=not decoupled)
    if decoupled:
        w = w * (1 - o["lr"] * o["weight_decay"])
    b1, b2 = o["betas"]
    m, v = average(s, "exp_avg", g, b1), average(s, "exp_avg_sq", g * g, b2)
    if o["amsgrad"]:
        v = s["max_exp_avg_sq"] = torch.maximum(s.get("max_exp_avg_sq", torch.zeros_like(v)), v)
    return w - o["lr"] / (1 - b1**t) * m / (v.sqrt() / math.sqrt(1 - b2**t) + o["eps"])


def adamw(o, s, w, g, t):
    return adam(o, s, w, g, t, decoupled=True)


def adamax(o, s, w, g, t):
    g = gradient(o, w, g)
    b1, b2 = o["betas"]
    m = average(s, "exp_avg", g, b1)
    s["exp_inf"] = torch.maximum(b2 * s.get("exp_inf", torch.zeros_like(g)), g.abs() + o["eps"])
    return w - o["lr"] / (1 - b1**t) * m / s["exp_inf"]


def nadam(o, s, w, g, t):
    decoupled = o["decoupled_weight_decay"]
    g = gradient(o, w, g, decay=not decoupled)
    if decoupled:
        w = w * (1 - o["lr"] * o["weight_decay"])
    b1, b2 = o["betas"]
    mu, mu_next = (b1 * (1 - 0.5 * 0.96 ** (k * o["momentum_decay"])) for k in (t, t + 1))
    s["mu_product"] = s.get("mu_product", 1) * mu
    m, v = average(s, "exp_avg", g, b1), average(s, "exp_avg_sq", g * g, b2)
    m_hat = mu_next * m / (1 - s["mu_product"] * mu_next) + (1 - mu) * g / (1 - s["mu_product"])
    return w - o["lr"] * m_hat / ((v / (1 - b2**t)).sqrt() + o["eps"])


def radam(o, s, w, g, t):
    decoupled = o["decoupled_weight_decay"]
    g = gradient(o, w, g, decay=not decoupled)
    if decoupled:
        w = w * (1 - o["lr"] * o["weight_decay"])
    b1, b2 = o["betas"]
    m, v = average(s, "exp_avg", g, b1), average(s, "exp_avg_sq", g * g, b2)
    m_hat = m / (1 - b1**t)
    rho_inf = 2 / (1 - b2) - 1
    rho = rho_inf - 2 * t * b2**t / (1 - b2**t)
    if rho <= 5:
        return w - o["lr"] * m_hat
    r = math.sqrt((rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho))
    return w - o["lr"] * m_hat * r * math.sqrt(1 - b2**t) / (v.sqrt() + o["eps"])


def adagrad(o, s, w, g, t):
    g = gradient(o, w, g)
    s["sum"] = s.get("sum", torch.full_like(g, o["initial_accumulator_value"])) + g * g
    return w - o["lr"] / (1 + (t - 1) * o["lr_decay"]) * g / (s["sum"].sqrt() + o["eps"])


def adadelta(o, s, w, g, t):
    g = gradient(o, w, g)
    v = average(s, "square_avg", g * g, o["rho"])
    delta = (s.get("acc_delta", torch.zeros_like(g)) + o["eps"]).sqrt() / (v + o["eps"]).sqrt() * g
    average(s, "acc_delta", delta * delta, o["rho"])
    return w - o["lr"] * delta


def rmsprop(o, s, w, g, t):
    g = gradient(o, w, g)
    v = average(s, "square_avg", g * g, o["alpha"])
    if o["centered"]:
        v = v - average(s, "grad_avg", g, o["alpha"]) ** 2
    step = g / (v.sqrt() + o["eps"])
    if o["momentum"]:
        step = s["momentum_buffer"] = o["momentum"] * s.get("momentum_buffer", torch.zeros_like(g)) + step
    return w - o["lr"] * step


def asgd(o, s, w, g, t):
    g = gradient(o, w, g)
    eta, mu = s.get("eta", o["lr"]), s.get("mu", 1)
    w = w * (1 - o["lambd"] * eta) - eta * g
    ax = s.get("ax", torch.zeros_like(w))
    s["ax"] = ax + mu * (w - ax)
    s["eta"] = o["lr"] / (1 + o["lambd"] * o["lr"] * t) ** o["alpha"]
    s["mu"] = 1 / max(1, t - o["t0"])
    return w


def rprop(o, s, w, g, t):
    g = gradient(o, w, g)
    turn = g * s.get("prev", torch.zeros_like(g))
    factor = torch.ones_like(g)
    factor[turn > 0], factor[turn < 0] = o["etas"][1], o["etas"][0]
    s["step_size"] = (s.get("step_size", torch.full_like(g, o["lr"])) * factor).clamp(*o["step_sizes"])
    s["prev"] = torch.where(turn < 0, torch.zeros_like(g), g)
    return w - s["prev"].sign() * s["step_size"]
