"""Trees through sympy and back, with names (σ(z), u) and entries (y_j) as letters that sympy leaves alone."""

from __future__ import annotations

from typing import Any

from stepwise.expressions import (
    Add,
    Const,
    Entry,
    Expr,
    Mul,
    Named,
    Neg,
    Ref,
    Series,
    Sub,
    Unknown,
    evaluate,
    rebuild,
    walk,
)
from stepwise.expressions.from_sympy import tree_of
from stepwise.expressions.symbolic import SymbolicArithmetic

_WAY = SymbolicArithmetic()


class Atoms:
    """The letters of one derivation: trees as sympy expressions, and their results as trees."""

    def __init__(self) -> None:
        self._leaves: dict[str, Expr] = {}
        self._sums: dict[frozenset[tuple[int, Expr]], Expr] = {}
        self._known: dict[Expr, Any] = {}
        self._decimals = False

    def value(self, tree: Expr) -> Any:
        """The sympy expression that a tree stands for; names stay letters."""
        if tree not in self._known:
            self._known[tree] = self._found(tree)
        return self._known[tree]

    def _found(self, tree: Expr) -> Any:
        plain = self._plain(tree)
        self._remember(tree)
        self._decimals = self._decimals or any(isinstance(node, Const) and "." in node.text for node in walk(plain))
        letters = {node.name: self.symbol(node) for node in walk(plain) if isinstance(node, Ref)}
        return evaluate(plain, letters, _WAY)

    def symbol(self, leaf: Expr) -> Any:
        """The sympy symbol of a letter, an entry or a name."""
        import sympy

        return sympy.Symbol(self._key(leaf), real=True)

    def tree(self, expression: Any) -> Expr:
        """The tree of a sympy expression."""
        found = tree_of(expression, lambda name: self._leaves.get(name) or Ref(name), decimals=self._decimals)
        return self._as_known(found)

    def _remember(self, tree: Expr) -> None:
        for node in walk(tree):
            if isinstance(node, Add | Sub):
                terms = terms_of(node)
                self._sums.setdefault(frozenset(terms), added(terms))

    def _as_known(self, tree: Expr) -> Expr:
        """Sums that were there before in the order they had: 1 + e^z, not e^z + 1."""

        def change(node: Expr) -> Expr | None:
            if not isinstance(node, Add | Sub):
                return None
            terms = [(sign, self._as_known(term)) for sign, term in terms_of(node)]
            return self._sums.get(frozenset(terms)) or added(terms)

        result: Expr = rebuild(tree, change)
        return result

    def tidied(self, tree: Expr) -> Expr:
        """The tree as sympy orders it, numbers brought together; the tree itself where no tree says the result."""
        try:
            return self.tree(self.value(tree))
        except ValueError:
            return tree

    def neat(self, tree: Expr) -> Expr:
        """The tree tidied, where that makes it shorter; else a sum with its terms tidied one by one, in their order."""
        whole = self._shorter(tree)
        terms = [pair for sign, term in terms_of(tree) for pair in terms_of(self._shorter(term), sign)]
        first = next((place for place, (sign, _) in enumerate(terms) if sign > 0), 0)
        parts = added([terms[first], *terms[:first], *terms[first + 1 :]])
        return whole if length(whole) < length(parts) else parts

    def _shorter(self, term: Expr) -> Expr:
        """The term as sympy orders it, or with a common number in front; itself where that is longer."""
        try:
            value = self.value(term)
            found = [self.tree(value)]
            if value.is_Add or (value.is_Mul and any(factor.is_Add for factor in value.args)):
                content, rest = value.as_content_primitive()
                found += [_multiple(self.tree(content), self.tree(rest))] if content != 1 else []
        except ValueError:
            return term
        best = min(found, key=length)
        return best if length(best) <= length(term) else term

    def _plain(self, tree: Expr) -> Expr:
        def change(node: Expr) -> Expr | None:
            return Ref(self._key(node)) if isinstance(node, Named | Entry) else None

        result: Expr = rebuild(tree, change)
        return result

    def _key(self, leaf: Expr) -> str:
        match leaf:
            case Named(symbol):
                key = self._key(symbol)
            case Entry(name, row, column):
                key = f"{name}_{row}" if column == 0 else f"{name}_{row}_{column}"
            case Unknown(name):
                key = next((k for k, known in self._leaves.items() if _symbol_of(known) == leaf), "")
                # names stand behind letters in a product: z σ(z)
                key = key or f"zz {name.lstrip(chr(92))} {len(self._leaves)}"
            case Ref(name):
                return name
            case _:
                raise TypeError(leaf)
        self._leaves[key] = leaf
        return key


def _symbol_of(leaf: Expr) -> Expr:
    return leaf.symbol if isinstance(leaf, Named) else leaf


def terms_of(node: Expr, sign: int = 1) -> list[tuple[int, Expr]]:
    """The terms of a sum, with their signs."""
    match node:
        case Add(left, right):
            return [*terms_of(left, sign), *terms_of(right, sign)]
        case Sub(left, right):
            return [*terms_of(left, sign), *terms_of(right, -sign)]
        case Neg(arg):
            return terms_of(arg, -sign)
        case Series(terms):
            return [pair for term in terms if term is not None for pair in terms_of(term, sign)]
    return [(sign, node)]


def added(terms: list[tuple[int, Expr]]) -> Expr:
    """A sum of terms with signs."""
    sign, total = terms[0]
    total = total if sign > 0 else -total
    for sign, term in terms[1:]:
        total = total + term if sign > 0 else total - term
    return total


def _multiple(number: Expr, tree: Expr) -> Expr:
    """A number in front of the first factor of a product."""
    return _multiple(number, tree.left) * tree.right if isinstance(tree, Mul) else number * tree


def length(tree: Expr) -> int:
    """How long a tree is when it is written."""
    return sum(1 for node in walk(tree) if not isinstance(node, Neg))


def depends(tree: Expr, by: Expr) -> bool:
    """Whether a letter is in a tree, or in the meaning of a name in it."""
    return any(node == by for node in walk(tree))
