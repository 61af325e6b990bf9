"""Traces in exact rational numbers: what they start from, and how a fraction goes into JSON and comes back."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from stepwise.derivation.separability import exact, verdict
from stepwise.derivation.separating import Separator
from stepwise.expressions.rationals import FractionArray, exact_text
from stepwise.expressions.tree import rational
from stepwise.problem.model import Given, Problem
from stepwise.trace.givens import Start

_HUGE = re.compile(r"[eE][+-]?0*[0-9]{4}")


def rational_starts(problem: Problem) -> dict[str, Start]:
    """The points, their labels, and what the search found for them: w and b, or the multipliers u."""
    assert problem.labels is not None
    found = verdict(problem)
    starts = {"x": _typed(problem.inputs, problem), "y": _typed(problem.labels, problem)}
    if isinstance(found, Separator):
        starts["w"] = _column(list(found.weights), problem)
        starts["b"] = _column([found.bias], problem)
    else:
        starts["u"] = _column(list(found.multipliers), problem)
    return starts


def _typed(given: Given, problem: Problem) -> Start:
    values = exact(given)
    texts = texts_of(values, problem) if given.texts is None else given.texts
    return Start(given.shape, values, texts)


def _column(numbers: list[Any], problem: Problem) -> Start:
    values = np.empty((len(numbers), 1), dtype=object)
    values[:, 0] = [rational(str(number)) for number in numbers]
    return Start((len(numbers), 1), values, texts_of(values, problem))


def texts_of(values: FractionArray, problem: Problem) -> FractionArray:
    """Fractions as texts, as decimals where the problem has decimals and no fractions."""
    decimal = in_decimals(problem)
    return _each(lambda value: exact_text(value, decimal=decimal), values)


def in_decimals(problem: Problem) -> bool:
    """Whether numbers are written as decimals where they end: as the points are."""
    texts = problem.inputs.texts
    if texts is None:
        return True
    typed = [str(text) for text in texts.ravel()]
    return any(not text.lstrip("-").isdigit() for text in typed) and not any("/" in text for text in typed)


def plain_numbers(values: FractionArray) -> npt.NDArray[Any]:
    """Fractions as JSON has numbers: whole ones as such, the others as the nearest float (`shown` has the fraction)."""
    return _each(_plain_number, values)


def _plain_number(value: Fraction) -> int | float:
    try:
        return int(value) if value.denominator == 1 else float(value)
    except OverflowError:
        return round(value)


def from_texts(texts: Any) -> FractionArray:
    """The fractions that were written as texts. Raises ValueError where one is none."""
    return _each(lambda text: _fraction(str(text)), np.asarray(texts, dtype=object))


def _fraction(text: str) -> Fraction:
    """Somebody may have changed the text: an exponent as large as one likes is never calculated."""
    if _HUGE.search(text):
        raise ValueError(text[:20])
    return rational(text)


def _each(function: Callable[[Any], Any], values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """An array of what the function makes of every entry."""
    result = np.empty(values.size, dtype=object)
    result[:] = [function(value) for value in values.ravel().tolist()]
    return result.reshape(values.shape)
