"""Formulas for reference sheets: the trees that the engine computes with, written with letters on one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from stepwise.document.formula import ABOUT, EQUAL
from stepwise.document.leaves import SymbolLeaves
from stepwise.document.phrases import Math
from stepwise.expressions import (
    Cases,
    Expr,
    Fill,
    FloatArithmetic,
    Largest,
    Line,
    Neg,
    Ref,
    Sum,
    Total,
    bind,
    evaluate,
    rebuild,
    refs,
    walk,
)
from stepwise.notation.formulas import write
from stepwise.notation.letters import letter_latex
from stepwise.notation.numbers import Digits, number_latex, print_array
from stepwise.notation.symbols import Plain
from stepwise.operations.activation import logistic
from stepwise.operations.activations import ACTIVATIONS

DECIMALS = 4
_SIGMA = ACTIVATIONS["sigmoid"].head
_FLOATS = FloatArithmetic()
_LENGTHS = {False: (1, 1), True: (2, 1)}
"""Stand-in shapes: a single number, a vector."""


def formula(tree: Expr, letters: Mapping[str, str] | None = None, *, vectors: Sequence[str] = ()) -> str:
    """A tree with letters as LaTeX. A name that is no letter's name is LaTeX already."""
    names = refs(tree)
    symbols = {name: _latex(name, letters or {}) for name in names}
    plain = {name: Plain(latex, latex) for name, latex in symbols.items()}
    return write(tree, SymbolLeaves(plain, {name: _LENGTHS[name in vectors] for name in names})).latex


def _latex(name: str, letters: Mapping[str, str]) -> str:
    return letters.get(name) or (name if "\\" in name else letter_latex(name))


def in_one(tree: Expr, *, lines_of: Expr | None = None, by_name: bool = True) -> Expr:
    """The tree on one line: its parts in place (those it takes from another tree too), no precautions.

    A sigmoid inside is written σ(…), unless `by_name` is false.
    """
    lines = {node.name: node.arg for node in walk(lines_of or tree) if isinstance(node, Line)}

    def change(node: Expr) -> Expr | None:
        inner = inside_sigmoid(node) if by_name else None
        if inner is not None:
            return Ref(rf"{_SIGMA}({formula(inner)})")
        match node:
            case Line(_, arg):
                return in_one(arg, lines_of=lines_of or tree, by_name=by_name)
            case Cases(_, otherwise, note) if note:
                return in_one(otherwise, lines_of=lines_of or tree, by_name=by_name)
            case Fill(value):
                return value
            case Ref(name) if name in lines:
                return in_one(lines[name], lines_of=lines_of or tree, by_name=by_name)
        return None

    result: Expr = rebuild(tree, change)
    return result


def inside_sigmoid(tree: Expr) -> Expr | None:
    """The x for which the tree is σ(x), in the form that the engine computes; None where it is something else."""
    if not isinstance(tree, Cases):
        return None
    arguments = [node.arg for node in walk(tree) if isinstance(node, Neg)]
    return next((arg for arg in arguments if tree == logistic(arg)), None)


def over(tree: Expr, letter: str, size: str, axis: str) -> Expr:
    """The tree with sums along an axis as sums over an index letter from 1 to `size`."""

    def change(node: Expr) -> Expr | None:
        if isinstance(node, Sum | Largest) and node.axis == axis:
            inner = bind(node.arg, {name: Ref(f"{name}_{letter}") for name in refs(node.arg)})
            return Total(letter, size, inner, isinstance(node, Largest))
        return None

    result: Expr = rebuild(tree, change)
    return result


def over_units(tree: Expr) -> Expr:
    """Sums over the K units of a layer."""
    return over(tree, "k", "K", "units")


def without_sums(tree: Expr) -> Expr:
    """The tree for a single unit, where a sum has one term."""
    result: Expr = rebuild(tree, lambda node: without_sums(node.arg) if isinstance(node, Sum) else None)
    return result


def value(tree: Expr, **operands: Any) -> Any:
    """What the engine computes for the tree."""
    flat = in_one_computed(tree)
    return evaluate(flat, operands, _FLOATS)


def in_one_computed(tree: Expr) -> Expr:
    """The tree with its parts in place and all its precautions."""
    result: Expr = rebuild(tree, lambda node: in_one_computed(node.arg) if isinstance(node, Line) else None)
    return result


class Shown(Struct, frozen=True):
    """A computed number as it is printed."""

    latex: str
    exact: bool

    @property
    def equal(self) -> str:
        """With the sign of an equation in front."""
        return f"{EQUAL if self.exact else ABOUT} {self.latex}"


def shown(number: float, decimals: int = DECIMALS) -> Shown:
    """A computed number to some decimals."""
    if number in (float("inf"), float("-inf")):
        return Shown(r"\infty" if number > 0 else r"-\infty", True)
    printed = print_array(number, Digits(decimals))
    return Shown(number_latex(str(printed.texts[()])), bool(printed.exact[()]))


def tall(latex: str) -> Math:
    """A formula in the cell of a table, as large as a displayed one where it has fractions or sums."""
    return Math(rf"\displaystyle {latex}" if r"\frac" in latex or r"\sum" in latex else latex)
