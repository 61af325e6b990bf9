"""An activation that a problem file brings along as a formula: `z*tanh(log(1+exp(z)))`.

Numbers are computed as the formula is typed, without other forms for large |z|: what is too large for a float is the
same clear error as anywhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from stepwise.expressions import (
    Cases,
    Const,
    Entry,
    Expr,
    Fill,
    Func,
    Line,
    Ref,
    bind,
    contains,
    line,
    rebuild,
    refs,
    walk,
)
from stepwise.expressions.derivative import derivative, value_in_sympy
from stepwise.expressions.parse import ParseError, parse
from stepwise.notation.formulas import write
from stepwise.notation.layout import PAGE_WIDTH
from stepwise.notation.widths import width
from stepwise.notation.written import Written, atom, number
from stepwise.operations.activation import OWN_LETTERS, Activation

_EASY = 8
"""An argument of more parts than these is worked out before its function."""
_DEEPEST = 10
"""So many functions inside one another: each makes the derivative longer by as much again."""
_ROOM = 34.5
"""The room for what cannot be broken, in em, beside the left side of an equation."""


@lru_cache(maxsize=64)
def own_activation(name: str, text: str, numbers: tuple[tuple[str, str], ...] = ()) -> Activation:
    """The record of an own function, with the `numbers` of its parameters as typed.

    ParseError where the formula cannot be read or differentiated.
    """
    formula = parse(text, ("z", *OWN_LETTERS))
    if _depth(formula) > _DEEPEST:
        raise ParseError(f"more than {_DEEPEST} functions stand inside one another", 1, "write a simpler formula")
    if "z" not in refs(formula):
        raise ParseError("`z` does not occur in the formula", 1, "write a function of z, as in z*tanh(z)")
    try:
        slope = derivative(formula, "z", numbers)
    except ValueError as error:
        raise ParseError(f"the formula cannot be differentiated: {error}", 1, "write a simpler one") from None
    lines = _Lines()
    output = lines.of_output(formula)
    slope = lines.of_derivative(slope, formula)
    # the output is written after the update as well, with longer symbols
    for what, tree, place in (("it", output, r"_{12}^{(1),\,\mathrm{new}}"), ("its derivative", slope, "_{12}^{(1)}")):
        if not fits(tree, place):
            raise ParseError(f"{what} would be too long for a line on paper", 1, "write a simpler formula")
    return Activation(
        name=name,
        head=r"\mathrm{" + name.replace("_", r"\_") + "}",
        output=lambda p: bind(output, p),
        derivative=lambda p: _as_array(bind(slope, p)),
        parameters={letter: "1" for letter in OWN_LETTERS if letter in refs(formula)},
        own=True,
    )


def _depth(tree: Expr) -> int:
    """How many functions stand inside one another."""
    depths = [0]

    def look(node: Expr) -> Expr | None:
        if not isinstance(node, Func):
            return None
        depths.append(1 + _depth(node.arg))
        return node

    rebuild(tree, look)
    return max(depths)


class _Lines:
    """The functions inside a formula as lines of their own: each is a key on a pocket calculator."""

    def __init__(self) -> None:
        self.lines: dict[Expr, Line] = {}
        """By what they are without the lines inside."""
        self.counts: dict[str, int] = {}

    def new(self, whole: Func, inside: Expr) -> Line:
        """A line with a name that no other has: exp, exp_b, exp_c …"""
        count = self.counts.get(whole.name, 0)
        self.counts[whole.name] = count + 1
        letter = "abcdefghijklmnopqrstuvwxyz"[count % 26] * (count // 26 + 1)
        name = whole.name.lower() if count == 0 else f"{whole.name.lower()}_{letter}"
        if _size(inside) > _EASY:
            inside = line(f"in_{name}", inside)
        made = line(name, Func(whole.name, inside))
        self.lines[whole] = made
        return made

    def of_output(self, formula: Expr) -> Expr:
        """The formula with its functions as lines, but for the outermost."""
        if isinstance(formula, Func):
            return Func(formula.name, self.marked(formula.arg, lambda node: None))
        return self.marked(formula, lambda node: None)

    def of_derivative(self, slope: Expr, formula: Expr) -> Expr:
        """The derivative, with a, the lines of the output and further lines put in."""
        known: dict[Any, str] = {value_in_sympy(whole): made.name for whole, made in self.lines.items()}
        known.setdefault(value_in_sympy(formula), "a")

        def earlier(node: Func) -> Expr | None:
            name = known.get(value_in_sympy(node))
            return None if name is None else Ref(name)

        return self.marked(slope, earlier)

    def marked(self, tree: Expr, earlier: Callable[[Func], Expr | None], *, new: bool = True) -> Expr:
        def change(node: Expr) -> Expr | None:
            if isinstance(node, Cases) and new:
                # a line is worked for every unit, also where its case does not hold and it has no value
                return self.marked(node, earlier, new=False)
            if not isinstance(node, Func) or "z" not in refs(node):
                return None
            if (found := earlier(node)) is not None:
                return found
            if not new or node.name == "abs":
                return None
            return self.lines.get(node) or self.new(node, rebuild(node.arg, change))

        changed: Expr = rebuild(tree, change)
        return changed


def _size(tree: Expr) -> int:
    """How many parts a formula has where its lines are numbers already."""
    return sum(1 for _ in walk(_lines_by_name(tree)))


def _as_array(slope: Expr) -> Expr:
    """A derivative that is the same number everywhere, in the shape of z."""
    if refs(slope) or contains(slope, Line):
        return slope
    if isinstance(slope, Const):
        return Fill(slope, Ref("z"))
    return slope * Fill(Const("1"), Ref("z"))


class _Room:
    """Operands as wide as they may get on a page."""

    product = "times"

    def __init__(self, place: str, *, numbers: bool) -> None:
        self.numbers, self.place = numbers, place

    def array(self, name: str, *, transposed: bool) -> Written:
        if name in OWN_LETTERS:
            return number("0.125") if self.numbers else atom(rf"\{name}")
        return number("-0.12345") if self.numbers else atom(f"{name}{self.place}")

    def entry(self, node: Entry) -> Written:
        return self.array(node.name, transposed=False)

    def is_scalar(self, tree: Expr) -> bool:
        return True


def _branches(tree: Expr) -> list[Expr]:
    """What is written with numbers: of cases only the one that holds."""
    if not isinstance(tree, Cases):
        return [tree]
    return [branch for one in (*(case.value for case in tree.cases), tree.otherwise) for branch in _branches(one)]


def fits(tree: Expr, place: str) -> bool:
    """Whether a formula and the lines inside it fit a page, in symbols of a `place` and with the numbers put in."""

    def symbols(part: Expr) -> list[float]:
        return [width(piece) for piece in write(_written_out(part), _Room(place, numbers=False)).parts]

    def numbers(part: Expr) -> float:
        pieces = [write(one, _Room(place, numbers=True)).parts for one in _branches(_lines_by_name(part))]
        return max(width(piece) for one in pieces for piece in one)

    if max(*symbols(tree), numbers(tree)) > _ROOM:
        return False
    for node in walk(tree):
        if isinstance(node, Line):
            # a line begins with its own formula; a long one stands alone, and what it is worth below it
            left = symbols(node.arg)
            beside = sum(left) if sum(left) <= PAGE_WIDTH / 2 else 1.0
            if max(left) > PAGE_WIDTH - 2 or beside + numbers(node.arg) > PAGE_WIDTH - 2:
                return False
    return True


def _written_out(tree: Expr) -> Expr:
    written: Expr = rebuild(tree, lambda node: _written_out(node.arg) if isinstance(node, Line) else None)
    return written


def _lines_by_name(tree: Expr) -> Expr:
    named: Expr = rebuild(tree, lambda node: Ref(node.name) if isinstance(node, Line) else None)
    return named
