"""Support vector machines and perceptrons once more, in plain NumPy and from their definitions."""

from __future__ import annotations

from typing import Any

import numpy as np
import yaml

from stepwise import Trace

from .solving import Array, prefix
from .twin import number, numbers

EDGE = 1e-9
"""Nearer to the margin, or to 0, float noise alone says on which side a score is."""


class LinearTwin:
    """A `model: svm` or `model: perceptron` of a problem file."""

    def __init__(self, text: str) -> None:
        # the base loader leaves every number the text that was typed
        document: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)
        architecture, train = document.get("architecture", {}), document.get("train", {})
        self.svm = document["model"] == "svm"
        self.x, self.y = np.atleast_2d(numbers(document["inputs"])), np.atleast_1d(numbers(document["labels"]))
        self.w, self.b = numbers(document["weights"]), number(document.get("biases", "0"))
        self.has_bias, self.l2 = "biases" in document, number(architecture.get("l2", "0"))
        loss = architecture.get("loss", "hinge")
        self.mean = isinstance(loss, dict) and loss.get("reduction") == "mean"
        self.rate = document.get("lr")
        self.one_by_one = not self.svm or train.get("method") == "pegasos"
        self.epochs = int(train.get("epochs", 1))

    def compare(self, trace: Trace) -> None:
        """Learn from the samples; every gradient that was kept and the last parameters are those of the trace."""
        size = 1 if self.one_by_one else len(self.y)
        starts = list(range(0, len(self.y), size)) * (self.epochs if self.rate is not None else 1)
        assert trace.iterations == len(starts)
        for t, start in enumerate(starts, 1):
            if not self._step(t, slice(start, start + size), trace):
                return
        if self.rate is not None and len(starts) > 0:
            self._close(trace, "w_new", self.w)
            if self.has_bias:
                self._close(trace, "b_new", self.b)

    def _step(self, t: int, chosen: slice, trace: Trace) -> bool:
        """One step; False where a sample is so near to the edge that it may be on either side."""
        x, y, at = self.x[chosen], self.y[chosen], prefix(trace, t)
        score = x @ self.w + self.b
        edge = 1 - y * score if self.svm else score
        if (np.abs(edge) < EDGE).any() or not np.isfinite(score).all():
            return False
        dw, db, factor = self._hinge(x, y, edge, at, t, trace) if self.svm else self._errors(x, y, score, at, t, trace)
        if self.rate is not None:
            self.w, self.b = self.w - factor * dw, self.b - factor * db * self.has_bias
        return True

    def _hinge(self, x: Array, y: Array, edge: Array, at: str, t: int, trace: Trace) -> tuple[Array, float, float]:
        share = 1 / len(y) if self.mean and not self.one_by_one else 1.0
        inside = edge > 0
        hinge = share * float(np.where(inside, edge, 0).sum())
        dw = self.l2 * self.w - share * (inside * y) @ x
        db = -share * float((inside * y).sum())
        if t in trace.kept:
            objective = f"{at}{'J' if self.l2 else 'L'}"
            if not self.one_by_one or objective in trace:
                self._close(trace, objective, hinge + self.l2 / 2 * float((self.w**2).sum()))
            self._close(trace, f"{at}hinge", np.where(inside, edge, 0))
            self._close(trace, f"{at}dw", dw)
            if self.has_bias:
                self._close(trace, f"{at}db", db)
        if isinstance(self.rate, dict):
            return dw, db, 1 / (self.l2 * t)
        return dw, db, number(self.rate) if self.rate is not None else 0.0

    def _errors(self, x: Array, y: Array, score: Array, at: str, t: int, trace: Trace) -> tuple[Array, float, float]:
        low = -1.0 if (self.y == -1).any() else 0.0
        error = y - np.where(score > 0, 1.0, low)
        if t in trace.kept:
            self._close(trace, f"{at}error", error[0])
        return -error @ x, -float(error.sum()), number(self.rate) if self.rate is not None else 0.0

    def _close(self, trace: Trace, name: str, expected: Any) -> None:
        wanted = np.asarray(expected, dtype=float)
        np.testing.assert_allclose(np.ravel(trace[name]), np.ravel(wanted), rtol=1e-9, atol=1e-9, err_msg=name)
