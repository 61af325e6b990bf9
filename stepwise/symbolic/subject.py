"""A function of one letter that is to be derived, and how its parts are named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from stepwise.expressions import Add, Const, Derivative, Div, Expr, Func, Named, Neg, Ref, Unknown, bind, exp, rebuild, ref
from stepwise.symbolic.atoms import Atoms, depends
from stepwise.symbolic.calculus import Known
from stepwise.symbolic.elementary import ONE, at_once, density
from stepwise.symbolic.values import Values, names_of

BY_EXPONENTIALS = {
    "tanh": lambda x: (exp(x) - exp(-x)) / (exp(x) + exp(-x)),
    "sinh": lambda x: (exp(x) - exp(-x)) / 2,
    "cosh": lambda x: (exp(x) + exp(-x)) / 2,
}
"""Functions whose definition is a formula of exponentials."""


@dataclass(frozen=True)
class Subject:
    """f: its name in formulas, its tree in the letter `by`, its parameters with the text of their defaults."""

    head: str
    tree: Expr
    by: Ref = ref("z")  # noqa: RUF009 (frozen)
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


def with_gates(tree: Expr, by: Ref) -> Expr:
    """The tree with every 1/(1 + e^{−g}) inside it named σ(g), and Φ(g) too; the whole tree itself stays."""

    def change(node: Expr) -> Expr | None:
        match node:
            case Div(Const("1"), Add(Const("1"), Func("exp", Neg(arg)))) if node != tree and depends(arg, by):
                return Named(Unknown(r"\sigma", (arg,)), node)
            case Func("Phi", arg) if node != tree and depends(arg, by):
                return Named(Unknown(r"\Phi", (arg,)), node)
        return None

    result: Expr = rebuild(tree, change)
    return result


def known_gates(tree: Expr, by: Ref, atoms: Atoms) -> dict[Named, Known]:
    """The derivative of each gate of a straight line g: σ(g)(1 − σ(g))·g′, and φ(g)·g′ for Φ(g)."""
    found = {}
    for node in names_of(tree):
        if not isinstance(node.symbol, Unknown):
            continue
        (arg,) = node.symbol.args
        slope = at_once(arg, by)
        if slope is None:
            continue
        slope = atoms.tidied(slope)
        if node.symbol.name == r"\sigma":
            stages: tuple[Expr, ...] = (node * (1 - node),)
            rule = "sigmoid"
        else:
            stages, rule = (density(arg), Named(Unknown(r"\varphi", (arg,)), density(arg))), "Phi"
        found[node] = Known(rule, tuple(stage if slope == ONE else slope * stage for stage in stages))
    return found

