"""Networks, support vector machines and perceptrons, worked forward and backward for many variants at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .by_hand import Array, Given, Work, decimals_of, leaves
from .by_hand import number as typed
from .functions import activation, loss_of_samples, slope, slope_of_loss


def worked(given: Given, *, by_hand: bool) -> dict[str, Array]:
    """Every line of every iteration: in full precision, or with each line rounded and carried on."""
    work = Work(decimals_of(given.document) if by_hand else None)
    with np.errstate(over="raise", invalid="raise"):
        model_of(given, work).work()
    return work.values


def model_of(given: Given, work: Work) -> _Model:
    """The model that `work` is to be worked out with."""
    return {"network": Network, "svm": VectorMachine, "perceptron": Perceptron}[given.model](given, work)


class _Model:
    """The iterations, and what is carried from one to the next."""

    def __init__(self, given: Given, work: Work) -> None:
        self.given, self.work_, self.put, self.known = given, work, work.put, work.known
        self.weights = list(given.weights)
        self.biases = None if given.biases is None else list(given.biases)
        self.y = given.y
        self.lr = given.lr
        self.x = self._preprocessed()

    def work(self, iterations: int | None = None) -> None:
        """All iterations or the first few, and the loss after them."""
        self.givens()
        batches = self.given.batches()
        several = len(batches) > 1
        for time, chosen in enumerate(batches[:iterations], 1):
            self.work_.mark = f"t{time}." if several else ""
            x, y = self.x[:, chosen], None if self.y is None else self.y[:, chosen]
            if several:
                x, y = self.work_.note("x", x), None if y is None else self.work_.note("y", y)
                self.count(x.shape[1])
            if time > 1:
                self.note_parameters(self.given.updated)
            self.iteration(x, y)
        self.work_.mark = ""
        if iterations is None or not several:
            self.finish(several)

    def finish(self, several: bool) -> None:
        """What the iterations leave."""
        if several:
            self.count(self.x.shape[1])
            self.note_parameters(self.given.updated, "_new")
        if self.given.train.get("loss_after"):
            self.loss(self.x, self.y, "_new")

    def givens(self) -> None:
        note = self.work_.note
        if "preprocess" not in self.given.document:
            self.x = note("x", self.x)
        if self.y is not None:
            self.y = note("y", self.y)
        self.note_parameters()
        if self.given.learns and not isinstance(self.given.document["lr"], Mapping):
            self.lr = note("lr", self.given.lr)
        self.l2 = note("l2", np.full((1, 1, 1), self.given.l2)) if self.given.l2 else np.zeros((1, 1, 1))
        self.count(self.x.shape[1])

    def note_parameters(self, which: Sequence[str] = ("weights", "biases"), after: str = "") -> None:
        """The parameters as they stand now."""
        note = self.work_.note
        if "weights" in which:
            self.weights = [note(name + after, w) for name, w in zip(self.names("W"), self.weights, strict=True)]
        if "biases" in which and self.biases is not None:
            self.biases = [note(name + after, b) for name, b in zip(self.names("b"), self.biases, strict=True)]

    def count(self, samples: int) -> None:
        """The number of samples, as a number to divide by."""
        if self.given.is_batch and self.given.model != "perceptron":
            self.samples = self.work_.note("N", np.full((1, 1, 1), float(samples)))

    def names(self, letter: str) -> list[str]:
        """What the parameters are called."""
        return [letter.lower()]

    def _preprocessed(self) -> Array:
        x, rule = self.given.x, self.given.document.get("preprocess", {})
        if not rule:
            return x
        x = self.work_.note("x_raw", x)
        if "divide" in rule:
            divisor = self.work_.note("divisor", np.full((1, 1, 1), typed(str(rule["divide"]))))
            return self.put("x", x / divisor)
        parts = [np.array([typed(text) for text in leaves(rule["standardize"][part])]) for part in ("mean", "std")]
        mean, std = (part.reshape(1, 1, -1) for part in parts)
        return self.put("x", (x - self.work_.note("mean", mean)) / self.work_.note("std", std))

    def descended(self, name: str, parameter: Array, gradient: Array) -> Array:
        """The parameter after the step."""
        return self.put(f"{name}_new", parameter - self.put(f"step_{name}", self.lr * gradient))

    def over_samples(self, total: Array) -> Array:
        """What is summed over a batch: divided by the number of samples where the loss is a mean."""
        return total / self.samples if self.given.is_batch and self.given.reduction == "mean" else total

    def reduced(self, each: Array, after: str) -> Array:
        if not self.given.is_batch:
            return self.put(f"L{after}", each)
        total = self.put(f"losses{after}", each).sum(axis=1, keepdims=True)
        return self.put(f"L{after}", self.over_samples(total))

    def regularised(self, loss: Array, names: list[str], after: str) -> None:
        norms = [
            self.put(name + after, (weights**2).sum(axis=(1, 2), keepdims=True))
            for name, weights in zip(names, self.weights, strict=True)
        ]
        self.put(f"J{after}", loss + self.put(f"reg{after}", self.l2 / 2 * np.sum(norms, axis=0)))

    def iteration(self, x: Array, y: Any) -> None:
        raise NotImplementedError

    def loss(self, x: Array, y: Any, after: str) -> None:
        """The forward pass and the loss; a perceptron's rule knows none."""


class Network(_Model):
    def names(self, letter: str) -> list[str]:
        return [f"{letter}{number}" for number in range(1, len(self.weights) + 1)]

    def iteration(self, x: Array, y: Any) -> None:
        self.loss(x, y, "")
        mean = (lambda total: total) if self.given.divides_delta else self.over_samples
        for number, delta in enumerate(self.deltas(y), 1):
            below = x if number == 1 else self.known(f"a{number - 1}")
            gradient = mean(below.swapaxes(1, 2) @ delta)
            if self.given.l2:
                data = self.put(f"data_dW{number}", gradient)
                gradient = data + self.put(f"reg_dW{number}", self.l2 * self.weights[number - 1])
            self.put(f"dW{number}", gradient)
            if self.biases is not None:
                self.put(f"db{number}", mean(delta.sum(axis=1, keepdims=True)))
        if self.given.learns:
            self.update()

    @property
    def of_score(self) -> bool:
        return self.given.layers[-1][0] != "sigmoid"

    def loss(self, x: Array, y: Any, after: str) -> None:
        a = x
        for number, ((name, parameters), weights) in enumerate(zip(self.given.layers, self.weights, strict=True), 1):
            linear = a @ weights
            z = self.put(f"z{number}{after}", linear if self.biases is None else linear + self.biases[number - 1])
            a = activation(self.work_, name, z, f"{number}{after}", parameters)
        if not self.given.loss:
            return
        each = loss_of_samples(self.work_, self.given.loss, a, y, after, self.given.factor, self.of_score)
        total = self.reduced(each, after)
        if self.given.l2:
            self.regularised(total, [f"norm{number}" for number in range(1, len(self.weights) + 1)], after)

    def deltas(self, y: Any) -> list[Array]:
        """The error terms, first layer first."""
        if not self.given.loss:
            return []
        last = len(self.weights)
        delta = self.put(f"delta{last}", self.output_delta(y, last))
        found = [delta]
        for number in range(last - 1, 0, -1):
            incoming = self.put(f"back{number}", delta @ self.weights[number].swapaxes(1, 2))
            delta = self.put(f"delta{number}", self.through(number, incoming))
            found.insert(0, delta)
        return found

    def output_delta(self, y: Any, last: int) -> Array:
        over = self.over_samples if self.given.divides_delta else (lambda total: total)
        name, loss, a = self.given.layers[-1][0], self.given.loss, self.known(f"a{last}")
        if self.given.notation.get("backward", "fused") == "fused":
            if (name, loss) in (("softmax", "cross_entropy"), ("sigmoid", "binary_cross_entropy")):
                return over(a - y)
            if (name, loss) in (("identity", "neg_log_sigmoid"), ("sigmoid", "neg_log_sigmoid")):
                return over((self.known("prob") if self.of_score else a) - 1)
        slopes = slope_of_loss(self.work_, loss, a, y, self.given.factor, self.of_score)
        incoming = self.put(f"dL_da{last}", slopes)
        return over(self.through(last, incoming))

    def through(self, number: int, incoming: Array) -> Array:
        """What comes to a layer's outputs, sent on to its pre-activations."""
        name, parameters = self.given.layers[number - 1]
        jacobian = self.given.notation.get("backward") == "jacobian"
        if name != "softmax":
            slopes = slope(self.work_, name, number, parameters)
            if not jacobian:
                return incoming * slopes
            return incoming @ self.put(f"jac{number}", slopes[:, 0, :, None] * np.eye(slopes.shape[2]))
        a = self.known(f"a{number}")
        if jacobian:
            square = a[:, 0, :, None]
            return incoming @ self.put(f"jac{number}", square * np.eye(a.shape[2]) - square * a)
        inner = self.put(f"inner{number}", (a * incoming).sum(axis=2, keepdims=True))
        return np.asarray(a * (incoming - inner))

    def update(self) -> None:
        updated = self.given.updated
        for number in range(1, len(self.weights) + 1):
            if "weights" in updated:
                gradient = self.known(f"dW{number}")
                self.weights[number - 1] = self.descended(f"W{number}", self.weights[number - 1], gradient)
            if "biases" in updated and self.biases is not None:
                gradient = self.known(f"db{number}")
                self.biases[number - 1] = self.descended(f"b{number}", self.biases[number - 1], gradient)


class VectorMachine(_Model):
    """In whole, or sample by sample (Pegasos)."""

    time = 0

    @property
    def one_by_one(self) -> bool:
        return bool(self.given.train.get("method") == "pegasos")

    def iteration(self, x: Array, y: Any) -> None:
        (w,) = self.weights
        margin = self.margins(x, y, "")
        inside = margin < 1
        each, slopes = np.where(inside, -y * x, 0.0), np.where(inside, -y, 0.0)
        if self.one_by_one:
            data = self.put("data_grad", each.swapaxes(1, 2))
        else:
            self.losses("")
            grads = self.put("data_grads", each) if self.given.is_batch else each
            data = self.put("data_grad", self.over_samples(grads.sum(axis=1)[:, :, None]))
        gradient = self.put("dw", data + self.put("reg_grad", self.l2 * w) if self.given.l2 else data)
        if self.biases is not None and not self.one_by_one:
            each = self.put("bias_grads", slopes) if self.given.is_batch else slopes
            slopes = self.over_samples(each.sum(axis=1, keepdims=True))
        self.schedule()
        self.weights = [self.descended("w", w, gradient)]
        if self.biases is not None:
            self.biases = [self.descended("b", self.biases[0], self.put("db", slopes))]

    def schedule(self) -> None:
        """The learning rate 1/(λt) of this step."""
        self.time += 1
        if isinstance(self.given.document["lr"], Mapping):
            self.lr = self.put("eta", 1 / (self.l2 * self.work_.note("t", np.full((1, 1, 1), float(self.time)))))

    def margins(self, x: Array, y: Any, after: str) -> Array:
        score = x @ self.weights[0]
        score = self.put(f"score{after}", score if self.biases is None else score + self.biases[0])
        margin = self.put(f"margin{after}", y * score)
        self.put(f"hinge{after}", np.maximum(0, 1 - margin))
        return margin

    def losses(self, after: str) -> None:
        loss = self.put(f"L{after}", self.over_samples(self.known(f"hinge{after}").sum(axis=1, keepdims=True)))
        if self.given.l2:
            self.regularised(loss, ["norm"], after)

    def loss(self, x: Array, y: Any, after: str) -> None:
        self.margins(x, y, after)
        self.losses(after)


class Perceptron(_Model):
    def iteration(self, x: Array, y: Any) -> None:
        (w,) = self.weights
        low = min(0.0, float(np.min(self.y)))
        z = self.put("z", x @ w if self.biases is None else x @ w + self.biases[0])
        error = self.put("error", y - self.put("yhat", np.where(z > 0, 1.0, low)))
        self.weights = [self.put("w_new", w + self.put("step_w", self.lr * error * x.swapaxes(1, 2)))]
        if self.biases is not None:
            self.biases = [self.put("b_new", self.biases[0] + self.put("step_b", self.lr * error))]


def first_objective(given: Given, weights: list[Array], biases: list[Array] | None) -> Array:
    """What the first iteration makes smaller, for other parameters; one number a variant."""
    work = Work()
    model = model_of(given, work)
    model.weights, model.biases = weights, biases
    model.givens()
    chosen = given.batches()[0]
    y = None if given.y is None else given.y[:, chosen]
    model.count(chosen.stop - chosen.start)
    if given.train.get("method") == "pegasos":
        margin = y * (model.x[:, chosen] @ weights[0])
        found = np.maximum(0, 1 - margin) + given.l2 / 2 * (weights[0] ** 2).sum(axis=(1, 2), keepdims=True)
    else:
        model.loss(model.x[:, chosen], y, "")
        found = work.values.get("J", work.values["L"])
    return np.asarray(found).reshape(-1)
