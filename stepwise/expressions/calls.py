"""NumPy's call for each node of a tree, the places that the calls read and write, and what a line lets be seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from stepwise.expressions.floats import AXES, COMPARE, FUNCTIONS
from stepwise.expressions.tree import (
    Add,
    Div,
    Expr,
    Func,
    Largest,
    MatMul,
    Max,
    Mul,
    Neg,
    Power,
    Ref,
    Sub,
    Sum,
    Transpose,
)

FloatArray = npt.NDArray[np.float64]

OF_TWO: dict[type[Expr], Callable[..., Any]] = {
    Add: np.add,
    Sub: np.subtract,
    Mul: np.multiply,
    Div: np.divide,
    Max: np.maximum,
    MatMul: np.matmul,
}


class Place:
    """Where an operand is found when its line is worked: an array that `stays`, or another one each time.

    `free` is memory that may be lent again as soon as it is read.
    """

    __slots__ = ("array", "free", "stays")

    def __init__(self, array: Any = None, *, free: bool = False) -> None:
        self.array = array
        self.free = free
        self.stays = array is not None


class Edge:
    """A number that some numbers may be beyond: `z > 700`."""

    def __init__(self, place: Place, relation: str, edge: float) -> None:
        self.place = place
        self.edge = edge
        self.compare = COMPARE[relation]
        self.extreme = np.maximum.reduce if relation in (">", ">=") else np.minimum.reduce
        listed = place.stays and place.array.flags.c_contiguous
        self.flat = place.array.reshape(-1) if listed else None
        self.outward = edge > 0 if relation in (">", ">=") else edge < 0

    def passed(self) -> bool:
        """Whether any number is beyond. None is, where the sum of their squares is less than the square of the edge:
        that takes a third of the time."""
        if self.outward and self.flat is not None and np.dot(self.flat, self.flat) < self.edge * self.edge:
            return False
        extreme = self.extreme(self.place.array, None) if self.flat is None else self.extreme(self.flat)
        return bool(self.compare(extreme, self.edge))


def call_of_one(node: Expr) -> Callable[..., Any] | None:
    """NumPy's call for a node of one operand."""
    if isinstance(node, Sum | Largest):
        reduce, axis = (np.add if isinstance(node, Sum) else np.maximum).reduce, AXES[node.axis]
        return partial(reduce, axis=axis, keepdims=True)
    if isinstance(node, Neg):
        return np.negative
    if isinstance(node, Power) and node.exponent == 2:
        return np.square
    found = FUNCTIONS[node.name] if isinstance(node, Func) else None
    return found if isinstance(found, np.ufunc) else None


def put(value: FloatArray, holds: npt.NDArray[np.bool_], out: FloatArray) -> None:
    if value.size in (1, out.size):
        np.putmask(out, holds, value)  # twice as quick, but it does not repeat rows
    else:
        np.copyto(out, value, where=holds)


def any_beyond(edges: Sequence[Edge]) -> bool:
    for edge in edges:  # noqa: SIM110 (a generator costs as much as the look at few numbers)
        if edge.passed():
            return True
    return False


def goes_along(tree: Expr) -> bool:
    """Whether a line is one step entry by entry, which may be written over what it reads."""
    return isinstance(tree, Add | Sub | Mul | Div) and isinstance(tree.left, Ref) and isinstance(tree.right, Ref)


def to_check(lines: Sequence[tuple[str, Expr]]) -> list[str]:
    """The lines in which a number that is not finite might go unseen in all that follows."""
    return [
        name for place, (name, _) in enumerate(lines) if not any(_shows(tree, name) for _, tree in lines[place + 1 :])
    ]


def _shows(tree: Expr, name: str) -> bool:
    """Whether a number of `name` that is not finite surely gives one in `tree`; 1/(1 + e^∞), for one, does not."""
    if isinstance(tree, Ref):
        return tree.name == name
    if isinstance(tree, Add | Sub | Mul):
        return _shows(tree.left, name) or _shows(tree.right, name)
    if isinstance(tree, Div):
        return _shows(tree.left, name)
    return isinstance(tree, Neg | Transpose | Sum) and _shows(tree.arg, name)
