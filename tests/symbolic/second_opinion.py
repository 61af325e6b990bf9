"""The value of an expression of a derivation in multi-precision floats: derivatives by differences, nothing by sympy.

Written from the meaning of the nodes alone, so that a fault of the proof does not hide here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, reduce
from typing import Any

import mpmath
import numpy as np

from stepwise.expressions import (
    Add,
    At,
    Cases,
    Compare,
    Const,
    Derivative,
    Diag,
    Div,
    Entry,
    Expr,
    Func,
    Listing,
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
)  # fmt: skip

mpmath.mp.dps = 30
FUNCTIONS = {
    "exp": mpmath.exp, "ln": mpmath.log, "tanh": mpmath.tanh, "sqrt": mpmath.sqrt, "sin": mpmath.sin, "cos": mpmath.cos,
    "sinh": mpmath.sinh, "cosh": mpmath.cosh, "arctan": mpmath.atan, "erf": mpmath.erf, "abs": abs, "Phi": mpmath.ncdf,
}  # fmt: skip
RELATIONS = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}  # fmt: skip


class Opinion:
    """Values for given numbers of letters (by name) and entries (drawn when first asked for)."""

    def __init__(self, letters: Mapping[str, Any], draw: Any, classes: int, places: Mapping[str, int]) -> None:
        self.letters, self.draw, self.classes = dict(letters), draw, classes
        self.places = dict(places)
        self.entries: dict[tuple[str, Any, Any], Any] = {}
        self.names: dict[Expr, Any] = {}

    def of(self, node: Expr) -> Any:
        return getattr(self, f"_{type(node).__name__.lower()}")(node)

    # ---- leaves

    def _ref(self, node: Ref) -> Any:
        if node.name not in self.letters:
            self.letters[node.name] = self.draw(node.name)
        return self.letters[node.name]

    def _place(self, place: Any) -> int:
        return self.places[place] if isinstance(place, str) else int(place)

    def _key(self, node: Entry) -> tuple[str, int, int]:
        return node.name, self._place(node.row), self._place(node.column)

    def _entry(self, node: Entry) -> Any:
        key = self._key(node)
        if key not in self.entries:
            self.entries[key] = self.draw(node.name)
        return self.entries[key]

    def _const(self, node: Const) -> Any:
        if node.text in ("pi", "e"):
            return mpmath.mpf(getattr(mpmath, node.text))
        above, _, below = node.text.partition("/")
        return mpmath.mpf(above) / mpmath.mpf(below or 1)

    # ---- arithmetic

    def _add(self, node: Add) -> Any:
        return self.of(node.left) + self.of(node.right)

    def _sub(self, node: Sub) -> Any:
        return self.of(node.left) - self.of(node.right)

    def _mul(self, node: Mul) -> Any:
        return self.of(node.left) * self.of(node.right)

    def _div(self, node: Div) -> Any:
        return self.of(node.left) / self.of(node.right)

    def _neg(self, node: Neg) -> Any:
        return -self.of(node.arg)

    def _power(self, node: Power) -> Any:
        return self.of(node.arg) ** node.exponent

    def _series(self, node: Series) -> Any:
        return reduce(lambda a, b: a + b, [self.of(term) for term in node.terms if term is not None])

    def _func(self, node: Func) -> Any:
        value = self.of(node.arg)
        function = FUNCTIONS[node.name]
        return np.frompyfunc(function, 1, 1)(value) if isinstance(value, np.ndarray) else function(value)

    def _max(self, node: Max) -> Any:
        return max(self.of(node.left), self.of(node.right))

    def _cases(self, node: Cases) -> Any:
        for case in node.cases:
            if self.holds(case.when):
                return self.of(case.value)
        return self.of(node.otherwise)

    def holds(self, when: Compare) -> bool:
        return bool(RELATIONS[when.relation](self.of(when.left), self.of(when.right)))

    # ---- index letters, vectors and matrices

    def _length(self, size: Any) -> int:
        return size if isinstance(size, int) else self.classes + (size == "n")

    def _with(self, letter: str, place: int, arg: Expr) -> Any:
        before = dict(self.places)
        self.places[letter] = place
        value = self.of(arg)
        self.places = before
        return value

    def _total(self, node: Total) -> Any:
        chosen = [k for k in range(self._length(node.size)) if not node.but or k != self.places[node.but]]
        values = [self._with(node.letter, k, node.arg) for k in chosen]
        return reduce(lambda a, b: a + b, values, mpmath.mpf(0))

    def _ondiagonal(self, node: OnDiagonal) -> Any:
        return self.of(node.arg) if self._place(node.row) == self._place(node.column) else mpmath.mpf(0)

    def _matrix(self, node: Matrix) -> Any:
        array = np.empty((len(node.rows), len(node.rows[0])), dtype=object)
        for i, row in enumerate(node.rows):
            for j, cell in enumerate(row):
                array[i, j] = _scalar(self.of(cell))
        return array

    def _matmul(self, node: MatMul) -> Any:
        return self.of(node.left) @ self.of(node.right)

    def _transpose(self, node: Transpose) -> Any:
        return self.of(node.arg).T

    def _diag(self, node: Diag) -> Any:
        entries = self.of(node.arg).ravel()
        square = np.full((entries.size, entries.size), mpmath.mpf(0), dtype=object)
        square[np.arange(entries.size), np.arange(entries.size)] = entries
        return square

    def _sum(self, node: Sum) -> Any:
        axes = {"rows": 0, "columns": 1, "all": None}
        return np.sum(self.of(node.arg), axis=axes[node.axis], keepdims=True)

    def _unknown(self, node: Unknown) -> Any:
        """f(v₁, …) = e^{Σ k·v_k/10}, and its derivatives by the primes of its name."""
        _, *primes = node.name.split("'")
        values: list[Any] = []
        for arg in node.args:
            if isinstance(arg, Listing):
                values += [self._with(arg.letter, k, arg.arg) for k in range(self._length(arg.size))]
            else:
                values.append(self.of(arg))
        factor = reduce(lambda a, b: a * b, [mpmath.mpf(int(p or 1)) / 10 for p in primes], mpmath.mpf(1))
        return factor * mpmath.exp(sum(k * _scalar(v) for k, v in enumerate(values, 1)) / 10)

    # ---- names, derivatives, values at a point

    def _named(self, node: Named) -> Any:
        key = self._grounded(node.symbol)
        return self.names[key] if key in self.names else self.of(node.meaning)

    def _grounded(self, symbol: Expr) -> Any:
        return self._key(symbol) if isinstance(symbol, Entry) else symbol

    def _derivative(self, node: Derivative) -> Any:
        if isinstance(node.by, Named):
            store, key, start = self.names, self._grounded(node.by.symbol), self.of(node.by.meaning)
        elif isinstance(node.by, Entry):
            store, key, start = self.entries, self._key(node.by), self.of(node.by)  # type: ignore[assignment]
        else:
            assert isinstance(node.by, Ref)
            store, key, start = self.letters, node.by.name, self.of(node.by)  # type: ignore[assignment]
        return self._slope(node.arg, store, key, _scalar(start))

    def _slope(self, arg: Expr, store: Any, key: Any, start: Any) -> Any:
        """The difference quotient over so small a step that its error is far below what is compared."""
        missing = object()
        before = store.get(key, missing)
        step = mpmath.mpf(10) ** -9
        values = []
        for side in (1, -1):
            store[key] = start + side * step
            values.append(_scalar(self.of(arg)))
        if before is missing:
            del store[key]
        else:
            store[key] = before
        return (values[0] - values[1]) / (2 * step)

    def _at(self, node: At) -> Any:
        value = self.of(node.value)
        before = self.letters.get(node.letter)
        self.letters[node.letter] = value
        found = self.of(node.arg)
        if before is None:
            del self.letters[node.letter]
        else:
            self.letters[node.letter] = before
        return found


def _scalar(value: Any) -> Any:
    return value.item() if isinstance(value, np.ndarray) else value


@cache
def near(decimals: int) -> Any:
    """Half a unit of the last decimal, with a little room."""
    return mpmath.mpf("0.5") * mpmath.mpf(10) ** -decimals * mpmath.mpf("1.0000001")
