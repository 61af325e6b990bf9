"""Whether a mistake would be seen: its numbers lie outside what is right where they first reach an asked quantity."""

from __future__ import annotations

from collections.abc import Container, Iterator

import numpy as np
from msgspec import Struct

from stepwise.asking import Line
from stepwise.asking.ways import Floats, float_value
from stepwise.operations.operation import Mistake
from stepwise.sheets.working import Flags, Worked

DEMANDED = ("forgot_activation_derivative", "sign_of_delta", "forgot_learning_rate", "forgot_one_over_n")
"""The mistakes that must show in every variant, where they change anything at all."""
_NOISE = 1e-9
_SLACK = 1e-7


class Sight(Struct, frozen=True, eq=False):
    """A mistake in a line: for which candidates it changes any number, and for which an asked one is wrong then."""

    line: Line
    mistake: Mistake
    changes: Flags
    shows: Flags


def demanded_show(made: Worked) -> Flags | None:
    """Which candidates have in sight all demanded mistakes that change anything in them."""
    found = [one.shows | ~one.changes for one in sights(made, DEMANDED)]
    return np.asarray(np.logical_and.reduce(found)) if found else None


def sights(made: Worked, names: Container[str] | None = None) -> Iterator[Sight]:
    """Every mistake (or those of some `names`) that can be made in a first iteration and reaches what is asked."""
    asked = {one.id for one in made.questions.asked}
    for line in made.whole.lines:
        if line.step is None or line.id not in made.careful or (line.iteration or 1) > 1:
            continue
        for mistake in line.step.mistakes:
            if mistake.line or (names is not None and mistake.name not in names):
                continue
            try:
                value = float_value(line, mistake.tree, made.exact.__getitem__)
            except (KeyError, ValueError):
                continue  # the problem lacks an operand, or the shapes do not fit: it cannot be made here
            right = made.exact[line.id]
            shows = _shows(made, line, value, asked)
            if shows is not None:
                near = np.abs(value - right) <= _NOISE * np.maximum(np.abs(right), 1.0)
                yield Sight(line, mistake, ~made.every(near), shows)


def _shows(made: Worked, line: Line, value: Floats, asked: Container[str]) -> Flags | None:
    """Follow a mistaken value to where it first reaches what is asked: which candidates have a wrong number there.

    None where it reaches nothing that is asked.
    """
    if line.id in asked:
        return _outside(made, line, value)
    changed, found = {line.id: value}, []
    for later in made.whole.lines[made.whole.index[line.id] + 1 :]:
        if later.id not in made.careful or not any(name in changed for name in later.operands()):
            continue
        value = float_value(later, later.tree, lambda name: changed.get(name, made.exact[name]))
        if later.id in asked:
            found.append(_outside(made, later, value))
        else:
            changed[later.id] = value
    return np.asarray(np.logical_or.reduce(found)) if found else None


def _outside(made: Worked, line: Line, value: Floats) -> Flags:
    """Which candidates have a number outside what is right."""
    lo, hi = made.way.key(line, made.known[line.id])
    room = _NOISE + _SLACK * np.maximum(np.abs(lo), np.abs(hi))
    return made.some((value < lo - room) | (value > hi + room))
