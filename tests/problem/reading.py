"""Short ways to read a problem and to see what is wrong with one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stepwise.errors import Fault, SpecError
from stepwise.problem import Problem, read_problem

NETWORK = {
    "architecture": "{layers: [{units: 2, activation: relu}, {units: 2, activation: softmax}], loss: cross_entropy}",
    "weights": "[[[0.5, 0.2], [0.1, 0.1]], [[0.6, 0.3], [0.4, 0.5]]]",
    "inputs": "[1, 2]",
    "labels": "[1, 0]",
    "lr": "0.1",
}
NEURON = {
    "architecture": "{layers: [{activation: sigmoid}], loss: mse}",
    "weights": "0.5",
    "inputs": "2",
    "labels": "1",
}
SVM = {
    "model": "svm",
    "architecture": "{loss: hinge, l2: 1}",
    "weights": "[0.4, 0.4]",
    "inputs": "[[1, 2], [2, 1]]",
    "labels": "[1, -1]",
    "lr": "0.1",
}
PERCEPTRON = {
    "model": "perceptron",
    "weights": "[0, 0]",
    "biases": "0",
    "inputs": "[[0, 1], [1, 1]]",
    "labels": "[0, 1]",
}


def layers(*activations: str, loss: str = "mse", layout: str = "column") -> str:
    """An architecture of layers without units."""
    each = ", ".join(f"{{activation: {activation}}}" for activation in activations)
    return f"{{layout: {layout}, layers: [{each}], loss: {loss}}}"


def text(base: dict[str, str] | None = None, /, **fields: str | None) -> str:
    """A problem file, one field a line; None leaves a field out."""
    together = {**(base or {}), **fields}
    return "".join(f"{name}: {value}\n" for name, value in together.items() if value is not None)


def read(base: dict[str, str] | None = None, /, *, folder: Path | None = None, **fields: str | None) -> Problem:
    return read_problem(text(base, **fields), name="test", source="test.yaml", folder=folder)


def faults_of(written: str, folder: Path | None = None) -> tuple[Fault, ...]:
    """What is wrong with a file that must be wrong."""
    with pytest.raises(SpecError) as caught:
        read_problem(written, name="test", source="test.yaml", folder=folder)
    return caught.value.faults


def faults(base: dict[str, str] | None = None, /, *, folder: Path | None = None, **fields: str | None) -> list[Fault]:
    return list(faults_of(text(base, **fields), folder))


def only_fault(base: dict[str, str] | None = None, /, *, folder: Path | None = None, **fields: str | None) -> Fault:
    """The one thing that is wrong, on the line of the field that was changed."""
    written = text(base, **fields)
    (fault,) = faults_of(written, folder)
    assert fault.line is not None
    return fault


def line_of(written: str, start: str) -> int:
    """The line that starts so, counted from 1."""
    return next(number for number, line in enumerate(written.splitlines(), 1) if line.startswith(start))


def values(given: Any) -> Any:
    """The numbers of a Given as lists."""
    assert given is not None
    return given.values.tolist()


def texts(given: Any) -> Any:
    assert given is not None
    return given.texts.tolist()
