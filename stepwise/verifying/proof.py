"""A proof that a perceptron can, or cannot, give points their labels: its claim, checked in fractions.

A separator is a proof if every point lies on its side. Multipliers u ≥ 0 are a proof that there is none if they are
not all 0, the ones and the zeros have the same total, and the same weighted sum: one point is then a mean of both
classes, and would have to lie on both sides at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from stepwise.problem.model import Given, Problem
from stepwise.trace import Trace
from stepwise.verifying.model import Counted, Missed


def check_proof(trace: Trace) -> tuple[Counted, list[Missed]]:
    """The claim of the page, from the points as typed and what the proof gives."""
    points, labels = _points(trace.problem)
    if "w" in trace:
        w = [Fraction(value) for value in _flat(trace, "w")]
        b = Fraction(_flat(trace, "b")[0])
        scores = [sum((u * v for u, v in zip(w, point, strict=True)), b) for point in points]
        wrong = [i for i, (score, label) in enumerate(zip(scores, labels, strict=True)) if (score > 0) != (label == 1)]
        misses = [Missed("proof", f"x[{i + 1}]", str(scores[i]), "> 0" if labels[i] == 1 else "≤ 0") for i in wrong]
        return Counted("proof", "misses" if misses else "holds", len(points)), misses
    u = [Fraction(value) for value in _flat(trace, "u")]
    signs = [1 if label == 1 else -1 for label in labels]
    sums = [
        sum((s * m * point[k] for s, m, point in zip(signs, u, points, strict=True)), Fraction(0))
        for k in range(len(points[0]))
    ]
    total = sum((s * m for s, m in zip(signs, u, strict=True)), Fraction(0))
    misses = [Missed("proof", f"u[{i + 1}]", str(one), "≥ 0") for i, one in enumerate(u) if one < 0]
    misses += [Missed("proof", "u", "0", "> 0")] if not any(u) else []
    misses += [Missed("proof", f"x[·,{k + 1}]", str(one), "0") for k, one in enumerate(sums) if one != 0]
    misses += [Missed("proof", "u", str(total), "0")] if total != 0 else []
    return Counted("proof", "misses" if misses else "holds", len(points)), misses


def _flat(trace: Trace, name: str) -> Sequence[Any]:
    value = trace.quantities[name].value
    assert value is not None
    return list(value.reshape(-1))


def _points(problem: Problem) -> tuple[list[list[Fraction]], list[Fraction]]:
    """The points and their labels as typed: 1/3 is a third."""
    assert problem.labels is not None
    rows = _typed(problem.inputs)
    width = problem.inputs.shape[1]
    points = [rows[start : start + width] for start in range(0, len(rows), width)]
    return points, _typed(problem.labels)


def _typed(given: Given) -> list[Fraction]:
    assert given.values is not None
    if given.texts is None:
        return [Fraction(float(value)) for value in given.values.reshape(-1)]
    return [_fraction(str(text)) for text in given.texts.reshape(-1)]


def _fraction(text: str) -> Fraction:
    number, percent = text.strip().removesuffix("%"), text.strip().endswith("%")
    numerator, _, denominator = number.partition("/")
    return Fraction(numerator) / Fraction(denominator or "1") / (100 if percent else 1)
