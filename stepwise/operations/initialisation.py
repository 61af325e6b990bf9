"""How initial weights are drawn: the limit of a uniform or the standard deviation of a normal distribution.

Sources: Glorot and Bengio, 2010 (xavier); He et al., 2015 (he).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from stepwise.expressions import Const, Expr, FloatArithmetic, Func, evaluate, ref
from stepwise.operations.operation import Mistakes, Operation, made

FAN_IN, FAN_OUT = ref("fan_in"), ref("fan_out")


class Scheme(Struct, frozen=True):
    """A way to draw weights. `spread` is the tree of the limit (uniform) or standard deviation (normal)."""

    name: str
    distribution: Literal["uniform", "normal", "zeros"]
    numerator: int = 0
    both: bool = True
    """Whether the numbers of inputs and outputs are added (xavier), or the inputs count alone (he)."""

    @property
    def spread(self) -> Operation:
        fan: Expr = FAN_IN + FAN_OUT if self.both else FAN_IN
        numerator = Const(str(self.numerator))

        def mistakes() -> Mistakes:
            own = made(forgot_square_root=numerator / fan)
            return own + made(forgot_fan_out=Func("sqrt", numerator / FAN_IN)) if self.both else own

        return Operation(self.name, Func("sqrt", numerator / fan), mistakes)


SCHEMES: Mapping[str, Scheme] = {
    scheme.name: scheme
    for scheme in (
        Scheme("xavier_uniform", "uniform", 6),
        Scheme("xavier_normal", "normal", 2),
        Scheme("he_uniform", "uniform", 6, both=False),
        Scheme("he_normal", "normal", 2, both=False),
        Scheme("zeros", "zeros"),
    )
}


def spread(scheme: str, inputs: int, units: int) -> float:
    """The limit or standard deviation as a number."""
    operands = {"fan_in": float(inputs), "fan_out": float(units)}
    return float(evaluate(SCHEMES[scheme].spread.tree, operands, FloatArithmetic()))
