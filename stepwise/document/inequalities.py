"""The conditions that points ask of w and b, as mathematics: one a point, multiplied, added up."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from stepwise.derivation.symbols import Symbols
from stepwise.document.leaves import View
from stepwise.expressions import Add, Const, Entry, Expr, Mul, Neg, Series, Sub
from stepwise.expressions.rationals import exact_text
from stepwise.notation.formulas import write
from stepwise.notation.heads import RELATIONS
from stepwise.notation.layout import Chain
from stepwise.notation.numbers import number_latex
from stepwise.notation.symbols import Symbol
from stepwise.notation.written import PRODUCT, SUM, Written, atom, number
from stepwise.trace import Trace
from stepwise.trace.rational import in_decimals

ABOVE, AT_MOST = ">", "<="
IMPLIES = r"\;\Rightarrow\;"
_LONG_NUMBER = re.compile(r"\d{60}(?=\d)")
"""So many digits fill most of a line; a longer number goes on in the next."""


class _Leaves(Struct, frozen=True):
    """Letters for what is looked for, numbers for the coordinates of the points."""

    symbols: Mapping[str, Symbol]
    size: int
    points: View
    numbers: bool = False
    product: str = "times"

    def array(self, name: str, *, transposed: bool) -> Written:
        return atom(self.symbols[name].whole(transposed=transposed))

    def entry(self, node: Entry) -> Written:
        if node.name == "points":
            return number(self.points.text(int(node.row), int(node.column)))
        shape = (1, 1) if node.name == "b" else (self.size, 1)
        return atom(self.symbols[node.name].entry(node.row, node.column, shape))

    def is_scalar(self, tree: Expr) -> bool:
        return True


class Inequalities:
    """Writes the conditions of one problem."""

    def __init__(self, trace: Trace) -> None:
        problem, self.points = trace.problem, trace.quantities["x"]
        symbols = Symbols(problem)
        self.size = self.points.shape[1]
        self._decimal = in_decimals(problem)
        letters = {name: symbols.plain(name, name) for name in ("w", "x", "b")}
        self._leaves = _Leaves(letters, self.size, View(trace, self.points, 0))

    # ---- numbers and points

    def text(self, value: Fraction) -> str:
        """A number as LaTeX, never rounded."""
        return number_latex(exact_text(value, decimal=self._decimal))

    def point(self, coordinates: Sequence[Fraction]) -> Written:
        """(0, 1), or just the number where a point has only one."""
        texts = [self.text(value) for value in coordinates]
        if len(texts) == 1:
            return number(texts[0])
        opening, closing = (r"\biggl(", r"\biggr)") if any("frac" in text for text in texts) else ("(", ")")
        parts = [f"{text}," for text in texts[:-1]] + [texts[-1] + closing]
        return Written((opening + parts[0], *(rf"\ {part}" for part in parts[1:])))

    def letter(self, name: str, place: int = 0) -> str:
        """`w_2`, `x_1`, `b`."""
        return self._leaves.entry(Entry(name, place, 0)).latex

    @property
    def unknowns(self) -> list[str]:
        """The letters of all that is looked for."""
        return [*(self.letter("w", place) for place in range(self.size)), self.letter("b")]

    # ---- weighted sums

    @property
    def general(self) -> Written:
        """w₁x₁ + w₂x₂ + b."""
        products = [Mul(Entry("w", place, 0), Entry("x", place, 0)) for place in range(self.size)]
        return write(Series((*products, Entry("b", 0, 0))), self._leaves)

    def put_in(self, point: int) -> Written:
        """w₁·0 + w₂·1 + b: the coordinates of a point put in."""
        products = [Mul(Entry("w", place, 0), Entry("points", point, place)) for place in range(self.size)]
        return write(Series((*products, Entry("b", 0, 0))), self._leaves)

    def linear(
        self, coefficients: Sequence[Fraction], last: Fraction, of: str = "w", decimal: Sequence[bool] = ()
    ) -> Written:
        """2w₁ − w₂ + 3b, without what is 0; `of` x: 2x₁ − x₂ + 3. `decimal`: which coefficients are decimals."""
        terms: list[tuple[Fraction, Expr | None]] = [(c, Entry(of, j, 0)) for j, c in enumerate(coefficients)]
        terms.append((last, Entry("b", 0, 0) if of == "w" else None))
        tree: Expr | None = None
        decimals = [*(decimal or [self._decimal] * len(coefficients)), self._decimal]
        for (coefficient, letter), as_decimal in zip(terms, decimals, strict=True):
            if not coefficient:
                continue
            size = abs(coefficient)
            constant = Const(exact_text(size, decimal=as_decimal))
            term = constant if letter is None else letter if size == 1 else Mul(constant, letter)
            if tree is None:
                tree = term if coefficient > 0 else Neg(term)
            else:
                tree = Add(tree, term) if coefficient > 0 else Sub(tree, term)
        return write(tree or Const("0"), self._leaves)

    # ---- conditions

    def condition(self, point: int, relation: str, *, whole: bool) -> Chain:
        """(2) w₁·0 + w₂·1 + b > 0 ⇒ w₂ + b > 0; without `whole` only what is left of it."""
        left = [self.compared(self.put_in(point), relation)] if whole else []
        stages = [*left, self.compared(self.at(point, 1), relation)]
        signs = [r"\quad", IMPLIES]
        return Chain(numbered(point), tuple(zip(signs, stages, strict=False)))

    def at(self, point: int, times: int) -> Written:
        """The weighted sum at a point, so many times."""
        assert self.points.value is not None
        coordinates, texts = self.points.value[point], self.points.texts
        decimal = [self._decimal or (texts is not None and "." in texts[point, j]) for j in range(self.size)]
        return self.linear([times * value for value in coordinates], Fraction(times), decimal=decimal)

    def compared(self, left: Written, relation: str) -> Written:
        """A weighted sum above 0, or at most 0."""
        *parts, last = self.fitting(left).parts
        return Written((*parts, f"{last} {RELATIONS[relation]} 0"), SUM)

    def fitting(self, written: Written) -> Written:
        """The same with numbers longer than a line cut into pieces."""
        return Written(tuple(piece for part in written.parts for piece in _pieces(part)), written.level)

    def mean(self, multipliers: Mapping[int, int]) -> Written:
        """½((0, 1) + (1, 0)): the mean of the points, each as often as its multiplier says."""
        assert self.points.value is not None
        if len(multipliers) == 1:
            return self.point(self.points.value[next(iter(multipliers))])
        terms = []
        for point, times in multipliers.items():
            written = self.point(self.points.value[point]).inside(PRODUCT)
            first, *rest = written.parts
            terms.append([first if times == 1 else rf"{times} \cdot {first}", *rest])
        parts = [*terms[0], *(piece for term in terms[1:] for piece in [f"+ {term[0]}", *term[1:]])]
        total = sum(multipliers.values())
        size = "Bigg" if any("frac" in part for part in parts) else "big"
        first, *rest = [*parts[:-1], rf"{parts[-1]} \{size}r)"]
        return self.fitting(Written((rf"\frac{{1}}{{{total}}} \{size}l( {first}", *rest), PRODUCT))


def numbered(point: int) -> str:
    """The number of a condition."""
    return f"({point + 1})"


def _pieces(part: str) -> list[str]:
    """A part in pieces of so many digits; inside a fraction nothing can be cut."""
    if r"\frac" in part:
        return [part]
    return _LONG_NUMBER.sub(lambda found: f"{found.group()}\n", part).split("\n")
