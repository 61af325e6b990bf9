"""The derivation of a perceptron: one sample an iteration, w ← w + η(y − ŷ)x."""

from __future__ import annotations

import numpy as np

from stepwise.derivation.builder import Builder
from stepwise.derivation.model import FORWARD, LOSS, UPDATE, Derivation
from stepwise.derivation.symbols import Symbols
from stepwise.notation.symbols import Plain
from stepwise.operations import perceptron, svm, update
from stepwise.operations.operation import Operation
from stepwise.problem.model import Problem

_FEATURES = 2


def plan_perceptron(problem: Problem) -> Derivation:
    """The derivation of a perceptron."""
    symbols, build = Symbols(problem), Builder(problem.layout)
    bias = problem.biases is not None
    _givens(problem, build, symbols)

    def add(name: str, operation: Operation, operands: dict[str, str], phase: str, symbol: Plain | None) -> None:
        role = "new" if name.endswith("_new") else "step" if name.startswith("step_") else name
        digits = f"{name.removeprefix('step_')}_new" if role == "step" else ""
        variant = ("perceptron_bias" if name == "b_new" else "perceptron") if role == "new" else ""
        if name == "z":
            role, variant = "weighted_sum", "bias" if bias else "no_bias"
        if role == "yhat":
            variant = "zero" if low_label(problem) == "0" else "minus_one"
        build.add(
            name,
            operation,
            operands,
            phase=phase,
            role=role,
            variant=variant,
            symbol=symbol,
            digits_of=digits,
            group=digits,
        )

    operands = {"w": "w", "x": "x", "b": "b"}
    add("z", svm.score(problem.layout, bias=bias), operands, FORWARD, symbols.letter("z", "z"))
    add("yhat", perceptron.prediction(low_label(problem)), {"z": "z"}, FORWARD, symbols.letter("yhat", r"\hat y"))
    carried: dict[str, str] = {}
    if problem.labels is not None:
        add("error", perceptron.ERROR, {"y": "y", "yhat": "yhat"}, LOSS, symbols.letter("error", "e"))
        if problem.lr:
            step = perceptron.weight_step(problem.layout)
            steps = {"w": step} | ({"b": perceptron.BIAS_STEP} if bias else {})
            for name, operation in steps.items():
                slots = {"eta": "lr", "error": "error", "x": "x"}
                add(f"step_{name}", operation, slots, UPDATE, None)
                slots = {"parameter": name, "step": f"step_{name}"}
                add(f"{name}_new", update.ASCEND, slots, UPDATE, symbols.plain(name, name).renewed())
                carried[name] = f"{name}_new"
    history = ("z", "yhat", *(["error"] if problem.labels is not None else []), *carried.values())
    return Derivation(build.givens, (), build.take(), (), carried, history)


def _givens(problem: Problem, build: Builder, symbols: Symbols) -> None:
    column = problem.layout == "column"
    build.given("x", (_FEATURES, 1) if column else (1, _FEATURES), symbols.plain("x", "x"))
    build.given("w", (_FEATURES, 1), symbols.plain("w", "w"))
    if problem.labels is not None:
        build.given("y", (1, 1), symbols.plain("y", "y"))
    if problem.biases is not None:
        build.given("b", (1, 1), symbols.plain("b", "b"))
    if problem.lr:
        build.given("lr", (1, 1), symbols.number("lr"))


def low_label(problem: Problem) -> str:
    """What the perceptron answers below zero: −1 where the labels are ±1, else 0."""
    labels = problem.labels
    negative = labels is not None and labels.values is not None and bool(np.any(labels.values < 0))
    return "-1" if negative else "0"
