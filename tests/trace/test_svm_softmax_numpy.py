"""Support vector machines, perceptrons and softmax regression in mini-batches agree with a few lines of NumPy."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from stepwise import Trace, solve
from stepwise.problem import read_problem

Array = npt.NDArray[np.float64]
CLOSE = 1e-12


def _solved(document: dict[str, Any]) -> Trace:
    return solve(read_problem(json.dumps(document), name="drawn", source="drawn", folder=None))


def _same(trace: Trace, name: str, expected: Any) -> None:
    array = np.asarray(expected, dtype=float)
    assert trace[name].shape == array.shape, name
    np.testing.assert_allclose(trace[name], array, rtol=CLOSE, atol=CLOSE, err_msg=name)


def _same_history(trace: Trace, name: str, expected: list[Any]) -> None:
    found = trace.history[name]
    assert len(found) == trace.iterations
    np.testing.assert_allclose(
        found.reshape(len(found), -1), np.reshape(expected, (len(found), -1)), CLOSE, CLOSE, err_msg=name
    )


@dataclass
class _Linear:
    """Numbers of a linear model, and what one run made of them, a list entry an iteration."""

    x: Array
    y: Array
    w: Array
    b: float
    found: dict[str, list[Any]] = field(default_factory=dict)

    def note(self, **values: Any) -> None:
        for name, value in values.items():
            self.found.setdefault(name, []).append(value)


def _linear(samples: int, labels: tuple[float, float], seed: int) -> _Linear:
    rng = np.random.default_rng(seed)
    x = rng.uniform(-2, 2, (samples, 2)).round(1)
    y = np.where(x @ [0.7, -1.1] + rng.normal(0, 0.7, samples) > 0, labels[1], labels[0])
    y[:2] = labels
    return _Linear(x, y, rng.uniform(-1, 1, 2).round(2), 0.25)


def _document(model: str, run: _Linear, layout: str, *, bias: bool, lr: Any, **train: Any) -> dict[str, Any]:
    document: dict[str, Any] = {
        "model": model,
        "architecture": {"layout": layout},
        "weights": run.w.tolist(),
        "inputs": run.x.tolist(),
        "labels": run.y.tolist(),
        "lr": lr,
        "train": train,
    }
    return document | ({"biases": run.b} if bias else {})


def _hinge_objective(run: _Linear, w: Array, b: float, l2: float, *, mean: bool) -> tuple[Array, float, float]:
    hinge = np.maximum(0, 1 - run.y * (run.x @ w + b))
    loss = hinge.mean() if mean else hinge.sum()
    return hinge, float(loss), float(l2 / 2 * w @ w)


def _subgradient(run: _Linear, lr: float, l2: float, epochs: int, *, mean: bool, bias: bool) -> tuple[Array, float]:
    """Epochs of subgradient descent over all samples."""
    w, b = run.w.copy(), run.b if bias else 0.0
    for _ in range(epochs):
        score = run.x @ w + b
        margin = run.y * score
        hinge, loss, reg = _hinge_objective(run, w, b, l2, mean=mean)
        inside = margin < 1
        grads = np.where(inside[:, None], -run.y[:, None] * run.x, 0.0)
        data = grads.mean(0) if mean else grads.sum(0)
        dw = l2 * w + data
        slope = np.where(inside, -run.y, 0.0)
        db = slope.mean() if mean else slope.sum()
        w, b = w - lr * dw, b - lr * db * bias
        run.note(score=score, margin=margin, hinge=hinge, L=loss, reg=reg, J=loss + reg)
        run.note(data_grads=grads, data_grad=data, dw=dw, db=db, step_w=lr * dw, w_new=w, b_new=b)
    return w, b


SVM_OPTIONS = list(product(("sum", "mean", None), (False, True), (0, 0.5), (1, 4), ("column", "row")))


@pytest.mark.parametrize(("reduction", "bias", "l2", "epochs", "layout"), SVM_OPTIONS)
def test_subgradient(reduction: str | None, bias: bool, l2: float, epochs: int, layout: str) -> None:
    run = _linear(7, (-1.0, 1.0), seed=epochs)
    document = _document("svm", run, layout, bias=bias, lr=0.1, epochs=epochs, loss_after=True)
    document["architecture"]["loss"] = {"name": "hinge"} | ({"reduction": reduction} if reduction else {})
    if l2:
        document["architecture"]["l2"] = l2
    trace = _solved(document)
    mean = reduction == "mean"  # a support vector machine sums unless told otherwise
    w, b = _subgradient(run, 0.1, l2, epochs, mean=mean, bias=bias)
    names = ["score", "margin", "hinge", "L", "data_grads", "data_grad", "dw", "step_w", "w_new"]
    names += ["db", "b_new"] * bias + ["reg", "J"] * bool(l2)
    for number in {1, 2, epochs} & set(range(1, epochs + 1)):
        for name in names:
            value = run.found[name][number - 1]
            value = np.transpose(value) if name == "data_grads" and layout == "column" else value
            _same(trace, name if epochs == 1 else f"t{number}.{name}", value)
    assert ("reg_grad" in trace or "t1.reg_grad" in trace) == bool(l2)
    hinge, loss, reg = _hinge_objective(run, w, b, l2, mean=mean)
    _same(trace, "hinge_new", hinge)
    _same(trace, "L_new", loss)
    _same(trace, "w_new", w)
    if l2:
        _same(trace, "J_new", loss + reg)
        _same_history(trace, "J", run.found["J"])
    else:
        assert "J" not in trace
        assert "J_new" not in trace
        _same_history(trace, "L", run.found["L"])


def _pegasos(run: _Linear, lr: float | None, l2: float, epochs: int, *, bias: bool) -> None:
    """Sample by sample; lr None: 1/(λt)."""
    w, b, t = run.w.copy(), run.b if bias else 0.0, 0
    for _ in range(epochs):
        for x, y in zip(run.x, run.y, strict=True):
            t += 1
            eta = lr if lr is not None else 1 / (l2 * t)
            margin = y * (w @ x + b)
            data, db = (-y * x, -y) if margin < 1 else (0 * x, 0.0)
            run.note(margin=margin, hinge=max(0, 1 - margin), data_grad=data, dw=l2 * w + data, eta=eta)
            w, b = w - eta * (l2 * w + data), b - eta * db * bias
            run.note(w_new=w, b_new=b)


@pytest.mark.parametrize(
    ("lr", "l2", "bias", "epochs", "layout"),
    [*product((0.1, None), (0.5,), (False, True), (1, 3), ("column", "row")), (0.2, 0, True, 2, "column")],
)
def test_pegasos(lr: float | None, l2: float, bias: bool, epochs: int, layout: str) -> None:
    run = _linear(5, (-1.0, 1.0), seed=3)
    rate = lr if lr is not None else {"schedule": "inverse"}
    document = _document("svm", run, layout, bias=bias, lr=rate, epochs=epochs, method="pegasos", loss_after=True)
    document["architecture"] |= {"loss": "hinge"} | ({"l2": l2} if l2 else {})
    trace = _solved(document)
    _pegasos(run, lr, l2, epochs, bias=bias)
    total = 5 * epochs
    assert trace.iterations == total
    assert trace.kept == (1, 2, total)
    for number in trace.kept:
        for name in ["margin", "hinge", "data_grad", "dw", "w_new", *["b_new"] * bias, *["eta"] * (lr is None)]:
            _same(trace, f"t{number}.{name}", run.found[name][number - 1])
        _same(trace, f"t{number}.x", run.x[(number - 1) % 5])
        _same(trace, f"t{number}.y", run.y[(number - 1) % 5])
    for name in ["margin", "hinge", "w_new", *["b_new"] * bias]:
        _same_history(trace, name, run.found[name])
    _same(trace, "w_new", run.found["w_new"][-1])
    _same(trace, f"t{total}.w", run.found["w_new"][-2])
    w, b = run.found["w_new"][-1], run.found["b_new"][-1]
    hinge, loss, reg = _hinge_objective(run, w, b, l2, mean=False)
    _same(trace, "hinge_new", hinge)
    _same(trace, "J_new" if l2 else "L_new", loss + reg)


def _perceptron(run: _Linear, lr: float, epochs: int, low: float, *, bias: bool) -> int:
    """The classic rule; how many mistakes were made."""
    w, b, mistakes = run.w.copy(), run.b if bias else 0.0, 0
    for _ in range(epochs):
        for x, y in zip(run.x, run.y, strict=True):
            z = w @ x + b
            yhat = 1.0 if z > 0 else low
            w, b = w + lr * (y - yhat) * x, b + lr * (y - yhat) * bias
            mistakes += y != yhat
            run.note(z=z, yhat=yhat, error=y - yhat, w_new=w, b_new=b)
    return mistakes


@pytest.mark.parametrize(
    ("low", "bias", "layout", "epochs"), [*product((0.0, -1.0), (False, True), ("column", "row"), (1, 3))]
)
def test_perceptron(low: float, bias: bool, layout: str, epochs: int) -> None:
    run = _linear(6, (low, 1.0), seed=11)
    trace = _solved(_document("perceptron", run, layout, bias=bias, lr=0.3, epochs=epochs))
    assert _perceptron(run, 0.3, epochs, low, bias=bias) > 0
    assert trace.kept == (1, 2, 6 * epochs)
    names = ["z", "yhat", "error", "w_new", *["b_new"] * bias]
    for number in trace.kept:
        for name in names:
            _same(trace, f"t{number}.{name}", run.found[name][number - 1])
    for name in names:
        _same_history(trace, name, run.found[name])
    _same(trace, "w_new", run.found["w_new"][-1])
    assert "t3.z" not in trace
    assert ("b_new" in trace) == bias


@pytest.mark.parametrize("layout", ["column", "row"])
def test_a_margin_of_exactly_one_is_safe(layout: str) -> None:
    run = _Linear(np.array([[1.0, 2.0], [2.0, 1.0]]), np.array([1.0, -1.0]), np.array([0.5, 0.25]), 0.0)
    document = _document("svm", run, layout, bias=False, lr=0.1)
    document["architecture"]["loss"] = "hinge"
    trace = _solved(document)
    _same(trace, "margin", [1, -1.25])
    _same(trace, "data_grads", [[0, 2], [0, 1]] if layout == "column" else [[0, 0], [2, 1]])
    _same(trace, "w_new", [0.3, 0.15])


@pytest.mark.parametrize("layout", ["column", "row"])
def test_a_support_vector_machine_on_one_sample(layout: str) -> None:
    document = {"model": "svm", "architecture": {"layout": layout, "loss": "hinge", "l2": 0.5}, "weights": [0.4, -0.2]}
    trace = _solved(document | {"biases": 0.1, "inputs": [1, 2], "labels": 1, "lr": 0.1, "train": {"loss_after": True}})
    expected = {"score": 0.1, "margin": 0.1, "hinge": 0.9, "L": 0.9, "reg": 0.05, "J": 0.95, "db": -1, "b_new": 0.2}
    vectors = {"data_grad": [-1, -2], "reg_grad": [0.2, -0.1], "dw": [-0.8, -2.1], "w_new": [0.48, 0.01]}
    for name, value in {**expected, **vectors}.items():
        _same(trace, name, value)
    _same(trace, "J_new", 1 - (0.48 + 0.02 + 0.2) + 0.25 * (0.48**2 + 0.01**2))


def test_a_perceptron_at_zero_says_no() -> None:
    run = _Linear(np.array([[1.0, 1.0], [2.0, 1.0]]), np.array([0.0, 1.0]), np.zeros(2), 0.0)
    trace = _solved(_document("perceptron", run, "column", bias=False, lr=1))
    _same(trace, "t1.yhat", 0)
    _same(trace, "t2.yhat", 0)
    _same(trace, "w_new", [2, 1])


def test_perceptron_for_250_iterations() -> None:
    run = _linear(25, (-1.0, 1.0), seed=5)
    trace = _solved(_document("perceptron", run, "column", bias=True, lr=0.1, epochs=10))
    _perceptron(run, 0.1, 10, -1.0, bias=True)
    assert trace.iterations == 250
    assert trace.kept == (1, 2, 250)
    for name in ("z", "yhat", "error", "w_new", "b_new"):
        _same_history(trace, name, run.found[name])
        _same(trace, f"t250.{name}", run.found[name][-1])
    _same(trace, "w_new", run.found["w_new"][-1])


def _softmax_epochs(
    x: Array,
    labels: npt.NDArray[np.int_],
    weights: Array,
    bias: Array,
    size: int,
    epochs: int,
    l2: float,
    lr: float,
    mean: bool,
) -> list[dict[str, Any]]:
    """Softmax regression: P = softmax(XW + b), W ← W − η(XᵀΔ/n + λW); rows are samples."""
    steps, y = [], np.eye(weights.shape[1])[labels]
    for _ in range(epochs):
        for start in range(0, len(x), size):
            batch, wanted = x[start : start + size], y[start : start + size]
            scores = batch @ weights + bias
            p = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
            over = len(batch) if mean else 1
            loss = -(wanted * np.log(p)).sum() / over
            gradient = batch.T @ (p - wanted) / over + l2 * weights
            slope = (p - wanted).sum(0) / over
            step = {"J": loss + l2 / 2 * (weights**2).sum(), "L": loss, "a1": p, "delta1": p - wanted, "x": batch}
            weights, bias = weights - lr * gradient, bias - lr * slope
            steps.append(step | {"dW1": gradient, "db1": slope, "W1_new": weights, "b1_new": bias, "N": len(batch)})
    return steps


@pytest.mark.parametrize(
    ("layout", "size", "epochs", "l2", "mean"),
    [
        *product(("column", "row"), (2, 3), (1, 2), (0, 0.1), (True, False)),
        ("row", 1, 2, 0, True),
        ("row", 9, 3, 0, True),
    ],
)
def test_softmax_regression_in_batches(layout: str, size: int, epochs: int, l2: float, mean: bool) -> None:
    rng = np.random.default_rng(size)
    x, labels = rng.uniform(-2, 2, (7, 2)).round(1), rng.integers(0, 3, 7)
    weights, bias = rng.uniform(-1, 1, (2, 3)).round(2), np.array([0.1, 0.0, -0.2])
    column = layout == "column"
    trace = _solved(
        {
            "architecture": {
                "layout": layout,
                "layers": [{"units": 3, "activation": "softmax"}],
                "loss": {"name": "cross_entropy", "reduction": "mean" if mean else "sum"},
                "l2": l2,
            },
            "weights": [(weights.T if column else weights).tolist()],
            "biases": [bias.tolist()],
            "inputs": x.tolist(),
            "labels": labels.tolist(),
            "lr": 0.5,
            "train": {"epochs": epochs, "batch_size": size, "loss_after": True},
        }
    )
    steps = _softmax_epochs(x, labels, weights, bias, size, epochs, l2, 0.5, mean)
    assert trace.iterations == len(steps) == epochs * -(-7 // size)
    for number in trace.kept:
        for name, value in steps[number - 1].items():
            if name != "J" or l2:
                lies = column and np.ndim(value) == 2
                _same(trace, f"t{number}.{name}", np.transpose(value) if lies else value)
    assert steps[-1]["N"] == (7 % size or size if size < 7 else 7)
    _same_history(trace, "J" if l2 else "L", [step["J" if l2 else "L"] for step in steps])
    last = steps[-1]["W1_new"]
    _same(trace, "W1_new", last.T if column else last)
    _same(trace, "b1_new", steps[-1]["b1_new"])
    after = _softmax_epochs(x, labels, last, steps[-1]["b1_new"], 7, 1, l2, 0.5, mean)[0]
    _same(trace, "J_new" if l2 else "L_new", after["J"])
    before = steps[-2]["W1_new"]
    _same(trace, f"t{len(steps)}.W1", before.T if column else before)
