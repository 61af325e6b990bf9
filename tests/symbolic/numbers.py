"""Expressions of a derivation as floats, for comparison with what other programs compute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from stepwise.expressions import Expr
from stepwise.symbolic.places import grounded
from stepwise.symbolic.proof import value

Letters = Mapping[str, Any]
"""Numbers by letter: one number, or those of a vector."""


def number(tree: Expr, letters: Letters, classes: int = 3, places: Mapping[str, int] | None = None) -> Any:
    """The float, or array of floats, that an expression is for these letters, with its index letters at `places`."""
    found = value(grounded(tree, classes, places or {}))
    if not hasattr(found, "shape"):
        return _float(found, letters)
    return np.array([[_float(one, letters) for one in row] for row in found])


def vector(tree: Expr, letters: Letters, letter: str, length: int) -> np.ndarray[Any, Any]:
    """All entries of an expression with an index letter."""
    return np.array([number(tree, letters, length, {letter: place}) for place in range(length)])


def _float(expression: Any, letters: Letters) -> float:
    put_in = {}
    for symbol in expression.free_symbols:
        name, *index = str(symbol).split("_")
        entry = letters[name]
        for place in index:
            # a vector is a column: its second index is always 0
            entry = entry[int(place)] if isinstance(entry, Sequence) else entry
        put_in[symbol] = entry
    return float(expression.subs(put_in).evalf(30))
