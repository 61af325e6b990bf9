"""Outputs next to the end of their range: what they lack to it is not found by taking away.

A float next to 1 has few digits of 1 − a, and then a − y and ln a have no more. What is lacking is calculated by itself
there: r = e^{−z}/(1 + e^{−z}) after a sigmoid, 2t/(1 + t) with t = e^{−2|z|} after a tanh, the sum of the other outputs
after a softmax. Then a − 1 = −r, and ln a = −ln(1 + e^{−z}) after a sigmoid, ln(1 − r) after a softmax, of whose series
two terms, or one, make a relative error below 4e-13. So do two terms of ln(1 − a) where a is next to 0. In the error
term of a softmax, a_k(g_k − Σ a_j g_j) with a_k next to 1, the difference is Σ a_j (g_k − g_j) over the other outputs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from stepwise.expressions import (
    Compare,
    Const,
    Expr,
    Func,
    Sub,
    Sum,
    clipped,
    exp,
    ln,
    rebuild,
    ref,
    refs,
    shown_as,
)
from stepwise.operations.operation import Operation

_A, _G, _Y, _Z, _ONE = ref("a"), ref("g"), ref("y"), ref("z"), Const("1")
NEAR = Compare(_A, ">", Const("0.999999"))
"""Below it 1 − a keeps ten digits; with twelve decimals no more are printed."""
_NEAR_MINUS_ONE = Compare(_A, "<", Const("-0.999999"))


class _Lacking(Struct, frozen=True):
    """What an output next to 1 lacks to it, where that is more than a float can hold; the output's logarithm; whether
    −1 is the other end of its range."""

    amount: Expr
    holds: Compare
    logarithm: Expr | None = None
    both: bool = False


def _after_sigmoid() -> _Lacking:
    small = exp(-_Z)
    one_term = Compare(-_Z, "<", Const("-28"))
    return _Lacking(
        small / (1 + small),
        Compare(_Z, "<", Const("700")),
        _series(ln(_A), NEAR, -small + small**2 / 2, one_term, -small),
    )


def _after_tanh() -> _Lacking:
    size = Func("abs", _Z)
    small = exp(-(2 * size))
    return _Lacking(2 * small / (1 + small), Compare(size, "<", Const("350")), both=True)


def _after_softmax() -> _Lacking:
    others = _of_others(_A)
    one_term = Compare(others, "<", Const("1e-12"))
    return _Lacking(
        others, Compare(others, ">", Const("0")), _series(ln(_A), NEAR, -others - others**2 / 2, one_term, -others)
    )


def _series(usual: Expr, when: Compare, two: Expr, one_term: Compare, one: Expr) -> Expr:
    """Two terms of the series of a logarithm, or one where the second is too small to be seen."""
    return shown_as(shown_as(usual, when, two, "series"), one_term, one, "series")


def _of_others(each: Expr) -> Expr:
    """The sum over the outputs that are not next to 1."""
    return Sum(shown_as(each, NEAR, Const("0"), "sure"), "units")


_NEAR_ZERO = (Compare(_A, "<", Const("0.000001")), Compare(_Y, "<", _ONE))
_OF_SMALL = _series(ln(1 - _A), _NEAR_ZERO[0], -_A - _A**2 / 2, Compare(_A, "<", Const("1e-12")), -_A)
"""ln(1 − a) next to a = 0."""
_OF: Mapping[str, _Lacking] = {"sigmoid": _after_sigmoid(), "tanh": _after_tanh(), "softmax": _after_softmax()}


def keeping_digits(operation: Operation, activation: str) -> Operation:
    """The operation on the outputs `a` of an `activation`, with another form where they are next to 1."""
    lacking = _OF.get(activation)
    return operation if lacking is None else replace(operation, tree=_kept(operation.tree, lacking))


def keeping_digits_mixed(operation: Operation) -> Operation:
    """The error term after a softmax, with another form where an output is next to 1."""
    over_others = _G * _of_others(_A) - _of_others(_A * _G)

    def change(node: Expr) -> Expr | None:
        mine = isinstance(node, Sub) and node.left == _G
        return shown_as(node, NEAR, over_others, "sure") if mine else None

    return replace(operation, tree=rebuild(operation.tree, change))


def _kept(tree: Expr, lacking: _Lacking) -> Expr:
    amount, logarithm = lacking.amount, lacking.logarithm
    near = (NEAR, lacking.holds)
    # of an output whose label is 0, the logarithm counts nothing
    counts = (*near, Compare(_Y, ">", Const("0"))) if _Y.name in refs(tree) else near

    def change(node: Expr) -> Expr | None:
        if node == ln(1 - _A):
            return _instead(_instead(node, _NEAR_ZERO, _OF_SMALL), near, ln(amount))
        if node == clipped(1 - _A):
            return _instead(node, near, clipped(amount))
        if node == ln(_A) and logarithm is not None:
            return _instead(node, counts, logarithm)
        return _difference(node, lacking) if isinstance(node, Sub) and node.left == _A else None

    changed: Expr = rebuild(tree, change)
    return changed


def _difference(usual: Sub, lacking: _Lacking) -> Expr:
    """a − y where y is the end that a is next to."""
    label, amount, holds = usual.right, lacking.amount, lacking.holds
    if label == _ONE:
        return _instead(usual, (NEAR, holds), -amount)
    found = _instead(usual, (NEAR, holds, *_equal(label, "1")), -amount)
    return _instead(found, (_NEAR_MINUS_ONE, holds, *_equal(label, "-1")), amount) if lacking.both else found


def _equal(label: Expr, value: str) -> tuple[Compare, Compare]:
    return Compare(label, "<=", Const(value)), Compare(label, ">=", Const(value))


def _instead(usual: Expr, conditions: Sequence[Compare], other: Expr) -> Expr:
    """`other` where all the conditions hold."""
    for when in reversed(conditions):
        other = shown_as(usual, when, other, "sure")
    return other
