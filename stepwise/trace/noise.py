"""What float arithmetic leaves behind where terms cancel: 0.8 − 1 + 0.2 is 0, not 5.6e-17.

The noise of a sum is as large as the last places of its terms, however small the sum is. Where a result is much smaller
than its terms it is therefore taken to a multiple of 1e-14 of their size, which no decimal a person typed can miss –
where that is no further away than noise: any other result stays, for what is moved here does not cancel further on.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from stepwise.expressions import (
    Add,
    Cases,
    Expr,
    FloatArithmetic,
    Func,
    MatMul,
    Neg,
    Power,
    Sub,
    Sum,
    contains,
    evaluate,
    rebuild,
    refs,
    usual,
    walk,
)
from stepwise.expressions.rewrite import REMEMBERED, decisions
from stepwise.notation.numbers import some

_FLOATS = FloatArithmetic()
_SMALL = 0.05
"""A result below this part of its largest operand may have lost digits."""
_DIGITS = 14
_REMAINS = 2e-14
"""What is left of numbers about 1 that cancel."""
_NOISE = 1e-15
"""What float arithmetic adds to a sum, as a part of its terms."""

FloatArray = npt.NDArray[np.float64]


def without_noise(tree: Expr, result: FloatArray, operands: Mapping[str, FloatArray]) -> FloatArray:
    """`result` of `tree` without the noise of terms that cancel."""
    plain = usual(tree)
    if plain is not tree and _cancels(plain):
        cleaned = without_noise(plain, result, operands)
        return cleaned if cleaned is result else np.where(_otherwise(tree, operands), result, cleaned)
    if not _cancels(tree):
        return _without_remains(tree, result, operands) if _leaves_remains(tree) else result
    # without arrays of sizes: an operand may be much larger than the result
    ends = [end for name in refs(tree) for end in (operands[name].max(initial=0.0), -operands[name].min(initial=0.0))]
    small = (np.abs(result) < _SMALL * max(ends, default=0.0)) & (result != 0)
    if not some(small):
        return result
    sizes = {name: np.abs(operands[name]) for name in refs(tree)}
    size = np.broadcast_to(np.asarray(evaluate(_magnitude(tree), sizes, _FLOATS)), result.shape)
    small &= (np.abs(result) < _SMALL * size) & np.isfinite(size)
    if not some(small):
        return result
    unit = np.power(10.0, np.floor(np.log10(np.where(small, size, 1.0))) - _DIGITS)
    # whole multiples of a power of ten, divided rather than multiplied: 15 / 1e6 is the nearest float to 0.000015
    cleaned = np.rint(result / unit) / np.rint(1 / unit)
    small &= (unit < 1) & (unit > 1e-300) & ((cleaned == 0) | (np.abs(cleaned - result) < _NOISE * size))
    # −0 is 0
    return np.where(small, cleaned + 0.0, result)


def _otherwise(tree: Expr, operands: Mapping[str, FloatArray]) -> npt.NDArray[np.bool_]:
    """Where a precaution gave another form, in which nothing cancels."""
    found: npt.NDArray[np.bool_] = np.zeros((1, 1), dtype=bool)
    for case in (case for node in decisions(tree) for case in node.cases):
        left, right = (evaluate(side, operands, _FLOATS) for side in (case.when.left, case.when.right))
        found = found | _FLOATS.compare(left, case.when.relation, right)
    return found


def _without_remains(tree: Expr, result: FloatArray, operands: Mapping[str, FloatArray]) -> FloatArray:
    """−ln(0.999999999999999) and −0.999999999999999 + 1 are 0: what is left of them are the last places of floats."""
    tiny = (np.abs(result) < _REMAINS) & (result != 0)
    if not some(tiny):
        return result
    plain = {name: _plain(operands[name]) for name in refs(tree)}
    again = np.broadcast_to(np.asarray(evaluate(tree, plain, _FLOATS)), result.shape)
    return np.where(tiny & (again == 0), 0.0, result)


def _plain(values: FloatArray) -> FloatArray:
    """The values, with 1 for what differs from 1 in the last places alone."""
    return np.where(np.abs(np.abs(values) - 1) < _REMAINS, np.sign(values), values)


@lru_cache(maxsize=REMEMBERED)
def _leaves_remains(tree: Expr) -> bool:
    """A logarithm of what may be 1, and cases of sums."""
    logarithm = any(isinstance(node, Func) and node.name == "ln" for node in walk(tree))
    return logarithm or (contains(tree, Cases) and contains(tree, Add, Sub))


def _cancels(tree: Expr) -> bool:
    """Only sums cancel; the terms inside a function or a case have their own lines."""
    return contains(tree, Add, Sub, MatMul, Sum) and not contains(tree, Func, Cases, Power)


@lru_cache(maxsize=REMEMBERED)
def _magnitude(tree: Expr) -> Expr:
    """The same line with nothing taken away: how large its terms are."""

    def change(node: Expr) -> Expr | None:
        if isinstance(node, Sub):
            return Add(_magnitude(node.left), _magnitude(node.right))
        return _magnitude(node.arg) if isinstance(node, Neg) else None

    changed: Expr = rebuild(tree, change)
    return changed
