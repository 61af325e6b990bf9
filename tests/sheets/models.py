"""Networks, support vector machines and perceptrons, worked forward and backward for many variants at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from .by_hand import Array, Given, Work, decimals_of
from .functions import activation, loss_of_samples, slope, slope_of_loss


def worked(given: Given, *, by_hand: bool) -> dict[str, Array]:
    """Every line of every iteration: in full precision, or with each line rounded and carried on."""
    work = Work(decimals_of(given.document) if by_hand else None)
    kind = {"network": Network, "svm": VectorMachine, "perceptron": Perceptron}[given.model]
    with np.errstate(over="raise", invalid="raise"):
        kind(given, work).work()
    return work.values


class _Model:
    """The iterations, and what is carried from one to the next."""

    def __init__(self, given: Given, work: Work) -> None:
        self.given, self.work_, self.put = given, work, work.put
        self.weights = list(given.weights)
        self.biases = None if given.biases is None else list(given.biases)
        self.x = self._preprocessed()

    def work(self) -> None:
        batches = self.given.batches()
        for time, chosen in enumerate(batches, 1):
            self.work_.mark = f"t{time}." if len(batches) > 1 else ""
            y = self.given.y
            self.iteration(self.x[:, chosen], None if y is None else y[:, chosen])
        self.work_.mark = ""
        for name, value in self.parameters().items():
            self.work_.values[name] = value
        if self.given.train.get("loss_after"):
            self.loss(self.x, self.given.y, "_new")

    def _preprocessed(self) -> Array:
        x, rule = self.given.x, self.given.document.get("preprocess", {})
        if "divide" in rule:
            return self.put("x", x / float(rule["divide"]))
        if "standardize" in rule:
            mean, std = (np.array(rule["standardize"][part], dtype=float) for part in ("mean", "std"))
            return self.put("x", (x - mean) / std)
        return x

    def descended(self, name: str, parameter: Array, gradient: Array) -> Array:
        """The parameter after the step."""
        return self.put(f"{name}_new", parameter - self.put(f"step_{name}", self.given.lr * gradient))

    def over_samples(self, total: Array, count: int) -> Array:
        """What is summed over a batch: divided by the number of samples where the loss is a mean."""
        return total / count if self.given.is_batch and self.given.reduction == "mean" else total

    def reduced(self, each: Array, after: str) -> Array:
        if not self.given.is_batch:
            return self.put(f"L{after}", each)
        total = self.put(f"losses{after}", each).sum(axis=1, keepdims=True)
        return self.put(f"L{after}", self.over_samples(total, each.shape[1]))

    def regularised(self, loss: Array, weights: Array, name: str, after: str) -> None:
        norm = self.put(name + after, (weights**2).sum(axis=(1, 2), keepdims=True))
        self.put(f"J{after}", loss + self.put(f"reg{after}", self.given.l2 / 2 * norm))

    def iteration(self, x: Array, y: Any) -> None:
        raise NotImplementedError

    def loss(self, x: Array, y: Any, after: str) -> None:
        raise NotImplementedError

    def parameters(self) -> dict[str, Array]:
        raise NotImplementedError


class Network(_Model):
    def iteration(self, x: Array, y: Any) -> None:
        self.loss(x, y, "")
        deltas = self.deltas(y)
        for number, delta in enumerate(deltas, 1):
            below = x if number == 1 else self.known(f"a{number - 1}")
            gradient = self.over_samples(below.swapaxes(1, 2) @ delta, x.shape[1])
            if self.given.l2:
                data = self.put(f"data_dW{number}", gradient)
                gradient = data + self.put(f"reg_dW{number}", self.given.l2 * self.weights[number - 1])
            self.put(f"dW{number}", gradient)
            if self.biases is not None:
                self.put(f"db{number}", self.over_samples(delta.sum(axis=1, keepdims=True), x.shape[1]))
        if self.given.learns:
            self.update()

    def known(self, name: str) -> Array:
        return self.work_.values[self.work_.mark + name]

    def loss(self, x: Array, y: Any, after: str) -> None:
        a = x
        for number, ((name, parameters), weights) in enumerate(zip(self.given.layers, self.weights, strict=True), 1):
            linear = a @ weights
            z = self.put(f"z{number}{after}", linear if self.biases is None else linear + self.biases[number - 1])
            a = activation(self.work_, name, z, f"{number}{after}", parameters)
        total = self.reduced(loss_of_samples(self.work_, self.given.loss, a, y, after), after)
        if self.given.l2:
            (weights,) = self.weights
            self.regularised(total, weights, "norm1", after)

    def deltas(self, y: Any) -> list[Array]:
        """The error terms, first layer first."""
        last = len(self.weights)
        delta = self.put(f"delta{last}", self.output_delta(y, last))
        found = [delta]
        for number in range(last - 1, 0, -1):
            incoming = self.put(f"back{number}", delta @ self.weights[number].swapaxes(1, 2))
            name, parameters = self.given.layers[number - 1]
            delta = self.put(f"delta{number}", incoming * slope(self.work_, name, number, parameters))
            found.insert(0, delta)
        return found

    def output_delta(self, y: Any, last: int) -> Array:
        name, parameters = self.given.layers[-1]
        loss, a = self.given.loss, self.known(f"a{last}")
        backward = self.given.document.get("notation", {}).get("backward", "fused")
        if backward == "fused":
            if (name, loss) in (("softmax", "cross_entropy"), ("sigmoid", "binary_cross_entropy")):
                return np.asarray(a - y)
            if (name, loss) == ("identity", "neg_log_sigmoid"):
                return self.known("prob") - 1
        incoming = self.put(f"dL_da{last}", slope_of_loss(self.work_, loss, a, y))
        if name != "softmax":
            return incoming * slope(self.work_, name, last, parameters)
        if backward == "jacobian":
            jacobian = self.put("jacobian", a[:, 0, :, None] * np.eye(a.shape[2]) - a[:, 0, :, None] * a)
            return incoming @ jacobian
        inner = self.put(f"inner{last}", (a * incoming).sum(axis=2, keepdims=True))
        return np.asarray(a * (incoming - inner))

    def update(self) -> None:
        for number in range(1, len(self.weights) + 1):
            gradient = self.known(f"dW{number}")
            self.weights[number - 1] = self.descended(f"W{number}", self.weights[number - 1], gradient)
            if self.biases is not None:
                gradient = self.known(f"db{number}")
                self.biases[number - 1] = self.descended(f"b{number}", self.biases[number - 1], gradient)

    def parameters(self) -> dict[str, Array]:
        if not self.given.learns:
            return {}
        found = {f"W{number}_new": weights for number, weights in enumerate(self.weights, 1)}
        return found | {f"b{number}_new": bias for number, bias in enumerate(self.biases or (), 1)}


class VectorMachine(_Model):
    """Without a bias; in whole, or sample by sample (Pegasos)."""

    def iteration(self, x: Array, y: Any) -> None:
        (w,) = self.weights
        margin = self.margins(x, y, "")
        each = np.where(margin < 1, -y * x, 0.0)
        if self.given.train.get("method") == "pegasos":
            data = self.put("data_grad", each.swapaxes(1, 2))
        else:
            self.losses("")
            data = self.put("data_grad", self.put("data_grads", each).sum(axis=1)[:, :, None])
        gradient = self.put("dw", data + self.put("reg_grad", self.given.l2 * w))
        self.weights = [self.descended("w", w, gradient)]

    def margins(self, x: Array, y: Any, after: str) -> Array:
        margin = self.put(f"margin{after}", y * self.put(f"score{after}", x @ self.weights[0]))
        self.put(f"hinge{after}", np.maximum(0, 1 - margin))
        return margin

    def losses(self, after: str) -> None:
        total = self.work_.values[f"hinge{after}"].sum(axis=1, keepdims=True)
        self.regularised(self.put(f"L{after}", total), self.weights[0], "norm", after)

    def loss(self, x: Array, y: Any, after: str) -> None:
        self.margins(x, y, after)
        self.losses(after)

    def parameters(self) -> dict[str, Array]:
        return {"w_new": self.weights[0]}


class Perceptron(_Model):
    def iteration(self, x: Array, y: Any) -> None:
        assert self.biases is not None
        (w,), (b,) = self.weights, self.biases
        z = self.put("z", x @ w + b)
        error = self.put("error", y - self.put("yhat", np.where(z > 0, 1.0, 0.0)))
        step = self.put("step_w", self.given.lr * error * x.swapaxes(1, 2))
        self.weights = [self.put("w_new", w + step)]
        self.biases = [self.put("b_new", b + self.put("step_b", self.given.lr * error))]

    def parameters(self) -> dict[str, Array]:
        assert self.biases is not None
        return {"w_new": self.weights[0], "b_new": self.biases[0]}


def first_objective(given: Given, weights: list[Array], biases: list[Array] | None) -> Array:
    """What the first iteration makes smaller, for other parameters; one number a variant."""
    work = Work()
    kind = {"network": Network, "svm": VectorMachine}[given.model]
    model = kind(given, work)
    model.weights, model.biases = weights, biases
    chosen = given.batches()[0]
    y = None if given.y is None else given.y[:, chosen]
    if given.train.get("method") == "pegasos":
        margin = y * (model.x[:, chosen] @ weights[0])
        found = np.maximum(0, 1 - margin) + given.l2 / 2 * (weights[0] ** 2).sum(axis=(1, 2), keepdims=True)
    else:
        model.loss(model.x[:, chosen], y, "")
        found = work.values.get("J", work.values["L"])
    return np.asarray(found).reshape(-1)
