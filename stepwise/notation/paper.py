"""How derivatives, matrices, unknown functions and cases are written; `Write` writes their parts."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from stepwise.expressions import (
    Cases,
    Compare,
    Derivative,
    Diag,
    Entry,
    Expr,
    Func,
    Matrix,
    Named,
    OnDiagonal,
    Ref,
    Unknown,
    opposite,
)
from stepwise.notation.heads import HEADS, RELATIONS
from stepwise.notation.matrices import bmatrix
from stepwise.notation.written import PRODUCT, Written, atom

Write = Callable[[Expr], Written]


def diag(node: Diag, write: Write) -> Written:
    arg = write(node.arg)
    alone = arg.latex if arg.latex.startswith(r"\begin{bmatrix}") else arg.parenthesised().latex
    return atom(rf"\operatorname{{diag}}{alone}")


def on_diagonal(node: OnDiagonal, write: Write) -> Written:
    inside = rf"{write(node.arg).latex} & {node.row} = {node.column}"
    return atom(rf"\begin{{cases}} {inside} \\ 0 & {node.row} \ne {node.column} \end{{cases}}")


def symbol_of(tree: Expr) -> Expr:
    return tree.symbol if isinstance(tree, Named) else tree


def derivative(node: Derivative, write: Write) -> Written:
    """dσ/dz of what has a name, else d/dz in front of the formula."""
    d = r"\partial " if node.partial else "d"
    below = d + write(node.by).latex
    symbol = symbol_of(node.arg)
    if isinstance(node.arg, Named) and isinstance(symbol, Unknown) and symbol.args == (node.by,):
        return atom(rf"\frac{{{d}{symbol.name}}}{{{below}}}")
    if isinstance(symbol, Ref | Entry):
        # σ(z) is differentiated as σ
        above = write(node.arg).latex.removesuffix(f"({write(node.by).latex})")
        return atom(rf"\frac{{{d}{above}}}{{{below}}}")
    operator = rf"\frac{{{d.strip()}}}{{{below}}}"
    arg = write(node.arg)
    applied = isinstance(node.arg, Func) and node.arg.name in HEADS
    named = isinstance(node.arg, Named) and isinstance(symbol, Unknown)
    first, *rest = (arg if applied or named else arg.parenthesised()).parts
    return Written((f"{operator} {first}", *rest), PRODUCT)


def matrix(node: Matrix, write: Write) -> Written:
    return atom(bmatrix([[write(cell).latex for cell in row] for row in node.rows]))


def unknown(node: Unknown, write: Write) -> Written:
    inside = r",\, ".join(write(arg).latex for arg in node.args)
    return atom(rf"{node.name}\left({inside}\right)" if r"\frac" in inside else f"{node.name}({inside})")


def condition(when: Compare, write: Write) -> str:
    return f"{write(when.left).latex} {RELATIONS[when.relation]} {write(when.right).latex}"


def cases(node: Cases, write: Write) -> Written:
    if node.note:
        return write(node.otherwise)
    found = [condition(case.when, write) for case in node.cases]
    last = node.cases[-1].when
    if _falling(node):
        # 0 < z ≤ 6: what the cases before have left
        for place, (above, case) in enumerate(pairwise(node.cases), 1):
            low = f"{write(case.when.right).latex} {RELATIONS[_MIRRORED[case.when.relation]]}"
            found[place] = f"{low} {condition(opposite(above.when), write)}"
    rows = [rf"{write(case.value).latex} & {one}" for case, one in zip(node.cases, found, strict=True)]
    if len(node.cases) == 1 or _falling(node):
        rest = condition(opposite(last), write)
    else:
        rest = f"{write(last.left).latex} = {write(last.right).latex}"
    rows.append(rf"{write(node.otherwise).latex} & {rest}")
    return atom(r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}")


_MIRRORED = {">": "<", ">=": "<="}


def _falling(node: Cases) -> bool:
    """Whether the cases are z > 6, z > 0 and so on down."""
    whens = [case.when for case in node.cases]
    return len(whens) > 1 and all(when.left == whens[0].left and when.relation in _MIRRORED for when in whens)
