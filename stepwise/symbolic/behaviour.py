"""How large a derivative is, and what that does to gradients: found from the numbers, with the defaults put in."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from stepwise.expressions import At, Const, Derivative, Expr, Named, Power, Unknown
from stepwise.symbolic.atoms import Atoms
from stepwise.symbolic.model import Relation, Remark, Step
from stepwise.symbolic.subject import Subject
from stepwise.symbolic.values import constant, exact_value, floats, number, rounded, spelled_out, terminating, vanishes

INNER, STEPS = 12.0, 4800
FAR = (20.0, 40.0, 80.0)
"""Where the derivative counts as what it goes to."""
NEAR = 1e-9
LAYERS = 5
SHRINKS = 0.5
"""Below this bound the page speaks of vanishing gradients."""
SATURATED_AT = 5


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


class Behaviour:
    """What the numbers of f′ show, `short` being its last form."""

    def __init__(self, subject: Subject, f: Named, short: Expr, atoms: Atoms, corners: tuple[Fraction, ...] = ()) -> None:
        self._subject, self._f, self._short, self._atoms = subject, f, short, atoms
        self._corners = tuple(float(corner) for corner in corners)

    def slope(self, at: Any) -> Any:
        """f′ in floats, with the default parameters."""
        values = {**floats({n: v for n, v in self._subject.at(Const("0")).items()}), self._subject.by.name: at}
        return np.broadcast_to(np.asarray(number(self._short, values), dtype=float), np.shape(at))

    @cached_property
    def grid(self) -> Any:
        """Points on both sides of 0, none of them a corner."""
        points = np.linspace(-INNER, INNER, STEPS + 1)
        return points[np.all([np.abs(points - corner) > NEAR for corner in (*self._corners, np.inf)], axis=0)]

    @cached_property
    def slopes(self) -> Any:
        return self.slope(self.grid)

    @cached_property
    def largest(self) -> float:
        return float(np.max(np.abs(self.slopes)))

    @cached_property
    def _far(self) -> dict[int, float | None]:
        return {side: self._goes_to(side) for side in (1, -1)}

    def far(self, side: int) -> float | None:
        """What f′ goes to on one side, where the numbers say so."""
        return self._far[side]

    def _goes_to(self, direction: int) -> float | None:
        values = [float(value) for value in self.slope(direction * np.array(FAR))]
        if not np.all(np.isfinite(values)) or max(abs(v - values[-1]) for v in values[1:]) > NEAR:
            return None
        return round(values[-1], 6) + 0.0

    @property
    def known(self) -> bool:
        """Whether f′ has a value everywhere and stays in bounds, as far as the numbers go."""
        return bool(np.all(np.isfinite(self.slopes))) and self.far(1) is not None and self.far(-1) is not None

    @property
    def constant(self) -> bool:
        return float(np.ptp(self.slopes)) < NEAR

    # ---- the largest value

    def peak(self) -> Peak | None:
        """The one place where |f′| is largest; None where that is a whole stretch, or is only come near to."""
        size = np.abs(self.slopes)
        at = int(np.argmax(size))
        top = size[at]
        if at in (0, size.size - 1) or np.count_nonzero(size > top - 1e-12) > 3 or self._ends_above(float(top)):
            return None
        place = float(self.grid[at])
        if any(abs(place - corner) < 3 * INNER / STEPS * 2 for corner in self._corners):
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
        if parabola is not None and exact_value(self._f, self._subject.at(constant(near)), self._atoms) == parabola.centre:
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
        slots = {"where": Relation(self._subject.by, "=" if peak.exact is not None else r"\approx", place)}
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
        slots = {"where": Relation(self._f, "=", Const(str(found.centre))), "top": top}
        return Step("square", Derivative(self._f, self._subject.by), (self._short, top - square), slots)

    # ---- what it means

    def parts(self) -> list[Step | Remark]:
        if not self.known:
            return []
        if self.constant:
            return [self._constant_remark()]
        peak = self.peak()
        found: list[Step | Remark] = []
        if peak is not None:
            square = self.square_step()
            found += [*([square] if square else []), self.peak_step(peak)]
        found += self._bound(peak)
        return [*found, *self._sides()]

    def _constant_remark(self) -> Remark:
        value = float(self.slopes[0])
        if value == 0:
            return Remark("size.nothing")
        return Remark("size.always_one" if value == 1 else "size.always", {} if value == 1 else {"value": _short(value)})

    def _bound(self, peak: Peak | None) -> list[Remark]:
        largest = self.largest if peak is None else peak.value
        if peak is None:
            return self._stretch()
        bound = self._bound_tree(peak)
        if largest <= SHRINKS:
            # rounded up, because it is a bound
            product = Const(f"{np.ceil(largest**LAYERS * 1e5) / 1e5:.5f}")
            return [Remark("size.vanishing", {"bound": bound, "count": LAYERS, "product": product})]
        if abs(largest - 1) < NEAR:
            return [Remark("size.one_at_a_point", {"where": self.peak_step(peak).slots["where"]})]
        return [Remark("size.above_one" if largest > 1 else "size.below_one", {"bound": bound})]

    def _bound_tree(self, peak: Peak) -> Expr:
        step = self.peak_step(peak)
        return step.right[0]

    def _stretch(self) -> list[Remark]:
        """|f′| is largest along a whole stretch, or only come near to."""
        found = []
        for side, name in ((1, "right"), (-1, "left")):
            end = self.far(side)
            if end is None or abs(abs(end) - self.largest) > 1e-4 or end <= 0:
                continue
            start = self._flat_from(side)
            if start is not None:
                where = Relation(self._subject.by, ">" if side > 0 else "<", start)
                slots = {"where": where} if end == 1 else {"where": where, "value": _short(end)}
                found.append(Remark("size.unchanged" if end == 1 else "size.flat", slots))
            elif np.all(np.abs(self.slopes) < end):
                found.append(Remark(f"size.comes_near_{name}", {"value": _short(end), "point": self._subject.by}))
        return found

    def _flat_from(self, side: int) -> Expr | None:
        """The corner beyond which f′ is constant."""
        for corner in sorted(self._corners, key=lambda place: side * place):
            beyond = self.slopes[side * (self.grid - corner) > 0]
            if beyond.size and np.all(beyond == beyond[0]):
                return constant(Fraction(corner).limit_denominator(10**6))
        return None

    def _sides(self) -> list[Remark]:
        left, right = self.far(-1), self.far(1)
        return [*self._vanishing_sides(left, right), *self._signs(left), *self._bounded_below()]

    def _vanishing_sides(self, left: float | None, right: float | None) -> list[Remark]:
        z = self._subject.by
        zero_left, zero_right = self._zero_side(-1), self._zero_side(1)
        found = []
        if left == 0 and right == 0 and not zero_left and not zero_right:
            here = float(np.abs(self.slope(np.array(float(SATURATED_AT)))))
            where = Relation(z, "=", Const(str(SATURATED_AT)))
            return [Remark("size.saturates", {"where": where, "slope": _digits(here)})]
        for side, zero in ((-1, zero_left), (1, zero_right)):
            if zero:
                found.append(Remark("size.dead", {"where": Relation(z, "<" if side < 0 else ">", zero)}))
        if left == 0 and not zero_left:
            found.append(Remark("size.fades_left", {"point": z}))
        if right == 0 and not zero_right:
            found.append(Remark("size.fades_right", {"point": z}))
        if right == 1 and self._flat_from(1) is None and self.largest > 1 + NEAR:
            found.append(Remark("size.passes_right", {"point": z}))
        return found

    def _zero_side(self, side: int) -> Expr | None:
        start = self._flat_from(side)
        return start if start is not None and self.far(side) == 0 else None

    def _signs(self, left: float | None) -> list[Remark]:
        """Where f falls, if it falls at all and does so on one side of one place."""
        falling = self.slopes < 0
        changes = np.flatnonzero(np.diff(falling.astype(int)))
        if not np.any(falling) or changes.size != 1 or not falling[0]:
            return []
        low, high = self.grid[changes[0]], self.grid[changes[0] + 1]
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if self.slope(np.array(middle)) < 0 else (low, middle)
        where = Relation(self._subject.by, "<", rounded(float(low)))
        return [Remark("size.falls", {"where": where, "f": self._f})]

    def _bounded_below(self) -> list[Remark]:
        """A derivative that is nowhere 0 although the function has two branches."""
        smallest = float(np.min(self.slopes))
        ends = (self.far(1), self.far(-1))
        if smallest <= 0 or any(end is None or end <= 0 for end in ends) or not self._corners:
            return []
        return [Remark("size.never_zero", {"value": _short(smallest)})]


def _short(value: float) -> Expr:
    """A value as a number that ends, 0.01 or 1; else rounded."""
    near = Fraction(value).limit_denominator(1000)
    if abs(float(near) - value) < 1e-9 and terminating(near):
        return constant(near)
    return rounded(value)


def _digits(value: float) -> Expr:
    """A small number with two digits that count."""
    decimals = max(4, 1 - int(np.floor(np.log10(value)))) if value > 0 else 4
    return rounded(value, min(decimals, 12))
