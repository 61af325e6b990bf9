"""Variants of every shipped problem that has numbers to ask for, and what careful and careless people get in them."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from stepwise import Trace, load_problem, solve
from stepwise.asking import calculation
from stepwise.asking.ways import float_value
from stepwise.errors import UnsupportedError
from stepwise.problem import Problem, problem_from_document, shipped_problems, with_options
from stepwise.sheets.model import Paper, Variant
from stepwise.sheets.variants import variant_of


@cache
def variants() -> dict[str, Variant]:
    """By the name of the problem."""
    found = {}
    for name in shipped_problems():
        try:
            found[name] = variant_of(load_problem(name), f"{name.upper()}-7F3K9QDM-5")
        except UnsupportedError:
            continue
    return found


NAMES = tuple(variants())


def paper(*problems: Variant, title: dict[str, str] | None = None) -> Paper:
    return Paper(problems[0].code, problems, None, title)


def titled(name: str, **titles: str) -> Problem:
    """A shipped problem under another title."""
    return problem_from_document({**load_problem(name).document, "title": titles}, name=name)


@cache
def right_answers(name: str) -> dict[str, list[np.ndarray[Any, Any]]]:
    """What careful people write: the exact key, and the results of hand arithmetic, for what both have."""
    variant = variants()[name]
    traces = [solve(with_options(variant.problem, carry=False)), solve(with_options(variant.problem, carry=True))]
    exact = {one.id: without_noise(value_of(traces[0], one.id)) for one in variant.asked if one.id in traces[0]}
    hand = {one.id: printed_of(traces[1], one.id) for one in variant.asked if one.id in traces[1]}
    return {one: [exact[one], hand[one]] for one in exact}


def without_noise(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """To twelve figures and fourteen decimals, which is more than anybody types."""
    return np.vectorize(lambda value: round(float(f"{value:.12g}"), 14), otypes=[float])(values)


def value_of(trace: Trace, name: str) -> np.ndarray[Any, Any]:
    value = trace.quantity(name).value
    assert value is not None
    return value


def printed_of(trace: Trace, name: str) -> np.ndarray[Any, Any]:
    """The printed numbers, as on paper."""
    return np.array([[float(text) for text in row] for row in trace.printed(trace.quantity(name)).texts])


@cache
def wrong_answers(name: str) -> dict[str, list[np.ndarray[Any, Any]]]:
    """What known mistakes give in full precision, by quantity; NaN where the result is right all the same."""
    variant = variants()[name]
    whole = calculation(variant.problem)
    known = dict(whole.givens)
    found: dict[str, list[np.ndarray[Any, Any]]] = {}
    with np.errstate(all="ignore"):
        for line in whole.lines:
            known[line.id] = float_value(line, line.tree, known.__getitem__)
            if line.step is None or line.id not in variant.accepted or not line.is_written:
                continue
            low, high = variant.accepted[line.id]
            for mistake in line.step.mistakes:
                try:
                    value = float_value(line, mistake.tree, known.__getitem__)
                except (KeyError, ValueError):
                    continue
                noise = 1e-9 * np.maximum(np.abs(low), np.abs(high))
                value = np.where((value >= low - noise) & (value <= high + noise), np.nan, value)
                found.setdefault(line.id, []).append(value)
    return found
