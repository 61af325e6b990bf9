"""An expression as LaTeX, with symbols or with the numbers put in: the same rules for both.

A `Leaves` says how an operand is written; everything else is read off the tree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from stepwise.expressions import (
    Add,
    Cases,
    Compare,
    Const,
    Derivative,
    Diag,
    Div,
    Entry,
    Expr,
    Fill,
    Func,
    Largest,
    MatMul,
    Matrix,
    Max,
    Mul,
    Named,
    Neg,
    OnDiagonal,
    Power,
    Ref,
    Series,
    Sub,
    Sum,
    Total,
    Transpose,
    Unknown,
)
from stepwise.notation import paper
from stepwise.notation.heads import HEADS
from stepwise.notation.numbers import number_latex
from stepwise.notation.paper import symbol_of
from stepwise.notation.widths import width
from stepwise.notation.written import ATOM, NEGATIVE, PRODUCT, SUM, Written, atom, number

_WIDEST_EXPONENT = 9.0
"""A wider exponent with fractions in it is written as the argument of exp."""


class Leaves(Protocol):
    """How operands are written: as symbols, or as numbers."""

    @property
    def numbers(self) -> bool: ...
    @property
    def product(self) -> str:
        """`times` or `paren`: how the product of two numbers is written."""
        ...

    def array(self, name: str, *, transposed: bool) -> Written: ...
    def entry(self, node: Entry) -> Written: ...
    def is_scalar(self, tree: Expr) -> bool:
        """Whether the value of an array tree is a single number (1 × 1)."""
        ...


def write(tree: Expr, leaves: Leaves) -> Written:
    """The expression as LaTeX."""
    return _RULES[type(tree)](tree, leaves)


def write_condition(when: Compare, leaves: Leaves) -> str:
    return paper.condition(when, lambda part: write(part, leaves))


def _constant(node: Const, leaves: Leaves) -> Written:
    if node.symbol and not leaves.numbers:
        return atom(node.symbol)
    return number(number_latex(node.text))


def _add(node: Add, leaves: Leaves) -> Written:
    left = _closed(write(node.left, leaves))
    return Written((*left.parts, *_next(write(node.right, leaves).inside(SUM), "+")), SUM)


def _series(node: Series, leaves: Leaves) -> Written:
    first, *rest = (atom(r"\cdots") if term is None else write(term, leaves) for term in node.terms)
    parts = list(first.parts)
    for term, written in zip(node.terms[1:], rest, strict=True):
        if isinstance(term, Neg):
            parts += _next(write(term.arg, leaves).inside(PRODUCT), "-")
        else:
            parts += _next(written.inside(SUM), "+")
    return Written(tuple(parts), SUM)


def _next(term: Written, sign: str) -> list[str]:
    """A further term of a sum; one that begins with a minus sign is put in parentheses."""
    first, *rest = (term.parenthesised() if term.parts[0].startswith("-") else term).parts
    return [f"{sign} {first}", *rest]


def _closed(term: Written) -> Written:
    """What something stands behind: cases have no right bracket of their own, so they get one."""
    return term.parenthesised() if term.latex.endswith(r"\end{cases}") else term


def _sub(node: Sub, leaves: Leaves) -> Written:
    left, right = _closed(write(node.left, leaves)), write(node.right, leaves).inside(PRODUCT)
    first, *rest = right.parts
    return Written((*left.parts, f"- {first}", *rest), SUM)


def _mul(node: Mul, leaves: Leaves) -> Written:
    left, right = write(node.left, leaves).inside(PRODUCT), write(node.right, leaves).inside(PRODUCT)
    left = left.parenthesised() if isinstance(node.left, Total) else _closed(left)
    if len(left.parts) > 1 or len(right.parts) == 1 or not right.latex.startswith(("(", r"\left(")):
        return Written((_times(node, left, right, leaves),), PRODUCT)
    # a long sum in parentheses may be broken inside them
    opening = Written((right.parts[0],), right.level)
    return Written((_times(node, left, opening, leaves), *right.parts[1:]), PRODUCT)


def _times(node: Mul, left: Written, right: Written, leaves: Leaves) -> str:
    arrays = not leaves.is_scalar(node.left) and not leaves.is_scalar(node.right)
    if arrays:
        first, second = (
            part.parenthesised() if isinstance(tree, MatMul) else part
            for tree, part in ((node.left, left), (node.right, right))
        )
        return rf"{first.latex} \odot {second.latex}"
    if not leaves.numbers:
        fractions = left.latex.startswith(r"\frac{\partial") and right.latex.startswith(r"\frac")
        # nobody writes 1w
        number = (right.number and right.latex != r"\pi") or (left.number and left.latex == "1")
        dot = fractions or number or right.latex[0].isdigit() or (leaves.product == "dot" and _clear(left, right))
        return rf"{left.latex} \cdot {right.latex}" if dot else f"{left.latex} {right.latex}"
    if leaves.product == "times" or r"\begin" in right.latex:
        return rf"{left.latex} \times {right.latex}"
    if right.number or right.latex.startswith("("):
        return left.latex + (right if right.latex.startswith("(") else right.parenthesised()).latex
    return rf"{left.latex} \cdot {right.latex}"


def product_of(trees: Sequence[Expr], leaves: Leaves) -> Written:
    """A product of single numbers, which may be broken before each of them."""
    first, *rest = (write(tree, leaves).inside(PRODUCT) for tree in trees)
    if leaves.numbers and leaves.product == "paren":
        behind = [(one if one.latex.startswith("(") else one.parenthesised()).latex for one in rest]
    else:
        sign = r"\times" if leaves.numbers else r"\cdot"
        behind = [f"{sign} {one.latex}" for one in rest]
    return Written((first.latex, *behind), PRODUCT)


def _clear(left: Written, right: Written) -> bool:
    """Whether a product is clearer with a dot: between fractions, behind 0 or 1, before a negative one."""
    behind = right.latex.removeprefix(r"\left")
    fractions = r"\frac" in left.latex and behind.startswith(r"\frac")
    return fractions or left.latex in ("0", "1") or behind.startswith("(-")


def _matmul(node: MatMul, leaves: Leaves) -> Written:
    left, right = write(node.left, leaves).inside(PRODUCT), write(node.right, leaves).inside(PRODUCT)
    if leaves.numbers and not (r"\begin" in left.latex and r"\begin" in right.latex):
        return Written((rf"{left.latex} \times {right.latex}",), PRODUCT)
    # shapes set below two factors would run into each other
    space = r"\;" if left.latex.endswith("}") and r"\underset" in left.latex else ""
    return Written((f"{left.latex} {space}{right.latex}",), PRODUCT)


def _div(node: Div, leaves: Leaves) -> Written:
    return atom(rf"\frac{{{write(node.left, leaves).latex}}}{{{write(node.right, leaves).latex}}}")


def _neg(node: Neg, leaves: Leaves) -> Written:
    if isinstance(node.arg, Max) and isinstance(node.arg.left, Neg) and isinstance(node.arg.right, Neg):
        return _extreme(r"\min", [node.arg.left.arg, node.arg.right.arg], leaves)
    first, *rest = write(node.arg, leaves).inside(PRODUCT).parts
    return Written((f"-{first}", *rest), NEGATIVE)


def _power(node: Power, leaves: Leaves) -> Written:
    if isinstance(node.arg, Func) and node.arg.name in HEADS and not leaves.numbers:
        # tanh² z
        return _applied(node.arg, f"{HEADS[node.arg.name]}^{{{node.exponent}}}", leaves)
    symbol = symbol_of(node.arg)
    if isinstance(symbol, Unknown) and symbol.name in HEADS.values():
        return write(Unknown(f"{symbol.name}^{{{node.exponent}}}", symbol.args), leaves)
    base = write(node.arg, leaves).inside(ATOM)
    if "^" in base.latex or base.latex.startswith(r"\frac"):
        alone = base.latex.startswith(("(", r"\left(")) and not isinstance(node.arg, Power)
        base = base if alone else base.parenthesised()
    return atom(f"{base.latex}^{{{node.exponent}}}")


def _transpose(node: Transpose, leaves: Leaves) -> Written:
    if isinstance(node.arg, Ref):
        return leaves.array(node.arg.name, transposed=True)
    if isinstance(node.arg, Named) and isinstance(node.arg.symbol, Ref):
        return leaves.array(node.arg.symbol.name, transposed=True)
    if isinstance(node.arg, Matrix):
        return atom(rf"{write(node.arg, leaves).latex}^{{\top}}")
    return atom(rf"{write(node.arg, leaves).parenthesised().latex}^{{\top}}")


def _func(node: Func, leaves: Leaves) -> Written:
    arg = write(node.arg, leaves)
    if node.name == "exp":
        if r"\frac" in arg.latex and width(arg.latex) > _WIDEST_EXPONENT:
            return Written((rf"\exp{arg.parenthesised().latex}",))
        return atom(f"e^{{{arg.latex}}}")
    if node.name == "sqrt":
        return atom(rf"\sqrt{{{arg.latex}}}")
    if node.name == "abs":
        return atom(rf"\left|{arg.latex}\right|")
    return _applied(node, HEADS[node.name], leaves)


def _applied(node: Func, head: str, leaves: Leaves) -> Written:
    arg = write(node.arg, leaves)
    if not leaves.numbers and node.name != "Phi" and isinstance(symbol_of(node.arg), Entry | Ref) and arg.level == ATOM:
        return atom(f"{head} {arg.latex}")
    first, *rest = arg.parenthesised().parts
    return Written((head + first, *rest))


def _max(node: Max, leaves: Leaves) -> Written:
    sides: list[Expr] = [node.left, node.right]
    while isinstance(sides[0], Max):
        sides[:1] = [sides[0].left, sides[0].right]
    return _extreme(r"\max", sides, leaves)


def _extreme(head: str, sides: list[Expr], leaves: Leaves) -> Written:
    inner = r",\, ".join(write(side, leaves).latex for side in sides)
    return atom(rf"{head}\left({inner}\right)" if r"\frac" in inner else rf"{head}({inner})")


def _total(node: Total, leaves: Leaves) -> Written:
    if node.largest:
        return Written((rf"\max_{{{node.letter}}} {write(node.arg, leaves).inside(PRODUCT).latex}",), PRODUCT)
    head = rf"\sum_{{{node.letter} \ne {node.but}}}" if node.but else rf"\sum_{{{node.letter}=1}}^{{{node.size}}}"
    return Written((f"{head} {write(node.arg, leaves).inside(PRODUCT).latex}",), PRODUCT)


def _sum_of_array(node: Sum | Largest, leaves: Leaves) -> Written:
    head = r"\sum" if isinstance(node, Sum) else r"\max"
    return Written((f"{head} {write(node.arg, leaves).inside(PRODUCT).latex}",), PRODUCT)


def _on_paper(rule: Callable[[Any, paper.Write], Written]) -> Callable[[Any, Leaves], Written]:
    """A rule of paper.py, which is given how the parts are written."""
    return lambda node, leaves: rule(node, lambda part: write(part, leaves))


_RULES: dict[type[Expr], Callable[[Any, Leaves], Written]] = {
    Ref: lambda node, leaves: leaves.array(node.name, transposed=False),
    Entry: lambda node, leaves: leaves.entry(node),
    Const: _constant,
    Fill: lambda node, leaves: _constant(node.value, leaves),
    Add: _add,
    Series: _series,
    Sub: _sub,
    Mul: _mul,
    MatMul: _matmul,
    Div: _div,
    Neg: _neg,
    Power: _power,
    Transpose: _transpose,
    Diag: _on_paper(paper.diag),
    Matrix: _on_paper(paper.matrix),
    Unknown: _on_paper(paper.unknown),
    OnDiagonal: _on_paper(paper.on_diagonal),
    Func: _func,
    Max: _max,
    Total: _total,
    Sum: _sum_of_array,
    Largest: _sum_of_array,
    Cases: _on_paper(paper.cases),
    Named: lambda node, leaves: write(node.symbol, leaves),
    Derivative: _on_paper(paper.derivative),
}
