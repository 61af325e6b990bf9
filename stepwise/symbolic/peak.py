"""Where a derivative is largest, and how large it is there."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from stepwise.expressions import At, Const, Derivative, Expr, Named, Power, Unknown
from stepwise.symbolic.model import Relation, Slots, Step
from stepwise.symbolic.slopes import INNER, STEPS, Slopes
from stepwise.symbolic.values import constant, exact_value, floats, number, rounded, spelled_out, terminating, vanishes


@dataclass(frozen=True)
class Peak:
    """Where |f′| is largest: at one `place` (`exact` where it is known as a number)."""

    place: float
    value: float
    exact: Fraction | None


@dataclass(frozen=True)
class Parabola:
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
        if any(abs(place - corner) < 6 * INNER / STEPS for corner in self._corners):
            # only come near to, from one side
            return None
        exact = self._exact(place)
        if exact is None:
            place = self._refined(float(self.grid[at - 1]), float(self.grid[at + 1]))
            exact = self._exact(place)
        return Peak(place if exact is None else float(exact), float(np.abs(self.slope(np.array(place)))), exact)

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

        letter = self._atoms.symbol(self._subject.by)
        slope = self._atoms.value(self._subject.with_defaults(spelled_out(self._short)))
        value = sympy.diff(slope, letter).subs(letter, sympy.Rational(near.numerator, near.denominator))
        return near if vanishes(value) else None

    def peak_step(self, peak: Peak) -> Step:
        """f′(0) = 0.25"""
        place = rounded(peak.place) if peak.exact is None else constant(peak.exact)
        values = self._subject.at(place)
        meaning: Expr = Derivative(self._f, self._subject.by)
        for letter, value in values.items():
            meaning = At(meaning, letter, value)
        exact = exact_value(self._short, values, self._atoms) if peak.exact is not None else None
        left = Named(Unknown(self._subject.prime, (place,)), meaning)
        slots: Slots = {"where": Relation(self._subject.by, "=" if peak.exact is not None else r"\approx", place)}
        if exact is None:
            value = rounded(float(number(self._short, floats(values))))
            return Step("largest_near" if peak.exact is None else "largest", left, (value,), slots, about=True)
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
