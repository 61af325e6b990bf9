"""The same lines with less to calculate, for iterations that nobody is shown: η(1/N)XᵀΔ as Xᵀ(ηΔ/N).

A number times a product of matrices is a pass over the whole product; the smaller of its factors is a fraction of that.
The results differ in the last bits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from stepwise.expressions.entries import shape_of
from stepwise.expressions.rewrite import refs
from stepwise.expressions.tree import Expr, MatMul, Mul, Ref

Shape = tuple[int, int]
Line = tuple[str, Expr]


def lightened(lines: Sequence[Line], given: Mapping[str, Shape], wanted: Collection[str]) -> list[Line]:
    """The lines, without those that only one other line needed and that are not `wanted`.

    `given` are the shapes of all operands that are not lines.
    """
    shapes = dict(given)
    for name, tree in lines:
        shapes[name] = shape_of(tree, shapes)
    used = Counter(name for _, tree in lines for name in refs(tree))
    found: dict[str, Expr] = {}
    for name, tree in lines:
        scaled = _scaled_product(tree, shapes)
        inner = found.get(scaled[1].name) if scaled is not None and isinstance(scaled[1], Ref) else None
        if scaled is None:
            found[name] = tree
        elif isinstance(scaled[1], MatMul):
            found[name] = _into_smaller(scaled[0], scaled[1], shapes)
        elif isinstance(inner, MatMul) and used[scaled[1].name] == 1 and scaled[1].name not in wanted:
            del found[scaled[1].name]
            found[name] = _into_smaller(scaled[0], inner, shapes)
        else:
            found[name] = tree
    return list(found.items())


def _scaled_product(tree: Expr, shapes: Mapping[str, Shape]) -> tuple[Expr, MatMul | Ref] | None:
    """A number and what it is multiplied with, if that may be a product of matrices."""
    if isinstance(tree, Mul) and shape_of(tree.left, shapes) == (1, 1) and isinstance(tree.right, MatMul | Ref):
        return tree.left, tree.right
    return None


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
