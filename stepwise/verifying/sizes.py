"""Sizes and finiteness of every quantity of a trace."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from stepwise.expressions import shape_of
from stepwise.problem.model import Problem
from stepwise.trace import Quantity, Trace
from stepwise.verifying.model import Counted, Missed
from stepwise.verifying.outputs import place_of

_OF_LAYER = re.compile(r"(?:step_|d|data_d|reg_d)?(?P<kind>[Wb])(?P<layer>\d+)(?:_new)?")
_OF_UNITS = re.compile(r"(?:z|a|delta|back|da_dz|dL_da)(?P<layer>\d+)(?:_new)?")
Shape = tuple[int, int]


def check_sizes(trace: Trace) -> tuple[Counted, list[Missed]]:
    """Every quantity has the size that its formula gives for those of its operands, and the one that its name promises.

    The name of a parameter, its gradient, its step and its new value promises the size of the layer; that of a
    pre-activation, an activation or an error term one number for each unit and sample.
    """
    misses = []
    for quantity in trace.quantities.values():
        found = quantity.shape if quantity.value is None else quantity.value.shape
        for expected in (_by_formula(trace, quantity), _by_name(trace, quantity)):
            if expected is not None and expected != found:
                misses.append(Missed("shape", quantity.id, _text(found), _text(expected)))
                break
    return Counted("sizes", "misses" if misses else "holds", len(trace.quantities)), misses


def check_finite(trace: Trace) -> tuple[Counted, list[Missed]]:
    """No number is infinite or undefined."""
    if trace.arithmetic == "shapes" or trace.in_forms:
        # where a form would be infinite or undefined, it is refused when it arises
        return Counted("finite", "skipped", reason="letters" if trace.in_forms else "shapes"), []
    counted, misses = 0, []
    for quantity in trace.quantities.values():
        if quantity.value is not None:
            counted += quantity.value.size
            value = quantity.value.astype(float)
            for at in map(tuple, np.argwhere(~np.isfinite(value))):
                misses.append(Missed("finite", place_of(quantity, at), str(value[at])))
    return Counted("finite", "misses" if misses else "holds", counted), misses


def _text(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape))


def _by_formula(trace: Trace, quantity: Quantity) -> Shape | None:
    """The size that the formula gives; None for what is given, (0, 0) where the operands do not fit one another."""
    if quantity.step is None:
        return None
    before = f"t{quantity.iteration}." if quantity.iteration is not None else ""
    shapes: dict[str, Shape] = {}
    for name in quantity.step.operands:
        operand = trace.quantities.get(before + name) or trace.quantities.get(name)
        if operand is None:
            return None
        shapes[name] = operand.shape
    return _shape_of(quantity, shapes)


def _shape_of(quantity: Quantity, shapes: Mapping[str, Shape]) -> Shape:
    assert quantity.step is not None
    try:
        return shape_of(quantity.step.tree, shapes)
    except ValueError:
        return 0, 0


def _by_name(trace: Trace, quantity: Quantity) -> Shape | None:
    """The size that the name promises in a network; None where it promises none."""
    problem = trace.problem
    if problem.model != "network":
        return None
    if found := _OF_LAYER.fullmatch(quantity.name):
        layer = problem.layers[int(found["layer"]) - 1]
        column = problem.layout == "column"
        ends = (layer.units, layer.inputs if found["kind"] == "W" else 1)
        return ends if column else (ends[1], ends[0])
    if found := _OF_UNITS.fullmatch(quantity.name):
        return _of_samples(problem, problem.layers[int(found["layer"]) - 1].units, quantity.iteration)
    return None


def _of_samples(problem: Problem, units: int, iteration: int | None) -> Shape:
    from stepwise.verifying.given import chosen

    count = problem.samples
    if iteration is not None:
        part = chosen(problem, iteration)
        count = part.stop - part.start
    return (units, count) if problem.layout == "column" else (count, units)
