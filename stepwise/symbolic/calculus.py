"""Differentiating on paper: one rule at a time from the outside in, each a step that names it.

A derivative that is not written down at once stays a `Derivative` in its line, and the next lines take it up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count

from msgspec import Struct

from stepwise.expressions import Add, Const, Derivative, Div, Expr, Func, Mul, Named, Neg, Power, Ref, Series, Sub, walk
from stepwise.symbolic.atoms import Atoms, added, depends, length, terms_of
from stepwise.symbolic.elementary import ONE, OUTER, at_once, power_rule
from stepwise.symbolic.model import Step

LETTERS = "uvwpqrsmnkabcdgh"
"""Names for inner parts, in this order; of those that the function itself does not use."""


LONG = 10
"""Parts of so many nodes keep the name they got, so that lines stay short."""


class Known(Struct, frozen=True):
    """A named part whose derivative is known: `rule` says why, the last of `stages` is what it is."""

    rule: str
    stages: tuple[Expr, ...]


class Working:
    """The lines of one derivation, as they come."""

    def __init__(
        self,
        by: Expr,
        atoms: Atoms,
        *,
        known: Mapping[Named, Known] | None = None,
        taken: str = "",
        partial: bool = False,
    ) -> None:
        self.by = by
        self.steps: list[Step] = []
        self._atoms = atoms
        self._known = known or {}
        self._free = (f"{letter}{again or ''}" for again in count() for letter in LETTERS if letter not in taken)
        self._partial = partial

    def of(self, tree: Expr, by: Expr | None = None) -> Derivative:
        """d(tree)/dz"""
        return Derivative(tree, by or self.by, self._partial)

    def write(self, rule: str, left: Expr, *right: Expr, **slots: Expr) -> Expr:
        """Put down a line (an expression that is as the one before it is left out); its last expression."""
        stages: list[Expr] = []
        for tree in right:
            if tree != (stages[-1] if stages else left):
                stages.append(tree)
        if stages:
            self.steps.append(Step(rule, left, tuple(stages), slots))
        return right[-1]

    def take(self, left: Expr, tree: Expr) -> Expr:
        """Differentiate `tree`, whose derivative is written `left`; the lines are kept, the result comes back."""
        if isinstance(tree, Named) and tree in self._known:
            return self.write(self._known[tree].rule, left, *self._known[tree].stages)
        if isinstance(tree, Named):
            return self.take(left, tree.meaning)
        simple = at_once(tree, self.by)
        if simple is not None:
            return self._simple(left, tree, simple)
        return self._rule(tree)(left, tree)

    def _rule(self, tree: Expr) -> Callable[[Expr, Expr], Expr]:
        match tree:
            case Neg(arg) if isinstance(arg, Add | Sub):
                return self._sum
            case Neg() | Mul() if self._constant(tree)[0] != ONE:
                return self._constant_factor
            case Mul():
                return self._product
            case Div(_, below) if not depends(below, self.by):
                return self._constant_factor
            case Div(above, below):
                return self._quotient if depends(above, self.by) else self._reciprocal
            case Add() | Sub() | Series():
                return self._sum
            case Power() | Func():
                return self._chain
        raise ValueError(f"no rule for {type(tree).__name__}")

    # ---- one rule each

    def _simple(self, left: Expr, tree: Expr, written: Expr) -> Expr:
        whole: list[Expr] = [self.of(tree)] if isinstance(left, Derivative) and left.arg != tree != self.by else []
        factor, rest = self._constant(tree)
        if factor != ONE and isinstance(rest, Func | Power):
            whole.append(_times(factor, self.of(rest)))
        rule = (
            "constant" if not depends(tree, self.by) else "variable" if tree == self.by else _simple_rule(tree, self.by)
        )
        return self.write(rule, left, *whole, written, self._atoms.neat(written))

    def _constant(self, tree: Expr) -> tuple[Expr, Expr]:
        """A constant factor and the rest."""
        match tree:
            case Neg(arg):
                factor, rest = self._constant(arg)
                return (-factor if factor != ONE else Neg(ONE)), rest
            case Mul(left, right) if not depends(left, self.by):
                return left, right
            case Mul(left, right) if not depends(right, self.by):
                return right, left
            case Div(left, right) if not depends(right, self.by):
                return 1 / right, left
        return ONE, tree

    def _constant_factor(self, left: Expr, tree: Expr) -> Expr:
        """(c·f)′ = c·f′"""
        factor, rest = self._constant(tree)
        rest = self._short(rest, "rest")
        self.write("constant_factor", left, _times(factor, self.of(rest)))
        inner = self.take(self.of(rest), rest)
        product = _times(factor, inner)
        return self.write("combine", left, product, self._atoms.neat(product))

    def _sum(self, left: Expr, tree: Expr) -> Expr:
        """(f + g)′ = f′ + g′: easy terms at once, the others below."""
        terms = [(sign, self._short(term, "term")) for sign, term in terms_of(tree)]
        easy = {term: at_once(term, self.by) for _, term in terms}
        opened = [(sign, easy[term] or self.of(term)) for sign, term in terms]
        self.write("sum_basic" if any(easy.values()) else "sum", left, added(opened))
        done = []
        for sign, term in terms:
            found = easy[term]
            done.append((sign, self.take(self.of(term), term) if found is None else found))
        total = added(done)
        return self.write("combine", left, total, self._atoms.neat(total))

    def _product(self, left: Expr, tree: Expr) -> Expr:
        """(f·g)′ = f′g + fg′"""
        assert isinstance(tree, Mul)
        first, second = tree.left, tree.right
        first, second = self._short(first, "first_factor"), self._short(second, "second_factor")
        opened = self.of(first) * second + first * self.of(second)
        easy = at_once(first, self.by), at_once(second, self.by)
        if all(found is not None for found in easy):
            done = _times(easy[0] or ONE, second) + _times(easy[1] or ONE, first, behind=True)
            return self.write("product", left, opened, done, self._atoms.neat(done))
        self.write("product", left, opened)
        one, other = (
            self.take(self.of(side), side) if found is None else found
            for side, found in zip((first, second), easy, strict=True)
        )
        done = _times(one, second) + _times(other, first, behind=True)
        return self.write("combine", left, done, self._atoms.neat(done))

    def _short(self, tree: Expr, rule: str) -> Expr:
        """A part, by a name of its own where it is long and its derivative takes lines."""
        long = not isinstance(tree, Named) and length(tree) > LONG and at_once(tree, self.by) is None
        return self._named(tree, rule) if long else tree

    def _quotient(self, left: Expr, tree: Expr) -> Expr:
        """(f/g)′ = (f′g − fg′)/g²"""
        assert isinstance(tree, Div)
        above, below = self._named(tree.left, "numerator"), self._named(tree.right, "denominator")
        self.write("quotient", left, (self.of(above) * below - above * self.of(below)) / below**2)
        top, bottom = self.take(self.of(above), tree.left), self.take(self.of(below), tree.right)
        over, under = (above, below) if length(tree) > 2 * LONG else (tree.left, tree.right)
        done = (_times(top, under) - _times(bottom, over, behind=True)) / under**2
        return self.write("combine", left, done, self._squares(done))

    def _squares(self, tree: Expr) -> Expr:
        """x·x as x², otherwise as it stands."""

        def square(part: Expr) -> Expr:
            return part.left**2 if isinstance(part, Mul) and part.left == part.right else part

        if isinstance(tree, Div) and isinstance(tree.left, Sub):
            first, second = square(tree.left.left), square(tree.left.right)
            if (first, second) != (tree.left.left, tree.left.right):
                return (first - second) / tree.right
        return self._atoms.neat(tree)

    def _reciprocal(self, left: Expr, tree: Expr) -> Expr:
        """c/g as c·g⁻¹, then the chain rule."""
        assert isinstance(tree, Div)
        base, exponent = (tree.right.arg, -tree.right.exponent) if isinstance(tree.right, Power) else (tree.right, -1)
        power = Power(base, exponent)
        written = power if tree.left == ONE else tree.left * power
        if isinstance(left, Derivative) and isinstance(left.arg, Named):
            self.write("as_power", left.arg, written)
        else:
            self.write("as_power", tree, written)
        return self.take(left, written)

    def _chain(self, left: Expr, tree: Expr) -> Expr:
        """f(u)′ = f′(u)·u′"""
        assert isinstance(tree, Power | Func)
        inner = self._named(tree.arg, "inner")
        outer = Power(inner, tree.exponent) if isinstance(tree, Power) else Func(tree.name, inner)
        self.write("chain", left, self.of(outer, inner) * self.of(inner), u=inner.symbol)
        outside = self._outer(outer, inner, inner if length(tree.arg) > LONG else tree.arg)
        inside = self.take(self.of(inner), tree.arg)
        product = _times(outside, inside)
        return self.write("combine", left, product, outside if inside == ONE else self._atoms.neat(product))

    def _outer(self, outer: Expr, inner: Named, arg: Expr) -> Expr:
        """The derivative of the outer function by u, and with the inner part put in."""
        if isinstance(outer, Power):
            found = power_rule(inner, outer.exponent)
            stages = [found, _as_fraction(inner, outer.exponent), _as_fraction(arg, outer.exponent)]
            return self.write("power", self.of(outer, inner), *stages)
        assert isinstance(outer, Func)
        rule = OUTER[outer.name]
        return self.write(f"of.{outer.name}", self.of(outer, inner), rule(inner), rule(arg))

    def _named(self, tree: Expr, rule: str) -> Named:
        named = Named(Ref(next(self._free)), tree)
        self.steps.append(Step(rule, named, (tree,), {"u": named.symbol}))
        return named


def _termwise(tree: Expr, by: Expr) -> str:
    """What is said: of constants and of exponents only where there are any."""
    terms = [term for _, term in terms_of(tree)]
    constants = any(not depends(term, by) for term in terms)
    exponents = any(isinstance(node, Func) and node.name == "exp" and node.arg != by for node in walk(tree))
    return (
        f"termwise{'' if constants and exponents else '_constant' if constants else '_exp' if exponents else '_plain'}"
    )


def _simple_rule(tree: Expr, by: Expr) -> str:
    match tree:
        case Add() | Sub():
            return _termwise(tree, by)
        case Func(name):
            return f"of.{name}"
        case Power():
            return "power"
        case Neg(arg):
            return _simple_rule(arg, by)
    return "basic"


def _as_fraction(base: Expr, exponent: int) -> Expr:
    """n·uⁿ⁻¹, for negative n as a fraction."""
    if exponent >= 0:
        return power_rule(base, exponent)
    return -(Const(str(-exponent)) / base ** (1 - exponent))


def _times(factor: Expr, rest: Expr, *, behind: bool = False) -> Expr:
    """A product with its minus sign in front; `behind` the rest stands the factor."""
    if isinstance(factor, Neg) and not behind:
        return -_times(factor.arg, rest)
    return rest if factor == ONE else rest * factor if behind else factor * rest
