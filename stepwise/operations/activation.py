"""What an activation is: one record a file in `activations/`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct, field

from stepwise.expressions import Case, Cases, Compare, Const, Expr, exp, line, ref, shown_as
from stepwise.operations.operation import Mistakes, Operation, made, made_in, none

Parameters = Mapping[str, Const]

OWN_LETTERS = ("alpha", "beta")
"""The parameters that an activation of a problem file's own may use beside z."""
BELOW = Const("-14")
"""1 + t keeps at least ten digits of t = e^z where z is not below this; with twelve decimals no more are printed."""
OWN_NAME = "[A-Za-z][A-Za-z0-9_]{0,29}"
"""What it may be called."""


class Bounds(Struct, frozen=True):
    """The values that an activation takes: everything between `low` and `high` (None: without end)."""

    low: Expr | None = None
    high: Expr | None = None
    reached: bool = False
    """Whether the ends are values themselves, or only come close."""
    rounded: bool = False
    """Whether the ends are rounded numbers (to four decimals)."""
    between: bool = True
    """False: the two ends are the only values."""


class Activation(Struct, frozen=True):
    """An activation function a = f(z).

    `output` gives the tree of a in `z`; `derivative` the tree of f′(z) in `z`, `a` and the lines of `output`. A
    function that mixes the units (softmax) has no such derivative but `backward`: δ from `g` = ∂L/∂a and `a`; and
    `jacobian`, for a layout, the matrix of all ∂aᵢ/∂zⱼ of one sample.
    """

    name: str
    head: str
    """The function's name in formulas, as LaTeX."""
    output: Callable[[Parameters], Expr]
    derivative: Callable[[Parameters], Expr] | None = None
    backward: Expr | None = None
    jacobian: Callable[[str], Expr] | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Parameter → the text of its default."""
    positive_only: bool = False
    """Every output lies in (0, 1), so that it can stand for a probability."""
    saturates: bool = False
    """The derivative goes to 0 where |z| is large."""
    own: bool = False
    """A function that a problem file brings along."""
    bounds: Callable[[Parameters], Bounds] | None = None
    """The range of a, where the record tells it."""
    mistakes: Callable[[Parameters], Mistakes] = none
    """What people get wrong in the lines of `output`, beside what they get wrong in every activation …"""
    derivative_mistakes: Callable[[Parameters], Mistakes] = none
    """… in those of `derivative` …"""
    backward_mistakes: Callable[[], Mistakes] = none
    """… in those of `backward` …"""
    jacobian_mistakes: Callable[[str], Mistakes] = none
    """… and in the Jacobian."""

    @property
    def per_unit(self) -> bool:
        """False where each output depends on all units of the layer."""
        return self.backward is None

    def forward(self, parameters: Parameters) -> Operation:
        """The line of a."""
        tree = self.output(parameters)
        return Operation(self.name, tree, lambda: made(forgot_activation=ref("z")) + self.mistakes(parameters))

    def slope(self, parameters: Parameters) -> Operation:
        """The line of f′(z)."""
        assert self.derivative is not None
        common = made(function_for_derivative=ref("a"))
        tree = self.derivative(parameters)
        return Operation(f"{self.name}_derivative", tree, lambda: common + self.derivative_mistakes(parameters))

    def mixed(self) -> Operation:
        """The line of δ where the function mixes the units."""
        assert self.backward is not None
        common = made(forgot_activation_derivative=ref("g"))
        return Operation("mixed", self.backward, lambda: common + self.backward_mistakes())

    def mixing(self, layout: str) -> Operation:
        """The line of the Jacobian where the function mixes the units."""
        assert self.jacobian is not None
        return Operation("jacobian", self.jacobian(layout), lambda: self.jacobian_mistakes(layout))

    @property
    def variant(self) -> str:
        """What the sentences about it are found by: its name, or that it is a problem's own."""
        return "own" if self.own else self.name


def logistic(z: Expr) -> Expr:
    """σ(z) = 1/(1 + e^{−z}) in three lines; below −30 as e^z/(1 + e^z), which does not overflow."""
    far = Compare(z, "<", Const("-30"))
    exponential = line("exp", shown_as(exp(-z), far, exp(z), "other_form"))
    total = line("sum", 1 + exponential)
    return shown_as(1 / total, far, exponential / total, "other_form")


def by_series(logarithm: Expr, exponent: Expr, first: Expr, second: Expr) -> Expr:
    """`logarithm` = ln(1 + t) with t = e^exponent, where 1 + t keeps enough digits of t. Else as much of its series
    t − t²/2 + … as makes a relative error below 4e-13: `first` − `second` below −14, `first` alone below −28."""
    two = shown_as(logarithm, Compare(exponent, "<", BELOW), first - second, "series")
    return shown_as(two, Compare(exponent, "<", Const("-28")), first, "series")


def logistic_mistakes() -> Mistakes:
    """What goes wrong in the lines inside 1/(1 + e^{−z})."""
    return made_in("sum", forgot_one=ref("exp"))


def positive(z: Expr, then: Expr, otherwise: Expr) -> Expr:
    """`then` where z > 0, else `otherwise`."""
    return Cases((Case(Compare(z, ">", Const("0")), then),), otherwise)


def scaled(factor: Const, z: Expr) -> Expr:
    """βz, or just z where β is 1."""
    return z if factor.text == "1" else factor * z
