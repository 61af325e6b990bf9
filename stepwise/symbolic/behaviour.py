"""How large a derivative is, and what that does to gradients: found from the numbers, with the defaults put in."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from stepwise.expressions import Const, Expr, Neg, Ref
from stepwise.symbolic.model import Relation, Remark, Slots, Step
from stepwise.symbolic.peak import Peak, Peaks
from stepwise.symbolic.slopes import NEAR
from stepwise.symbolic.values import constant, exact_value, short_number, small_number

LAYERS = 5
SHRINKS = 0.5
"""Below this bound the page speaks of vanishing gradients."""
SATURATED_AT = 5
SMALL = 0.05
"""What part of the largest derivative counts as small."""


class Behaviour(Peaks):
    """What the numbers of f′ show."""

    def parts(self) -> list[Step | Remark]:
        found = self._parts()
        defaults = [] if self._subject.own or not found else self._subject.defaults.items()
        return [*(Remark("check.default", {"where": Relation(Ref(n), "=", v)}) for n, v in defaults), *found]

    def _parts(self) -> list[Step | Remark]:
        if not self.known:
            return []
        if self.constant:
            return [self._constant_remark()]
        peak = self.peak()
        found: list[Step | Remark] = []
        if peak is not None:
            square = self.square_step() or self.square_remark()
            found += [*([square] if square else []), self.peak_step(peak)]
            if self.twin(peak):
                place, exact = self.place_of(peak, -1)
                found.append(
                    Remark("size.twin", {"where": Relation(self._subject.by, "=" if exact else r"\approx", place)})
                )
        found += self._bound(peak)
        return [*found, *self._sides()]

    def _constant_remark(self) -> Remark:
        exact = exact_value(self._short, {}, self._atoms) if self._subject.own else None
        if exact is not None and exact not in (0, 1):
            return Remark("size.always", {"value": constant(exact)})
        value = float(self.slopes[0])
        if value == 0:
            return Remark("size.nothing")
        return Remark(
            "size.always_one" if value == 1 else "size.always", {} if value == 1 else {"value": short_number(value)}
        )

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
            if self.twin(peak) or float(self.slope(np.array(peak.place))) < 0:
                return [Remark("size.at_most_one")]
            return [Remark("size.one_at_a_point", {"where": self.peak_step(peak).slots["where"]})]
        return [Remark("size.above_one" if largest > 1 else "size.below_one", {"bound": bound})]

    def _bound_tree(self, peak: Peak) -> Expr:
        value = self.peak_step(peak).right[0]
        if isinstance(value, Const) and value.text.startswith("-"):
            return Const(value.text[1:])
        return value.arg if isinstance(value, Neg) else value

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
                slots: Slots = {"where": where} if end == 1 else {"where": where, "value": short_number(end)}
                found.append(Remark("size.unchanged" if end == 1 else "size.flat", slots))
            elif np.all(np.abs(self.slopes) < end):
                found.append(Remark(f"size.comes_near_{name}", {"value": short_number(end), "point": self._subject.by}))
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
            other = float(np.abs(self.slope(np.array(-float(SATURATED_AT)))))
            if self._subject.own and not 0 < max(here, other) < SMALL * self.largest:
                return [Remark("size.fades_left", {"point": z}), Remark("size.fades_right", {"point": z})]
            where = Relation(z, "=", Const(str(SATURATED_AT)))
            return [Remark("size.saturates", {"where": where, "slope": small_number(here)})]
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
        where = Relation(self._subject.by, "<", short_number(float(low)))
        return [Remark("size.falls", {"where": where, "f": self._f})]

    def _bounded_below(self) -> list[Remark]:
        """A derivative that is nowhere 0 although the function has two branches."""
        smallest = float(np.min(self.slopes))
        ends = (self.far(1), self.far(-1))
        if smallest <= 0 or any(end is None or end <= 0 for end in ends) or not self._corners:
            return []
        if self._subject.own and smallest < min(end for end in ends if end is not None) - NEAR:
            return []
        return [Remark("size.never_zero", {"value": short_number(smallest)})]
