"""Where a derivative is largest, and how large it is there."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from msgspec import Struct

from stepwise.expressions import At, Const, Derivative, Expr, Func, Named, Neg, Power, Unknown
from stepwise.symbolic.model import Relation, Remark, Slots, Step
from stepwise.symbolic.slopes import INNER, NEAR, STEPS, Slopes
from stepwise.symbolic.values import (
    MOST_OPERATIONS,
    constant,
    exact_value,
    floats,
    number,
    rounded,
    spelled_out,
    terminating,
    vanishes,
)


class Peak(Struct, frozen=True):
    """Where |f′| is largest: at one `place` (`exact` where it is known as a number)."""

    place: float
    value: float
    exact: Fraction | None
    root: Fraction | None = None
    """The square of the place, where it is the square root of a number (or minus it)."""


class Parabola(Struct, frozen=True):
    """top − factor·(f − centre)²"""

    top: Fraction
    factor: Fraction
    centre: Fraction


class Peaks(Slopes):
    """The search for the largest |f′|, and its lines."""

    def peak(self) -> Peak | None:
        """The one place where |f′| is largest; None where that is a whole stretch, or is only come near to."""
        size = np.abs(self.slopes)
        at = int(np.argmax(size))
        top = size[at]
        if at in (0, size.size - 1) or np.count_nonzero(size > top - 1e-12) > 3 or self._ends_above(float(top)):
            return None
        place = float(self.grid[at])
        if self._subject.own and self._elsewhere(place, float(top)):
            return None
        if any(abs(place - corner) < 6 * INNER / STEPS for corner in self._corners):
            # only come near to, from one side
            return None
        exact = self._exact(place)
        if exact is None:
            place = self._refined(float(self.grid[at - 1]), float(self.grid[at + 1]))
            exact = self._exact(place)
        root = self._root(place) if exact is None else None
        return Peak(place if exact is None else float(exact), float(np.abs(self.slope(np.array(place)))), exact, root)

    def _elsewhere(self, place: float, top: float) -> bool:
        """Whether |f′| is as large anywhere but here and at the mirrored place."""
        as_large = self.grid[np.abs(self.slopes) > top * (1 - 1e-5)]
        return bool(np.any(np.abs(np.abs(as_large) - abs(place)) > 0.2))

    def twin(self, peak: Peak) -> bool:
        """Whether |f′| is just as large at the mirrored place."""
        other = float(np.abs(self.slope(np.array(-peak.place))))
        return abs(peak.place) > 1e-6 and abs(other - peak.value) < NEAR * max(1.0, peak.value)

    def _root(self, place: float) -> Fraction | None:
        """A number near the square of the place, if the second derivative is exactly 0 at its root."""
        near = Fraction(round(2 * place * place), 2)
        if near == 0 or abs(place * place - float(near)) > 1e-4:
            return None
        import sympy

        root = sympy.sqrt(sympy.Rational(near.numerator, near.denominator))
        return near if self._turns(root if place > 0 else -root) else None

    def _turns(self, at: Any) -> bool:
        """Whether the second derivative is exactly 0 at a place."""
        import sympy

        letter = self._atoms.symbol(self._subject.by)
        slope = self._atoms.value(self._subject.with_defaults(spelled_out(self._short)))
        return slope.count_ops() <= MOST_OPERATIONS and vanishes(sympy.diff(slope, letter).subs(letter, at))

    def _ends_above(self, top: float) -> bool:
        return any(abs(self.far(side) or 0.0) > top - 1e-7 for side in (1, -1))

    def _refined(self, low: float, high: float) -> float:
        """The place between two points, closer and closer."""
        for _ in range(6):
            points = np.linspace(low, high, 201)
            best = int(np.argmax(np.abs(self.slope(points))))
            low, high = points[max(best - 1, 0)], points[min(best + 1, 200)]
        return float(low + high) / 2

    def _exact(self, place: float) -> Fraction | None:
        """A round number near, if the second derivative is exactly 0 there."""
        near = Fraction(round(2 * place), 2)
        if abs(place - float(near)) > 1e-4:
            return None
        parabola = self._parabola()
        if (
            parabola is not None
            and exact_value(self._f, self._subject.at(constant(near)), self._atoms) == parabola.centre
        ):
            return near
        import sympy

        return near if self._turns(sympy.Rational(near.numerator, near.denominator)) else None

    def place_of(self, peak: Peak, side: int = 1) -> tuple[Expr, bool]:
        """The place of a peak (or, with −1, the mirrored one), and whether it is exact."""
        positive = peak.place * side > 0
        if peak.root is not None:
            root = Func("sqrt", Const(str(peak.root)))
            return (root if positive else Neg(root)), True
        if peak.exact is not None:
            return constant(side * peak.exact), True
        return rounded(side * peak.place), False

    def peak_step(self, peak: Peak) -> Step:
        """f′(0) = 0.25"""
        place, known = self.place_of(peak)
        values = self._subject.at(place)
        meaning: Expr = Derivative(self._f, self._subject.by)
        for letter, value in values.items():
            meaning = At(meaning, letter, value)
        exact = exact_value(self._short, values, self._atoms) if peak.exact is not None else None
        left = Named(Unknown(self._subject.prime, (place,)), meaning)
        slots: Slots = {"where": Relation(self._subject.by, "=" if known else r"\approx", place)}
        if exact is None:
            value = rounded(float(number(self._short, floats(values))))
            return Step("largest" if known else "largest_near", left, (value,), slots, about=True)
        stages = [Const(str(exact))]
        if exact.denominator > 1 and terminating(exact):
            stages.append(constant(exact))  # type: ignore[arg-type]
        return Step("largest", left, tuple(stages), slots)

    def _parabola(self) -> Parabola | None:
        """f′ as top − factor·(f − centre)², where it is that with rational numbers."""
        import sympy

        y = self._atoms.symbol(self._f)
        value = self._atoms.value(self._short)
        if value.free_symbols != {y} or not value.is_polynomial(y):
            return None
        poly = sympy.Poly(value, y)
        if poly.degree() != 2 or not all(c.is_Rational for c in poly.all_coeffs()) or poly.LC() >= 0:
            return None
        square, linear, rest = (Fraction(int(c.p), int(c.q)) for c in poly.all_coeffs())
        return Parabola(rest - linear**2 / (4 * square), -square, -linear / (2 * square))

    def square_remark(self) -> Remark | None:
        """1 − f² ≤ 1, where f′ is such a difference."""
        found = self._parabola()
        if found is None or found.centre != 0:
            return None
        where = Relation(self._f, "=", Const("0"))
        return Remark("size.square", {"slope": self._short, "top": Const(str(found.top)), "where": where})

    def square_step(self) -> Step | None:
        """f(1 − f) = ¼ − (f − ½)²; nothing to do where f′ is such a difference already."""
        found = self._parabola()
        if found is None or found.centre == 0:
            return None
        square: Expr = Power(self._f - Const(str(found.centre)), 2)
        if found.factor != 1:
            square = Const(str(found.factor)) * square
        top = Const(str(found.top))
        slots: Slots = {"where": Relation(self._f, "=", Const(str(found.centre))), "top": top}
        return Step("square", Derivative(self._f, self._subject.by), (self._short, top - square), slots)
