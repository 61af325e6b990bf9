"""Examples A, B, C, E and H worked once more as with a pocket calculator: decimal, half-up, line by line.

Nothing of stepwise is used here.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

Numbers = list[Decimal]
Values = dict[str, list[Numbers]]
D = Decimal


def r(value: Decimal, places: int = 3) -> Decimal:
    """Half-up, ties away from zero."""
    return value.quantize(D(1).scaleb(-places), ROUND_HALF_UP)


def d(*texts: str) -> list[Numbers]:
    """Typed rows; one row is a vector."""
    return [[D(t) for t in text.split()] for text in texts]


def dot(a: Iterable[Decimal], b: Iterable[Decimal]) -> Decimal:
    return sum((p * q for p, q in zip(a, b, strict=True)), D(0))


def outer(a: Numbers, b: Numbers) -> list[Numbers]:
    return [[r(p * q) for q in b] for p in a]


def step(v: Values, name: str, places: int) -> None:
    """Learning rate times gradient, then the new parameter: two lines."""
    lr = v["lr"][0][0]
    v[f"step_{name}"] = [[r(lr * g, places) for g in row] for row in v[f"d{name}"]]
    pairs = zip(v[name], v[f"step_{name}"], strict=True)
    v[f"{name}_new"] = [[r(p - q, places) for p, q in zip(*rows, strict=True)] for rows in pairs]


def softmax(v: Values, layer: int, places: int) -> None:
    exps = [r(z.exp()) for z in v[f"z{layer}"][0]]
    v[f"exp{layer}"], v[f"sum{layer}"] = [exps], [[sum(exps, D(0))]]
    v[f"a{layer}"] = [[r(e / sum(exps, D(0)), places) for e in exps]]
    v[f"delta{layer}"] = [[a - y for a, y in zip(v[f"a{layer}"][0], v["y"][0], strict=True)]]


def sigmoid(v: Values, layer: int) -> None:
    exps = [r((-z).exp()) for z in v[f"z{layer}"][0]]
    a = [r(1 / (1 + e)) for e in exps]
    v[f"exp{layer}"], v[f"a{layer}"], v[f"one_minus{layer}"] = [exps], [a], [[1 - p for p in a]]
    v[f"da_dz{layer}"] = [[r(p * (1 - p)) for p in a]]


def half_square(v: Values, layer: int) -> None:
    diff = v[f"a{layer}"][0][0] - v["y"][0][0]
    v["diff"], v[f"dL_da{layer}"], v["square"] = [[diff]], [[diff]], [[r(diff * diff)]]
    v["L"] = [[r(v["square"][0][0] / 2)]]
    v[f"delta{layer}"] = [[r(diff * v[f"da_dz{layer}"][0][0])]]


def example_a() -> Values:
    v = {"x": d("1 2"), "y": d("1 0"), "W1": d("0.5 0.2", "0.1 0.1"), "W2": d("0.6 0.3", "0.4 0.5"), "lr": d("0.1")}
    v["z1"] = [[r(dot(w, v["x"][0])) for w in v["W1"]]]
    v["a1"], v["da_dz1"] = [[max(z, D(0)) for z in v["z1"][0]]], [[D(z > 0) for z in v["z1"][0]]]
    v["z2"] = [[r(dot(w, v["a1"][0])) for w in v["W2"]]]
    softmax(v, 2, places=2)
    v["L"] = [[r(-v["a2"][0][0].ln())]]
    v["back1"] = [[r(dot(column, v["delta2"][0])) for column in zip(*v["W2"], strict=True)]]
    v["delta1"] = [[b * s for b, s in zip(v["back1"][0], v["da_dz1"][0], strict=True)]]
    v["dW2"], v["dW1"] = outer(v["delta2"][0], v["a1"][0]), outer(v["delta1"][0], v["x"][0])
    step(v, "W2", 2)
    step(v, "W1", 2)
    return v


def example_b() -> Values:
    v = {"x": d("2"), "y": d("1"), "W1": d("0.5"), "b1": d("0")}
    v["z1"] = [[r(dot(v["W1"][0], v["x"][0]) + v["b1"][0][0], 1)]]
    sigmoid(v, 1)
    half_square(v, 1)
    v["dW1"] = outer(v["delta1"][0], v["x"][0])
    return v


def example_c() -> Values:
    v = {"x": d("1 2", "2 1"), "y": d("1 -1"), "w": d("0.4 0.4"), "l2": d("1"), "lr": d("0.1")}
    (w,), (y,), (lam,) = v["w"], v["y"], v["l2"][0]
    samples = [list(column) for column in zip(*v["x"], strict=True)]
    v["score"] = [[dot(w, s) for s in samples]]
    v["margin"] = [[p * q for p, q in zip(y, v["score"][0], strict=True)]]
    v["hinge"] = [[max(D(0), 1 - m) for m in v["margin"][0]]]
    v["reg"] = [[lam / 2 * dot(w, w)]]
    v["J"] = [[v["reg"][0][0] + sum(v["hinge"][0])]]
    v["data_grads"] = [[-t * f * (m < 1) for t, f, m in zip(y, row, v["margin"][0], strict=True)] for row in v["x"]]
    v["data_grad"], v["reg_grad"] = [[sum(row, D(0)) for row in v["data_grads"]]], [[lam * p for p in w]]
    v["dw"] = [[p + q for p, q in zip(v["reg_grad"][0], v["data_grad"][0], strict=True)]]
    step(v, "w", 2)
    return v


def example_e() -> Values:
    v = {"x": d("0.5 0.6 0.7"), "y": d("0 1 0"), "b1": d("0.1 0.2 0.3"), "lr": d("0.1")}
    v["W1"] = d("0.1 0.2 0.3", "0.4 0.5 0.6", "0.7 0.8 0.9")
    v["z1"] = [[r(dot(w, v["x"][0]) + b) for w, b in zip(v["W1"], v["b1"][0], strict=True)]]
    softmax(v, 1, places=3)
    v["db1"], v["dW1"] = v["delta1"], outer(v["delta1"][0], v["x"][0])
    step(v, "b1", 4)
    step(v, "W1", 4)
    return v


def example_h() -> Values:
    v = {"x": d("1 1"), "y": d("0"), "b1": d("-0.2 0.7"), "b2": d("-0.5"), "lr": d("0.5")}
    v["W1"], v["W2"] = d("0.5 0.5", "-0.5 -0.5"), d("1.0 1.0")
    v["z1"] = [[r(dot(w, v["x"][0]) + b) for w, b in zip(v["W1"], v["b1"][0], strict=True)]]
    sigmoid(v, 1)
    v["z2"] = [[r(dot(v["W2"][0], v["a1"][0]) + v["b2"][0][0])]]
    sigmoid(v, 2)
    half_square(v, 2)
    back = [r(w * v["delta2"][0][0]) for w in v["W2"][0]]
    v["delta1"] = [[r(b * s) for b, s in zip(back, v["da_dz1"][0], strict=True)]]
    v["dW2"], v["db2"] = outer(v["delta2"][0], v["a1"][0]), v["delta2"]
    v["dW1"], v["db1"] = outer(v["delta1"][0], v["x"][0]), v["delta1"]
    for name in ("W2", "b2", "W1", "b1"):
        step(v, name, 3)
    return v


EXAMPLES = {"A": example_a, "B": example_b, "C": example_c, "E": example_e, "H": example_h}
