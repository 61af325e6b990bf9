"""An expression as LaTeX, with symbols or with the numbers put in: the same rules for both.

A `Leaves` says how an operand is written; everything else is read off the tree.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from stepwise.expressions import (
    Add,
    Cases,
    Compare,
    Const,
    Div,
    Entry,
    Expr,
    Fill,
    Func,
    Largest,
    MatMul,
    Max,
    Mul,
    Neg,
    Power,
    Ref,
    Series,
    Sub,
    Sum,
    Total,
    Transpose,
    opposite,
)
from stepwise.notation.numbers import number_latex
from stepwise.notation.written import ATOM, NEGATIVE, PRODUCT, SUM, Written, atom, number

_HEADS = {
    "ln": r"\ln",
    "tanh": r"\tanh",
    "Phi": r"\Phi",
    "sin": r"\sin",
    "cos": r"\cos",
    "sinh": r"\sinh",
    "cosh": r"\cosh",
    "arctan": r"\arctan",
    "erf": r"\operatorname{erf}",
}
RELATIONS = {"<": "<", "<=": r"\le", ">": ">", ">=": r"\ge"}


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
    return f"{write(when.left, leaves).latex} {RELATIONS[when.relation]} {write(when.right, leaves).latex}"


def _constant(node: Const, leaves: Leaves) -> Written:
    if node.symbol and not leaves.numbers:
        return atom(node.symbol)
    return number(number_latex(node.text))


def _add(node: Add, leaves: Leaves) -> Written:
    return _sum([write(node.left, leaves), write(node.right, leaves)])


def _series(node: Series, leaves: Leaves) -> Written:
    return _sum([atom(r"\cdots") if term is None else write(term, leaves) for term in node.terms])


def _sum(terms: list[Written]) -> Written:
    parts = list(terms[0].parts)
    for term in terms[1:]:
        first, *rest = term.inside(SUM).parts
        parts += [f"+ {first}", *rest]
    return Written(tuple(parts), SUM)


def _sub(node: Sub, leaves: Leaves) -> Written:
    left, right = write(node.left, leaves), write(node.right, leaves).inside(PRODUCT)
    first, *rest = right.parts
    return Written((*left.parts, f"- {first}", *rest), SUM)


def _mul(node: Mul, leaves: Leaves) -> Written:
    left, right = write(node.left, leaves).inside(PRODUCT), write(node.right, leaves).inside(PRODUCT)
    if isinstance(node.left, Total):
        left = left.parenthesised()
    if len(left.parts) > 1 or len(right.parts) == 1 or not right.latex.startswith("("):
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
        dot = fractions or right.latex[0].isdigit()
        return rf"{left.latex} \cdot {right.latex}" if dot else f"{left.latex} {right.latex}"
    if leaves.product == "times" or r"\begin" in right.latex:
        return rf"{left.latex} \times {right.latex}"
    if right.number or right.latex.startswith("("):
        return left.latex + (right if right.latex.startswith("(") else right.parenthesised()).latex
    return rf"{left.latex} \cdot {right.latex}"


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
    first, *rest = write(node.arg, leaves).inside(PRODUCT).parts
    return Written((f"-{first}", *rest), NEGATIVE)


def _power(node: Power, leaves: Leaves) -> Written:
    if isinstance(node.arg, Func) and node.arg.name in _HEADS and not leaves.numbers:
        # tanh² z
        return _applied(node.arg, f"{_HEADS[node.arg.name]}^{{{node.exponent}}}", leaves)
    base = write(node.arg, leaves).inside(ATOM)
    if "^" in base.latex or base.latex.startswith(r"\frac"):
        base = base.parenthesised() if base.latex[0] != "(" else base
    return atom(f"{base.latex}^{{{node.exponent}}}")


def _transpose(node: Transpose, leaves: Leaves) -> Written:
    if isinstance(node.arg, Ref):
        return leaves.array(node.arg.name, transposed=True)
    return atom(rf"{write(node.arg, leaves).parenthesised().latex}^{{\top}}")


def _func(node: Func, leaves: Leaves) -> Written:
    arg = write(node.arg, leaves)
    if node.name == "exp":
        return atom(f"e^{{{arg.latex}}}")
    if node.name == "sqrt":
        return atom(rf"\sqrt{{{arg.latex}}}")
    if node.name == "abs":
        return atom(rf"\left|{arg.latex}\right|")
    return _applied(node, _HEADS[node.name], leaves)


def _applied(node: Func, head: str, leaves: Leaves) -> Written:
    arg = write(node.arg, leaves)
    if not leaves.numbers and node.name != "Phi" and isinstance(node.arg, Entry | Ref) and arg.level == ATOM:
        return atom(f"{head} {arg.latex}")
    first, *rest = arg.parenthesised().parts
    return Written((head + first, *rest))


def _max(node: Max, leaves: Leaves) -> Written:
    sides: list[Expr] = [node.left, node.right]
    while isinstance(sides[0], Max):
        sides[:1] = [sides[0].left, sides[0].right]
    inner = r",\, ".join(write(side, leaves).latex for side in sides)
    return atom(rf"\max\left({inner}\right)" if r"\frac" in inner else rf"\max({inner})")


def _total(node: Total, leaves: Leaves) -> Written:
    if node.largest:
        return Written((rf"\max_{{{node.letter}}} {write(node.arg, leaves).inside(PRODUCT).latex}",), PRODUCT)
    head = rf"\sum_{{{node.letter}=1}}^{{{node.size}}}"
    return Written((f"{head} {write(node.arg, leaves).inside(PRODUCT).latex}",), PRODUCT)


def _sum_of_array(node: Sum | Largest, leaves: Leaves) -> Written:
    head = r"\sum" if isinstance(node, Sum) else r"\max"
    return Written((f"{head} {write(node.arg, leaves).inside(PRODUCT).latex}",), PRODUCT)


def _cases(node: Cases, leaves: Leaves) -> Written:
    if node.note:
        return write(node.otherwise, leaves)
    rows = [rf"{write(case.value, leaves).latex} & {write_condition(case.when, leaves)}" for case in node.cases]
    last = node.cases[-1].when
    if len(node.cases) == 1:
        rest = write_condition(opposite(last), leaves)
    else:
        rest = f"{write(last.left, leaves).latex} = {write(last.right, leaves).latex}"
    rows.append(rf"{write(node.otherwise, leaves).latex} & {rest}")
    return atom(r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}")


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
    Func: _func,
    Max: _max,
    Total: _total,
    Sum: _sum_of_array,
    Largest: _sum_of_array,
    Cases: _cases,
}
