"""The values of a derivative in floats, with the defaults put in."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from stepwise.expressions import Const, Expr, Named
from stepwise.symbolic.atoms import Atoms
from stepwise.symbolic.subject import Subject
from stepwise.symbolic.values import floats, number

INNER, STEPS = 12.0, 4800
FAR = (20.0, 40.0, 80.0)
"""Where the derivative counts as what it goes to."""
NEAR = 1e-9


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
