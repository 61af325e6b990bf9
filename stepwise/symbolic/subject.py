"""A function of one letter that is to be derived, and how its parts are named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from msgspec import Struct, field

from stepwise.expressions import (
    Const,
    Derivative,
    Expr,
    Named,
    Ref,
    Unknown,
    bind,
    exp,
    ref,
)
from stepwise.symbolic.values import Values

BY_EXPONENTIALS = {
    "tanh": lambda x: (exp(x) - exp(-x)) / (exp(x) + exp(-x)),
    "sinh": lambda x: (exp(x) - exp(-x)) / 2,
    "cosh": lambda x: (exp(x) + exp(-x)) / 2,
}
"""Functions whose definition is a formula of exponentials."""


class Subject(Struct, frozen=True):
    """f: its name in formulas, its tree in the letter `by`, its parameters with the text of their defaults."""

    head: str
    tree: Expr
    by: Ref = ref("z")
    parameters: Mapping[str, str] = field(default_factory=dict)
    labels: bool = False
    """Whether the other letters are labels and the like, which have a value in an example only; f then is a loss."""
    own: bool = False
    """Whether somebody typed it; its parameters then have a value in the numbers of the page only."""
    places: tuple[Fraction, ...] = ()
    """Where a check may be made, if not at the usual places."""

    @property
    def goal_of(self) -> Callable[[Expr], Derivative]:
        """df/dz; ∂L/∂y for a loss."""
        return lambda f: Derivative(f, self.by, partial=self.labels)

    def named(self, tree: Expr | None = None) -> Named:
        """f(z), or one branch of it by the same name."""
        meaning = self.tree if tree is None else tree
        return Named(ref(self.head) if self.labels else Unknown(self.head, (self.by,)), meaning)

    @property
    def prime(self) -> str:
        return f"{self.head}'"

    @property
    def defaults(self) -> Values:
        return {name: Const(text) for name, text in self.parameters.items()}

    def at(self, place: Expr) -> dict[str, Expr]:
        """A place and the default of every parameter."""
        return {self.by.name: place, **self.defaults}

    def with_defaults(self, tree: Expr) -> Expr:
        return bind(tree, self.defaults)
