"""The values of a derivative in floats, with the defaults put in."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from stepwise.expressions import Const, Expr, Named
from stepwise.symbolic.atoms import Atoms, depends
from stepwise.symbolic.subject import Subject
from stepwise.symbolic.values import floats, number

INNER, STEPS = 12.0, 4800
FAR = (20.0, 40.0, 80.0)
"""Where the derivative counts as what it goes to."""
VERY_FAR = (1e6, 1e7, 1e8)
"""For functions that only slowly come to what they go to, like the arctangent."""
NEAR = 1e-9
LEAST = 1e-3
"""Of a function that somebody typed: below it the numbers say nothing about what f′ goes to."""


class Slopes:
    """What the numbers of f′ show, `short` being its last form."""

    def __init__(
        self, subject: Subject, f: Named, short: Expr, atoms: Atoms, corners: tuple[Fraction, ...] = ()
    ) -> None:
        self._subject, self._f, self._short, self._atoms = subject, f, short, atoms
        self._corners = tuple(float(corner) for corner in corners)

    def slope(self, at: Any) -> Any:
        """f′ in floats, with the default parameters."""
        values = {**floats(self._subject.at(Const("0"))), self._subject.by.name: at}
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
        for places in (FAR, VERY_FAR) if self._subject.own else (FAR,):
            values = [float(value) for value in self.slope(direction * np.array(places))]
            if np.all(np.isfinite(values)) and max(abs(v - values[-1]) for v in values[1:]) <= NEAR:
                return round(values[-1], 6) + 0.0
        return None

    @property
    def known(self) -> bool:
        """Whether f′ has a value everywhere and stays in bounds, as far as the numbers go."""
        if self.far(1) is None or self.far(-1) is None or not np.all(np.isfinite(self.slopes)):
            return False
        return not self._subject.own or self._trusted

    @property
    def _trusted(self) -> bool:
        """Of a function that somebody typed: no parameters, and no larger values where the grid does not look."""
        if self._subject.parameters:
            return False
        if not depends(self._short, self._subject.by):
            return True
        beyond = np.geomspace(INNER, 1e3, 20_001)
        points = np.concatenate([np.linspace(-INNER, INNER, 200_003), beyond, -beyond])
        sizes = np.abs(self.slope(points))
        finite = sizes[np.isfinite(sizes)]
        return self.largest > LEAST and not self.constant and bool(np.max(finite) <= self.largest * (1 + 1e-4))

    @property
    def constant(self) -> bool:
        if self._subject.own:
            return not depends(self._short, self._subject.by)
        return float(np.ptp(self.slopes)) < NEAR
