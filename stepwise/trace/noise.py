"""Zeros that float arithmetic misses: 0.8 − 1 + 0.2 is 0, not 5.6e-17."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from stepwise.expressions import Add, Cases, Expr, FloatArithmetic, Func, Neg, Power, Sub, evaluate, rebuild, walk

_FLOATS = FloatArithmetic()
_TINY = 1e-12
_ROUNDINGS = 16
"""So many roundings in the last place may come together in one line."""

FloatArray = npt.NDArray[np.float64]


def without_noise(tree: Expr, result: FloatArray, operands: Mapping[str, FloatArray]) -> FloatArray:
    """`result` with 0 where terms cancel but for the last place of the terms themselves."""
    tiny = (np.abs(result) < _TINY) & (result != 0)
    if not tiny.any() or not _adds(tree):
        return result
    size = np.asarray(evaluate(_magnitude(tree), {name: np.abs(operands[name]) for name in operands}, _FLOATS))
    return np.where(tiny & (np.abs(result) <= _ROUNDINGS * np.finfo(float).eps * size), 0.0, result)


def _adds(tree: Expr) -> bool:
    """Only sums cancel; a function or a case would need another argument."""
    return not any(isinstance(node, Func | Cases | Power) for node in walk(tree))


def _magnitude(tree: Expr) -> Expr:
    """The same line with nothing taken away: how large its terms are."""

    def change(node: Expr) -> Expr | None:
        if isinstance(node, Sub):
            return Add(_magnitude(node.left), _magnitude(node.right))
        return _magnitude(node.arg) if isinstance(node, Neg) else None

    changed: Expr = rebuild(tree, change)
    return changed
