"""The derivation of a proof: a separator and the check of every point, or multipliers and the two sums they give.

What the search found (w and b, or u) is given to the derivation, as drawn weights are; all else is calculated from it.
"""

from __future__ import annotations

from collections.abc import Mapping

from stepwise.derivation.builder import Builder
from stepwise.derivation.model import FORWARD, Derivation
from stepwise.derivation.separating import Certificate, Separator, separate
from stepwise.derivation.symbols import Symbols
from stepwise.expressions.rationals import FractionArray, exact_array
from stepwise.notation.symbols import Plain, Symbol
from stepwise.operations import perceptron, separability
from stepwise.operations.operation import Operation
from stepwise.problem.model import Given, Problem

_FEATURES, _POINTS = 2, 3
"""Stand-in lengths, see `Builder`."""
CLASSES: Mapping[str, str] = {"ones": "1", "zeros": "0"}


def exact(given: Given) -> FractionArray:
    """Given numbers as fractions."""
    assert given.values is not None
    return exact_array(given.values, given.texts)


def verdict(problem: Problem) -> Separator | Certificate:
    """What the search finds for the points of a problem."""
    assert problem.labels is not None
    points = tuple(tuple(row) for row in exact(problem.inputs))
    return separate(points, tuple(bool(label) for label in exact(problem.labels).reshape(-1)))


def plan_separability(problem: Problem) -> Derivation:
    """The derivation of a proof that a perceptron can, or cannot, give the points their labels."""
    build, symbols = Builder(problem.layout), Symbols(problem)
    points = 1 if problem.single else _POINTS
    x = symbols.plain("x", "x")
    build.given("x", (points, _FEATURES), Plain("X", "x") if x.letter == "x" and not problem.single else x)
    build.given("y", (points, 1), symbols.plain("y", "y"))
    if isinstance(verdict(problem), Separator):
        build.given("w", (_FEATURES, 1), symbols.plain("w", "w"))
        build.given("b", (1, 1), symbols.plain("b", "b"))
        operands = {"w": "w", "x": "x", "b": "b"}
        _line(build, "score", separability.SCORES, operands, symbols.letter("score", "z"))
        _line(build, "yhat", perceptron.prediction("0"), {"z": "score"}, symbols.letter("yhat", r"\hat y"))
    else:
        build.given("u", (points, 1), symbols.plain("u", "u"))
        for name, label in CLASSES.items():
            _sums(build, symbols, name, label)
    return Derivation(build.givens, (), build.take(), (), {})


def _sums(build: Builder, symbols: Symbols, name: str, label: str) -> None:
    """The lines of one class: its multipliers, its weighted sum, the total of its multipliers, its weighted mean."""
    mean = f"mean_{name}"
    share = separability.SHARE_OF_ONES if label == "1" else separability.SHARE_OF_ZEROS
    _line(build, f"u_{name}", share, {"u": "u", "y": "y"}, None, mean)
    _line(build, f"sum_{name}", separability.WEIGHTED_SUM, {"x": "x", "share": f"u_{name}"}, None, mean)
    _line(build, f"total_{name}", separability.TOTAL, {"share": f"u_{name}"}, None, mean)
    operands = {"sum": f"sum_{name}", "total": f"total_{name}"}
    symbol = symbols.named(mean, Plain("c", "c", (f"({label})",)))
    _line(build, mean, separability.MEAN, operands, symbol)


def _line(
    build: Builder, name: str, operation: Operation, operands: dict[str, str], symbol: Symbol | None, group: str = ""
) -> None:
    build.add(name, operation, operands, phase=FORWARD, role=name, symbol=symbol, group=group)
