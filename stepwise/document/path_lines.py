"""The lines of one parameter's path: single numbers of a trace, each with its formula and the numbers put in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from msgspec.structs import replace

from stepwise.derivation import Step
from stepwise.derivation.path import COPIED, PATH, Factor, Product
from stepwise.document.leaves import View, cut
from stepwise.document.lines import Working
from stepwise.document.working import Writer
from stepwise.expressions import Const, Entry, Expr, entry, leaves, rebuild, refs
from stepwise.notation.layout import Chain
from stepwise.notation.symbols import Plain
from stepwise.notation.written import atom
from stepwise.trace import Quantity, Trace


class PathLines:
    """Writes the factors, products and sums of a path, entry by entry, in the iteration that is asked for."""

    def __init__(self, trace: Trace, detail: str, iteration: int | None) -> None:
        self.trace = trace
        self.iteration = iteration
        self.writer = Writer(trace, detail)
        self.writer.by_entry = True
        self.notes: set[str] = set()
        self.guarded = False
        self._written: set[Entry] = set()

    def quantity(self, name: str) -> Quantity:
        """The quantity that `name` is in this iteration."""
        return self.trace.quantities.get(f"t{self.iteration}.{name}") or self.trace.quantities[name]

    def view(self, name: str) -> View:
        """A quantity as printed."""
        return self.writer.views.of(self.quantity(name))

    def left(self, name: str) -> str:
        """The symbol of a line that is a single number."""
        symbol = self.quantity(name).symbol
        assert symbol is not None
        return symbol.entry(0, 0, (1, 1))

    # ---- factors

    def factor(self, factor: Factor) -> Iterator[Chain]:
        """The line of a factor, after those inside its formula that have not been written yet."""
        node = factor.number
        if isinstance(node, Const):
            yield Chain(factor.symbol, (("=", atom(node.text)),))
        elif factor.kind in COPIED:
            yield from self._noted(self.writer.of_one(self._copy(node, factor.symbol), node))
        else:
            yield from self._inside(self._tree(node))
            [chain] = self._noted(self.writer.of_one(self._one(node, factor.symbol), self._formula(node)))
            if factor.kind == "delta":
                delta = self._symbol(node)
                chain = replace(chain, stages=(("=", atom(delta)), *chain.stages))
            yield chain

    def _inside(self, tree: Expr) -> Iterator[Chain]:
        """The lines without a symbol that a formula takes, innermost first."""
        for leaf in leaves(tree):
            if leaf.name not in self.writer.symbols and leaf not in self._written:
                self._written.add(leaf)
                yield from self._inside(self._tree(leaf))
                yield from self._noted(self.writer.of_one(self._one(leaf), self._formula(leaf)))

    def operands(self, node: Entry) -> Iterator[Entry]:
        """The numbers with a symbol that the line of `node` takes, also through lines that have none."""
        for leaf in leaves(self._tree(node)):
            if leaf.name in self.writer.symbols:
                yield leaf
            else:
                yield from self.operands(leaf)

    def operands_of_sum(self, name: str) -> Iterator[Entry]:
        """The same for the lines inside a sum of products."""
        for leaf in leaves(_step(self.quantity(name)).tree):
            if leaf.name not in self.writer.symbols:
                yield from self.operands(leaf)

    def result(self, node: Entry) -> str:
        """A number that was computed before: its symbol and its printed value."""
        whole = self.quantity(node.name)
        view = self.writer.views.of(replace(cut(whole, _part(node)), id=_name(whole, node)))
        relation = "=" if view.printed.exact.all() else r"\approx"
        return f"{self._symbol(node)} {relation} {view.text(0, 0)}"

    # ---- products and sums

    def product(self, product: Product) -> Chain:
        """The product of a path with its numbers."""
        quantity = self.quantity(product.id)
        numbers = [factor.number for factor in product.factors]
        [chain] = self._noted(self.writer.of_one(quantity, _step(quantity).tree, numbers))
        return chain

    def sum(self, name: str) -> Iterator[Chain]:
        """The line that adds products up, after those inside it."""
        quantity = self.quantity(name)
        tree = _step(quantity).tree
        yield from self._inside(tree)
        yield from self._noted(self.writer.of_one(quantity, self._in_symbols(tree)))

    # ---- single numbers as quantities of their own

    def _one(self, node: Entry, symbol: str = "") -> Quantity:
        """One number of a computed quantity, with its own line."""
        whole, tree = self.quantity(node.name), self._tree(node)
        small = cut(whole, _part(node))
        own = Plain(symbol, symbol) if symbol else None
        step = replace(_step(whole), tree=tree, operands=refs(tree), symbol=own, head="")
        return replace(small, id=_name(whole, node), step=step, symbol=own)

    def _copy(self, node: Entry, symbol: str) -> Quantity:
        """One number of any quantity, as it stands there."""
        small, own = cut(self.quantity(node.name), _part(node)), Plain(symbol, symbol)
        step = Step(node.name, "copy", node, (node.name,), PATH, None, PATH, "", node.name, 0, own)
        unrounded = None if small.unrounded is None else np.ones((1, 1), dtype=bool)
        return replace(small, id=f"={_name(small, node)}", step=step, symbol=own, unrounded=unrounded)

    def _tree(self, node: Entry) -> Expr:
        step = _step(self.quantity(node.name))
        return entry(step.tree, node.row, node.column, self._shapes(step.tree))

    def _formula(self, node: Entry) -> Expr:
        """The formula of a number in symbols: lines without a symbol are written out."""
        quantity = self.quantity(node.name)
        tree = self.writer.inlined(_step(quantity).tree, quantity)
        return entry(tree, node.row, node.column, self._shapes(tree))

    def _in_symbols(self, tree: Expr) -> Expr:
        def change(node: Expr) -> Expr | None:
            return self._formula(node) if isinstance(node, Entry) and node.name not in self.writer.symbols else None

        changed: Expr = rebuild(tree, change)
        return changed

    def _shapes(self, tree: Expr) -> Mapping[str, tuple[int, int]]:
        return {name: self.quantity(name).shape for name in refs(tree)}

    def _symbol(self, node: Entry) -> str:
        return self.writer.symbols[node.name].entry(node.row, node.column, self.quantity(node.name).shape)

    def _noted(self, working: Working) -> tuple[Chain, ...]:
        self.notes |= working.notes
        self.guarded |= working.guarded
        return working.lines


def _step(quantity: Quantity) -> Step:
    assert quantity.step is not None
    return quantity.step


def _part(node: Entry) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.intp]], ...]:
    return np.ix_([int(node.row)], [int(node.column)])


def _name(quantity: Quantity, node: Entry) -> str:
    return f"{quantity.id}[{node.row},{node.column}]"
