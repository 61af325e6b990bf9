"""The same lines with less to calculate, for iterations that nobody is shown.

A number times a product of matrices is a pass over the whole product, and the smaller of its factors is a fraction of
that: η(1/N)XᵀΔ becomes Xᵀ(ηΔ/N). A sum of row sums is one sum. What an output lacks to 1 is found by taking away. The
results differ in the last bits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

from stepwise.expressions.entries import shape_of
from stepwise.expressions.rewrite import rebuild, refs, usual
from stepwise.expressions.tree import Expr, MatMul, Mul, Neg, Ref, Sum

Shape = tuple[int, int]
Line = tuple[str, Expr]

_CARE = ("sure",)
"""Nobody reads the last digits of sure outputs here."""


def lightened(lines: Sequence[Line], given: Mapping[str, Shape], wanted: Collection[str]) -> list[Line]:
    """The lines, without those that only one other line needed and that are not `wanted`.

    `given` are the shapes of all operands that are not lines.
    """
    lines = [(name, usual(tree, _CARE)) for name, tree in lines]
    shapes = dict(given)
    for name, tree in lines:
        shapes[name] = shape_of(tree, shapes)
    used = Counter(name for _, tree in lines for name in refs(tree))
    found: dict[str, Expr] = {}

    def inside(tree: Expr) -> Expr:
        """A line that only this one needs, in the place of its name."""
        mine = isinstance(tree, Ref) and tree.name in found and used[tree.name] == 1 and tree.name not in wanted
        return found[tree.name] if mine else tree  # type: ignore[attr-defined]

    for name, tree in lines:
        lighter = _scaled(tree, inside, shapes) or _summed(tree, inside)
        if lighter is not None:
            for gone in {*refs(tree)} - {*refs(lighter)}:
                del found[gone]
        found[name] = lighter or tree
    return list(found.items())


def _scaled(tree: Expr, inside: Callable[[Expr], Expr], shapes: Mapping[str, Shape]) -> Expr | None:
    """A number times a product of matrices."""
    if not isinstance(tree, Mul) or shape_of(tree.left, shapes) != (1, 1):
        return None
    product = inside(tree.right)
    return _into_smaller(tree.left, product, shapes) if isinstance(product, MatMul) else None


def _summed(tree: Expr, inside: Callable[[Expr], Expr]) -> Expr | None:
    """A sum of sums, each with a minus sign or without, times a number."""

    def change(node: Expr) -> Expr | None:
        if not isinstance(node, Sum):
            return None
        inner = inside(node.arg)
        each = inner.arg if isinstance(inner, Neg) else inner
        if not isinstance(each, Sum) or {each.axis, node.axis} != {"rows", "columns"}:
            return None
        whole = Sum(each.arg, "all")
        return Neg(whole) if isinstance(inner, Neg) else whole

    changed: Expr = rebuild(tree, change)
    return None if changed == tree else changed


def _into_smaller(factor: Expr, product: MatMul, shapes: Mapping[str, Shape]) -> Expr:
    """The number multiplied into the smaller matrix of a product, where that is smaller than the product."""
    sizes = [_size(side, shapes) for side in (product.left, product.right)]
    if min(sizes) >= _size(product, shapes):
        return factor * product
    if sizes[0] < sizes[1]:
        return MatMul(_times(factor, product.left), product.right)
    return MatMul(product.left, _times(factor, product.right))


def _times(factor: Expr, side: Expr) -> Expr:
    """Two numbers are multiplied first: (ηc)Δ instead of η(cΔ)."""
    return Mul(Mul(factor, side.left), side.right) if isinstance(side, Mul) else Mul(factor, side)


def _size(tree: Expr, shapes: Mapping[str, Shape]) -> int:
    rows, columns = shape_of(tree, shapes)
    return rows * columns
