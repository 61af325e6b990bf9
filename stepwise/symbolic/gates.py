"""Inner parts that have a name of their own: the sigmoid σ(g) and the normal distribution Φ(g)."""

from __future__ import annotations

from stepwise.expressions import Add, Const, Div, Expr, Func, Named, Neg, Ref, Unknown, exp, rebuild
from stepwise.symbolic.atoms import Atoms, depends
from stepwise.symbolic.calculus import Known
from stepwise.symbolic.elementary import ONE, at_once, density
from stepwise.symbolic.model import Step
from stepwise.symbolic.values import names_of


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


def recognised(goal: Expr, found: Expr, by: Ref, atoms: Atoms) -> tuple[Step, Named] | None:
    """e^g/(1 + e^g) recognised as the sigmoid of g: the line, and σ(g)."""
    match found:
        case Div(Func("exp", arg), below) if atoms.value(below) == 1 + atoms.value(exp(arg)) and depends(arg, by):
            other = 1 / (1 + exp(atoms.tidied(-arg)))
            named = Named(Unknown(r"\sigma", (arg,)), other)
            return Step("gate", goal, (found, other, named)), named
    return None
