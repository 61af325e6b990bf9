"""Which digits the operands of a line are printed with, so that whoever re-does the line gets its printed result.

In hand arithmetic the printed operands are the ones that were computed with. In exact arithmetic a result is printed at
its own decimals; as an operand it gets as many more as this line needs, the same for all computed operands of the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import product

import numpy as np
import numpy.typing as npt

from stepwise.document.leaves import View
from stepwise.expressions import (
    Add,
    Entry,
    Expr,
    FloatArithmetic,
    Func,
    Series,
    Shapes,
    Sub,
    Total,
    contains,
    entry,
    evaluate,
    leaves,
    usual,
    walk,
)
from stepwise.expressions.rationals import RationalArithmetic
from stepwise.expressions.rewrite import REMEMBERED
from stepwise.notation.numbers import NOISE, decimals_of, every, printed_values, round_half_up, same
from stepwise.trace import Quantity, Trace, without_noise

MOST_GUARD_DIGITS = 14
"""More than the twelve decimals that can be asked for: 8e-13 is printed as 1e-12 then, and has to be halved."""
_FEW_GUARD_DIGITS = 8
_FLOATS = FloatArithmetic()
_LIMITS = {"exp": 0.0, "tanh": 1.0, "Phi": 1.0, "erf": 1.0}
"""Functions, and what they come close to, beside 0, without ever getting there."""
Places = tuple[int, int]


class Views:
    """Quantities as printed, each made once."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self._made: dict[tuple[str, int, int], View] = {}

    def of(self, quantity: Quantity, guard: int = 0, lean: int = 0) -> View:
        key = (quantity.id, guard, lean)
        if key not in self._made:
            self._made[key] = View(self.trace, quantity, guard, lean)
        return self._made[key]


class Operands:
    """The printed operands of one line, and its result when it is re-done from them."""

    def __init__(self, views: Views, quantity: Quantity, operands: Mapping[str, Quantity]) -> None:
        assert quantity.step is not None
        self.trace = views.trace
        self.quantity = quantity
        self.tree = quantity.step.tree
        self._made = views
        self._operands = operands
        self.result = views.of(quantity)
        self._loose = {name for name, operand in operands.items() if _is_loose(self.trace, operand)}
        self.guard = 0
        self.views = self._views(0)
        self.redone: npt.NDArray[np.float64] | None = None
        if self._loose or self.trace.arithmetic == "exact":
            self._find_guard()

    @cached_property
    def shapes(self) -> Shapes:
        """The shapes of the operands."""
        return {name: operand.shape for name, operand in self._operands.items()}

    def _find_guard(self) -> None:
        """As few digits more as it takes; none where even many do not help.

        A result that is a tie (0.03025 at four decimals) may need operands that lie on its other side. More than a few
        digits come last: only a logarithm next to 1 needs them, and so many bring a tie as near as the noise of floats.
        """
        few, many = range(_FEW_GUARD_DIGITS + 1), range(_FEW_GUARD_DIGITS + 1, MOST_GUARD_DIGITS + 1)
        for guards in (few, many):
            for lean, guard in product((0, 1, -1), guards):
                self.guard, self.views = guard, self._views(guard, lean)
                self.redone = self._redo()
                if self._comes_out() or not self._loose:
                    return
        self.guard, self.views = 0, self._views(0)

    def entries(self) -> tuple[Places, ...]:
        """The places of the result that are printed."""
        return tuple(product(self.result.rows, self.result.columns))

    @property
    def exact(self) -> bool:
        """Whether the printed result is the value, and re-doing the line gives just that."""
        unrounded = self.quantity.unrounded
        if unrounded is not None:
            shown = () if self.result.whole else np.ix_(list(self.result.rows), list(self.result.columns))
            kept = every(unrounded[shown])
        else:
            kept = every(self.result.printed.exact)
        if not kept or self.loses_a_term:
            return False
        if self.redone is not None and not every(same(self.redone, self.result.printed.values)):
            return False
        # 123456789.4 ≈ 1.235e8, 0.3 + 1e-300 ≈ 0.3, 4712.1234² ≈ 22204106.9387: too near for floats
        return not self.has_long or self._is_exactly()

    @cached_property
    def loses_a_term(self) -> bool:
        """Whether float arithmetic drops something: 1 + 3e-44 ≈ 1, e^{−1500} ≈ 0, and tanh 20 ≈ 1."""
        if _has_limits(self.tree):
            with np.errstate(all="ignore"):
                if self._reaches_a_limit():
                    return True
        if not contains(self.tree, Add, Sub):
            return False
        least = NOISE * self.result.range[1]
        return any(view.range[0] < least for view in self.views.values())

    def loses_a_term_at(self, row: int, column: int) -> bool:
        """The same for one entry."""
        if not self.loses_a_term:
            return False
        if _has_limits(self.tree) and self._reaches_a_limit_at(row, column):
            return True
        scalar = entry(self.tree, row, column, self.shapes)
        if _hides(scalar):
            return True
        sizes = [abs(number) for number in self.numbers(leaves(scalar)).values() if number]
        return contains(self.tree, Add, Sub) and min(sizes, default=1.0) < NOISE * max(sizes, default=0.0)

    def _reaches_a_limit(self) -> bool:
        """Whether a function comes so close to its limit that floats take it for the limit: tanh 20, 1 − e^{−40}."""
        return any(self._reaches_a_limit_at(*at) for at in self.entries())

    def _reaches_a_limit_at(self, row: int, column: int) -> bool:
        scalar = entry(self.tree, row, column, self.shapes)
        if _hides(scalar):
            return False
        # arrays overflow to ∞ where plain floats raise
        numbers = {node: np.asarray(number) for node, number in self.numbers(leaves(scalar)).items()}
        with np.errstate(all="ignore"):
            return any(_at_limit(node, numbers) for node in walk(scalar) if isinstance(node, Func))

    def _is_exactly(self) -> bool:
        """Whether the printed result is, to the last digit, what the printed operands give; False where no person can
        tell: a logarithm, a root."""
        return all(self.is_exactly_at(*at) for at in self.entries())

    def is_exactly_at(self, row: int, column: int) -> bool:
        """The same for one entry; True where something of it is left out in print."""
        scalar = entry(self.tree, row, column, self.shapes)
        if _hides(scalar):
            return True
        try:
            numbers = {node: self.views[node.name].exactly(int(node.row), int(node.column)) for node in leaves(scalar)}
            found = evaluate(scalar, numbers, RationalArithmetic())
            return isinstance(found, Fraction | int) and found == self.result.exactly(row, column)
        except (TypeError, ValueError, OverflowError):
            return False

    @cached_property
    def has_long(self) -> bool:
        """Whether some number is too long for floats to tell whether a line holds to its last digit."""
        return any(view.is_long for view in (self.result, *self.views.values()))

    def has_long_at(self, row: int, column: int) -> bool:
        """The same for the numbers of one entry."""
        scalar = entry(self.tree, row, column, self.shapes)
        if _hides(scalar) or self.result.is_long_at(row, column):
            return True
        return any(self.views[node.name].is_long_at(int(node.row), int(node.column)) for node in leaves(scalar))

    def _views(self, guard: int, lean: int = 0) -> dict[str, View]:
        return {
            name: self._made.of(operand, guard, lean) if name in self._loose else self._made.of(operand)
            for name, operand in self._operands.items()
        }

    def _redo(self) -> npt.NDArray[np.float64] | None:
        """The printed entries computed again from the printed operands; None where operands are left out in print."""
        with np.errstate(all="ignore"):
            if self.result.whole and all(view.whole for view in self.views.values()):
                numbers = {name: view.printed.values for name, view in self.views.items()}
                return without_noise(self.tree, np.asarray(evaluate(self.tree, numbers, _FLOATS)), numbers)
            return self._redo_entries()

    def _redo_entries(self) -> npt.NDArray[np.float64] | None:
        redone = np.empty((len(self.result.rows), len(self.result.columns)))
        for row, column in self.entries():
            scalar = entry(self.tree, row, column, self.shapes)
            if _hides(scalar):
                # a precaution looks at the largest of all units, also of those that are left out in print
                scalar = usual(scalar)
            if _hides(scalar):
                return None
            numbers = self.numbers(leaves(scalar))
            redone[self.result.rows[row], self.result.columns[column]] = evaluate(scalar, numbers, _FLOATS)
        return redone

    def numbers(self, nodes: Iterable[Entry]) -> dict[Entry, float]:
        """The printed numbers of some entries."""
        return {node: self.views[node.name].number(int(node.row), int(node.column)) for node in nodes}

    def _comes_out(self) -> bool:
        if self.redone is None:
            return True
        digits = self.trace.digits(self.quantity.name)
        printed = self.result.printed.values
        again = printed_values(self.redone, digits)
        # 1/3 − 0.33333 is printed as 0: whatever rounds to it at the digits of a zero will do
        again = np.where(printed == 0, round_half_up(self.redone, decimals_of(np.zeros(()), digits)), again)
        return every(same(again, printed)) and self._rounds_back()

    def _rounds_back(self) -> bool:
        """Every operand, as printed here, rounds to the result that was printed for it before."""
        for name in self._loose:
            digits = self.trace.digits(self._operands[name].name)
            back = printed_values(self.views[name].printed.values, digits)
            if not every(same(back, self._made.of(self._operands[name]).printed.values)):
                return False
        return True


def _is_loose(trace: Trace, operand: Quantity) -> bool:
    """Whether an operand was computed with more digits than its result was printed with."""
    if operand.texts is not None:
        return False
    return trace.arithmetic == "exact" or operand.true is None


@lru_cache(maxsize=REMEMBERED)
def _has_limits(tree: Expr) -> bool:
    return any(isinstance(node, Func) and node.name in _LIMITS for node in walk(tree))


def _at_limit(node: Func, numbers: Mapping[Entry, npt.NDArray[np.float64]]) -> bool:
    if node.name not in _LIMITS or not evaluate(node.arg, numbers, _FLOATS):
        return False
    size = np.abs(evaluate(node, numbers, _FLOATS))
    return bool(size < NOISE or abs(size - _LIMITS[node.name]) <= NOISE)


@lru_cache(maxsize=REMEMBERED)
def _hides(scalar: Expr) -> bool:
    """Whether something of an entry is left out in print."""
    return any(isinstance(node, Series) and None in node.terms for node in walk(scalar)) or contains(scalar, Total)
