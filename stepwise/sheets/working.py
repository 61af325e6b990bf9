"""Candidates worked out, all at once: every line in full precision, by hand, and between which numbers care leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from stepwise.asking import Calculation, Line, Questions
from stepwise.asking.sampled import ITERATIONS
from stepwise.asking.ways import Careful, Floats, Known, float_value
from stepwise.expressions import Expr
from stepwise.trace.arithmetic import HandArithmetic, digits_in

Flags = npt.NDArray[np.bool_]
_FIRST = 2
"""Of a long training the iterations that are measured with care; the others in full precision and by hand alone."""


class Worked(Struct, frozen=True, eq=False):
    """Candidates worked out. Arrays have the candidates as leading axis, but for what does not depend on them."""

    whole: Calculation
    questions: Questions
    count: int
    exact: Mapping[str, Floats]
    known: Mapping[str, Known]
    """`point` is the hand-rounded value, `lo` and `hi` the ends of what rounding with care can give."""
    careful: frozenset[str]
    """The lines of which `lo` and `hi` are known."""
    way: Careful

    def every(self, flags: npt.NDArray[Any]) -> Flags:
        """Whether something holds for all numbers of a quantity, one flag a candidate."""
        return np.broadcast_to(np.asarray(flags).all(axis=(-2, -1)), (self.count,))

    def some(self, flags: npt.NDArray[Any]) -> Flags:
        """Whether something holds for any number of a quantity."""
        return np.broadcast_to(np.asarray(flags).any(axis=(-2, -1)), (self.count,))

    def versions(self, name: str) -> tuple[Floats, ...]:
        """A quantity as different people get it: in full precision, by hand, at both ends of what care allows."""
        known = self.known[name]
        return self.exact[name], known.point, known.lo, known.hi

    def of_role(self, *roles: str) -> list[Line]:
        """The lines of some roles."""
        return [line for line in self.whole.lines if line.step is not None and line.step.role in roles]

    def layer_input(self, line: Line) -> str:
        """The pre-activation that an activation belongs to: `t1.z2` for `t1.a2`."""
        return line.sources.get(name := f"z{_layer(line)}{_after(line)}", name)


def worked(whole: Calculation, questions: Questions, givens: Mapping[str, Floats], count: int) -> Worked:
    """Work candidates out that have these `givens` in place of the problem's."""
    drawn = whole.with_givens(givens)
    way = Careful(drawn)
    hand = HandArithmetic(digits_in(whole.problem, whole.derivation))
    exact: dict[str, Floats] = dict(drawn.givens)
    known = {name: way.known(values) for name, values in drawn.givens.items()}
    careful = set()
    with np.errstate(all="ignore"):
        for line in drawn.lines:
            exact[line.id] = float_value(line, line.tree, exact.__getitem__)
            if whole.iterations <= ITERATIONS or (line.iteration or _FIRST + 1) <= _FIRST:
                known[line.id] = way.line(line, line.tree, known.__getitem__)
                careful.add(line.id)
            else:
                point = _by_hand(line, line.tree, known, hand)
                ends = np.fmin(point, exact[line.id]), np.fmax(point, exact[line.id])
                known[line.id] = Known(*ends, point)
    return Worked(drawn, questions, count, exact, known, frozenset(careful), way)


def _by_hand(line: Line, tree: Expr, known: Mapping[str, Known], hand: HandArithmetic) -> Floats:
    value = float_value(line, tree, lambda name: known[name].point)
    return np.asarray(hand.finish(line.name, value)) if line.is_written else value


def _layer(line: Line) -> int:
    assert line.step is not None
    return line.step.layer or 1


def _after(line: Line) -> str:
    return "_new" if line.step is not None and line.step.id.endswith("_new") else ""
