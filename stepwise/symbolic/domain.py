"""Where a function that somebody types has a value at all."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import numpy as np

from stepwise.errors import UnsupportedError
from stepwise.expressions import Const, Div, Expr, Func, Power, Ref, walk
from stepwise.symbolic.atoms import Atoms, depends
from stepwise.symbolic.model import Relation, Remark
from stepwise.symbolic.subject import Subject
from stepwise.symbolic.values import number

_TRIED = ("1", "-1", "2")
"""Values of the parameters."""
_MOST_PARAMETERS = 3
_BESIDE = 1e-3


def refuse_nowhere(subject: Subject) -> None:
    """Raises UnsupportedError for a function without a value at any of many places and their neighbours."""
    sizes = np.concatenate([np.linspace(0.013, 8.3, 60), np.geomspace(1e-5, 1e6, 60)])
    places = np.concatenate([sizes, -sizes])
    letters = list(subject.parameters)
    tried = product(_TRIED, repeat=len(letters)) if len(letters) <= _MOST_PARAMETERS else [("1",) * len(letters)]
    for texts in tried:
        values = {name: float(text) for name, text in zip(letters, texts, strict=True)}
        finite = [
            np.isfinite(np.broadcast_to(number(subject.tree, {**values, subject.by.name: at}), places.shape))
            for at in (places, places * (1 + _BESIDE), places * (1 - _BESIDE))
        ]
        if np.any(np.all(finite, axis=0)):
            return
    raise UnsupportedError("it has no value at any of the numbers that were tried for z")


def refuse_holes(subject: Subject, corners: list[Fraction]) -> None:
    """Raises UnsupportedError where branches meet at a place without a value."""
    for corner in corners:
        values = dict.fromkeys(subject.parameters, 1.0)
        if not np.isfinite(float(number(subject.tree, {**values, subject.by.name: float(corner)}))):
            raise UnsupportedError(f"it has no value at z = {corner}, where its branches meet")


def conditions(tree: Expr, by: Ref, atoms: Atoms) -> list[Remark]:
    """What must hold for logarithms, roots and quotients to have a value and a derivative, one sentence each."""
    found = list(dict.fromkeys(_conditions(tree, by)))
    return [
        Remark("domain", {"where": Relation(arg, sign, Const("0"))})
        for arg, sign in found
        if not _always(atoms, arg, sign)
    ]


def _conditions(tree: Expr, by: Ref) -> Iterator[tuple[Expr, str]]:
    for node in walk(tree):
        match node:
            case Func("ln" | "sqrt", arg) if depends(arg, by):
                yield arg, ">"
            case Div(_, below) if depends(below, by):
                yield below, r"\neq"
            case Power(arg, exponent) if exponent < 0 and depends(arg, by):
                yield arg, r"\neq"


def _always(atoms: Atoms, arg: Expr, sign: str) -> bool:
    from stepwise.symbolic.values import spelled_out

    value = atoms.value(spelled_out(arg))
    return bool(value.is_positive or (sign != ">" and value.is_nonzero))
