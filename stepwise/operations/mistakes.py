"""The mistakes that can be made in every operation of a kind; those of one operation alone stand beside its tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from stepwise.expressions import (
    Cases,
    Const,
    Div,
    Expr,
    Fill,
    Func,
    Mul,
    Neg,
    Shifted,
    Sum,
    bind,
    contains,
    rebuild,
    ref,
    refs,
    split,
    usual,
)
from stepwise.operations.linear import ONE_OVER_N
from stepwise.operations.operation import Mistake, Mistakes, Operation, made


def mistakes_of(operation: Operation) -> Mistakes:
    """Every mistake that is known of an operation: its own, and those of its kind. None that changes nothing."""
    lines = dict(_lines(operation.tree))
    every = (*operation.mistakes(), *(one for line, tree in lines.items() for one in _of_any(tree, line)))
    found: dict[tuple[str, str], Mistake] = {}
    for mistake in every:
        if split(mistake.tree, str)[0] != lines[mistake.line]:
            found.setdefault((mistake.line, mistake.name), mistake)
    return tuple(found.values())


def over_n(operation: Operation) -> Operation:
    """The operation, divided by the number of samples."""

    def mistakes() -> Mistakes:
        return tuple(one if one.line else replace(one, tree=ONE_OVER_N * one.tree) for one in mistakes_of(operation))

    return Operation(operation.name, ONE_OVER_N * operation.tree, mistakes)


def early_n(operation: Operation) -> Operation:
    """The operation of an error term that is not divided by the number of samples yet: some do it here already."""

    def mistakes() -> Mistakes:
        return (*operation.mistakes(), Mistake("divided_by_n_early", ONE_OVER_N * operation.tree))

    return replace(operation, mistakes=mistakes)


def slip_of_labels(operation: Operation, are_indices: Callable[[], bool]) -> Operation:
    """The operation with labels that were counted from 1: where 2 is the third class, the second one is taken.

    `are_indices` says, when somebody asks, whether the labels are class indices at all.
    """

    def mistakes() -> Mistakes:
        if not are_indices():
            return operation.mistakes()
        moved = {"y": Shifted(ref("y"), "units")}
        lines = [(line, bind(tree, moved)) for line, tree in _lines(operation.tree) if "y" in refs(tree)]
        slips = (Mistake("label_counted_from_one", tree, line) for line, tree in lines)
        return (*operation.mistakes(), *slips)

    return replace(operation, mistakes=mistakes)


def of_loss(tree: Expr) -> Mistakes:
    """Mistakes in the loss of a sample: the minus in front, the mean over its outputs instead of the sum."""
    own = split(tree, str)[0]
    while isinstance(own, Cases) and own.note:
        own = own.otherwise
    found = made(forgot_minus=own.arg) if isinstance(own, Neg) else ()
    if contains(own, Sum):
        found += made(mean_over_outputs=_means(own))
    return found


def of_short_delta(tree: Expr, activation: str) -> Mistakes:
    """Mistakes in δ = a − y: its sign, the label left out, f′(z) multiplied in though it is in there already."""
    found = made(sign_of_delta=-tree)
    if "y" in refs(tree):
        found += made(forgot_label=ref("a"))
    if activation in ("sigmoid", "softmax"):
        found += made(activation_derivative_twice=tree * (ref("a") * (1 - ref("a"))))
    return found


def _lines(tree: Expr) -> Iterator[tuple[str, Expr]]:
    """The lines inside a tree by name, each with references to those before it, and "" with its own line."""
    own, inside = split(tree, str)
    yield from inside
    yield "", own


def _of_any(tree: Expr, line: str) -> Iterator[Mistake]:
    """What can go wrong in a line because of what is in it."""
    if _has(tree, "ln"):
        yield Mistake("log10_for_ln", _common_logarithms(tree), line)
    plain = usual(tree)
    if _has(plain, "exp"):
        yield Mistake("sign_in_exponent", _opposite_exponents(plain), line)
    if isinstance(tree, Mul) and tree.left == ONE_OVER_N:
        yield Mistake("forgot_one_over_n", tree.right, line)
        yield Mistake("divided_by_n_twice", ONE_OVER_N * tree, line)


def _has(tree: Expr, function: str) -> bool:
    found = []
    rebuild(tree, lambda node: found.append(node) if isinstance(node, Func) and node.name == function else None)
    return bool(found)


def _common_logarithms(tree: Expr) -> Expr:
    """log₁₀ wherever ln stands."""

    def change(node: Expr) -> Expr | None:
        if isinstance(node, Func) and node.name == "ln":
            return Div(Func("ln", _common_logarithms(node.arg)), Func("ln", Const("10")))
        return None

    result: Expr = rebuild(tree, change)
    return result


def _opposite_exponents(tree: Expr) -> Expr:
    """e^{−x} wherever e^x stands, and e^x for e^{−x}."""

    def change(node: Expr) -> Expr | None:
        if isinstance(node, Func) and node.name == "exp":
            return Func("exp", node.arg.arg if isinstance(node.arg, Neg) else Neg(node.arg))
        return None

    result: Expr = rebuild(tree, change)
    return result


def _means(tree: Expr) -> Expr:
    """Sums over the units divided by the number of units."""

    def change(node: Expr) -> Expr | None:
        if isinstance(node, Sum) and node.axis == "units":
            return node / Sum(Fill(Const("1"), ref("a")), "units")
        return None

    result: Expr = rebuild(tree, change)
    return result
