"""The lines of a page: every printed equality re-done, and every number that is put in traced to where it is from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from stepwise.expressions import Const, Power, walk
from stepwise.operations.activations import ACTIVATIONS
from stepwise.problem.model import Given, Problem
from stepwise.trace import Trace
from stepwise.verifying.model import Counted, Missed, Reason
from stepwise.verifying.printed import Miss, check_page, operand_misses

_TYPED = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?(/\d+)?%?", re.IGNORECASE)
_ARRAYS = ("inputs", "labels", "weights", "biases")
_NO_NUMBERS = {"title", "rounding", "train", "notation", "vary", "marks", "ask", "language", *_ARRAYS}
_END = 12
"""So many rows and columns at the ends of an array can be on a page."""


def check_equalities(trace: Trace, page: str) -> tuple[Counted, list[Missed]]:
    """Every printed equality of the page, re-done by the reader of pages."""
    report = check_page(page, figures=trace.problem.rounding.figures)
    misses = [_missed(one) for one in report.misses]
    if not report.redone and not misses:
        reason: Reason = "shapes" if trace.arithmetic == "shapes" else "letters" if trace.in_forms else "nothing"
        return Counted("equalities", "skipped", 0, report.elided, reason), []
    return Counted("equalities", "misses" if misses else "holds", report.redone, report.elided), misses


def _missed(miss: Miss) -> Missed:
    if miss.redone:
        return Missed("equality", found=miss.printed, expected=miss.redone, line=miss.line, formula=miss.formula)
    return Missed("unreadable", found=miss.complaint, line=miss.line, formula=miss.formula)


def check_put_in(trace: Trace, page: str, *, whole: bool) -> tuple[Counted, list[Missed]]:
    """Every number that is put in is given, or rounds to a result printed before it.

    `whole`: nothing of the page is left out; of a part of a page the results before it are unknown.
    """
    if not trace.problem.has_numbers or trace.in_forms or not whole:
        reason: Reason = "letters" if trace.in_forms else "cut" if trace.problem.has_numbers else "shapes"
        return Counted("operands", "skipped", reason=reason), []
    problem = trace.problem
    known = [*given_texts(trace), *constants(problem), *_of_own_functions(trace), *_of_proof(trace)]
    report = operand_misses(page, known, (), figures=problem.rounding.figures)
    misses = [Missed("operand", found=one.operand, line=one.line, formula=one.formula) for one in report.misses]
    return Counted("operands", "misses" if misses else "holds", report.counted), misses


def given_texts(trace: Trace) -> Iterator[str]:
    """Every typed number that a page can show, and those that a proof was found with."""
    problem = trace.problem
    for field in problem.document:
        if field not in _NO_NUMBERS:
            yield from _numbers(problem.document[field])
    for given in (problem.inputs, problem.labels, *problem.weights, *(problem.biases or ())):
        if given is not None:
            yield from _ends(given)
    for quantity in trace.quantities.values():
        if quantity.given and quantity.texts is not None and quantity.texts.size <= _END**2:
            yield from (str(text) for text in quantity.texts.reshape(-1) if _TYPED.fullmatch(str(text)))


def _of_own_functions(trace: Trace) -> Iterator[str]:
    """The numbers and exponents in the formulas of functions that the file brings along, as 4 in the derivative 4z."""
    if any(layer.activation.expr for layer in trace.problem.layers):
        for node in (node for step in trace.derivation for node in walk(step.tree)):
            if isinstance(node, Const) and _TYPED.fullmatch(node.text):
                yield node.text
            elif isinstance(node, Power):
                yield str(node.exponent)


def _of_proof(trace: Trace) -> Iterator[str]:
    """The fractions that a proof comes to, whose parts stand in its lines, and the total of the multipliers."""
    if trace.problem.model != "separability":
        return
    for quantity in trace.quantities.values():
        if quantity.value is not None and quantity.value.size <= _END**2:
            yield from (str(value) for value in map(Fraction, quantity.value.reshape(-1)) if value.denominator > 1)
    if "u" in trace and trace.problem.labels is not None:
        labels = trace.problem.labels.values
        u = trace.quantities["u"].value
        assert u is not None
        assert labels is not None
        yield str(
            sum((m for m, label in zip(u.reshape(-1), labels.reshape(-1), strict=True) if label == 1), Fraction(0))
        )


def _ends(given: Given) -> Iterator[str]:
    """The numbers in the first and last rows and columns, as typed."""
    if given.texts is None:
        return
    rows, columns = (np.r_[: min(n, _END), max(_END, n - _END) : n] for n in given.shape)
    for text in given.texts[np.ix_(rows, columns)].reshape(-1):
        if _TYPED.fullmatch(str(text)):
            yield str(text)


def constants(problem: Problem) -> Iterator[str]:
    """Numbers of formulas: 1 and 2, numbers of samples and iterations, defaults of parameters, the spread of a draw."""
    yield from ("0", "1", "2", "1/2")
    if any(layer.activation.name == "tanh" for layer in problem.layers):
        # 4t/(1 + t)²
        yield "4"
    for record in ACTIVATIONS.values():
        yield from record.parameters.values()
    size = problem.train.batch_size or problem.samples
    yield from map(str, (problem.samples, size, problem.samples % size or size))
    if problem.draw is not None:
        yield "6"
        for layer in problem.layers:
            yield from map(str, (layer.inputs, layer.units))
    if problem.schedule == "inverse":
        yield from (str(t + 1) for t in range(problem.samples * problem.train.epochs))


def _numbers(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for value in node.values():
            yield from _numbers(value)
    elif isinstance(node, list):
        for value in node:
            yield from _numbers(value)
    elif not isinstance(node, bool) and _TYPED.fullmatch(str(node)):
        yield str(node)
