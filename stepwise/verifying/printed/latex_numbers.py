"""Parse and evaluate printed LaTeX arithmetic, with exact fractions wherever it is rational.

Strict: whatever is not understood raises PrintedError.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce

from stepwise.verifying.printed import elementary, values
from stepwise.verifying.printed.tokens import Token, tokenise
from stepwise.verifying.printed.values import Matrix, Num, PrintedError, Value
from stepwise.verifying.printed.vocabulary import MATRICES

_FUNCTIONS: dict[str, Callable[[Num], Num]] = {
    "ln": elementary.ln,
    "log": elementary.ln,
    "exp": elementary.exp,
    "tanh": elementary.tanh,
    "sqrt": elementary.sqrt,
    "sin": elementary.sin,
    "cos": elementary.cos,
    "sinh": elementary.sinh,
    "cosh": elementary.cosh,
    "arctan": elementary.arctan,
    "erf": elementary.erf,
    "Phi": elementary.normal_cdf,
    "phi": elementary.normal_density,
    "varphi": elementary.normal_density,
    "step": values.step,
    "sign": values.sign,
    "sgn": values.sign,
}
_ELEMENTWISE = {"⊙": values.multiply, "/": values.divide}
COMPARISONS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "=": operator.eq,
    "≠": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "≤": operator.le,
    "≥": operator.ge,
}
_END = Token("end of formula", "", -1, -1)
# What may follow a factor without a sign of multiplication; a bare number may not, it would read as one number.
_FACTOR_STARTS = frozenset(("open", "begin", "function", "frac", "e", "pi", "sum", "dots"))


def evaluate(tokens: Sequence[Token]) -> Value:
    """The value of a printed formula; entries behind dots are None."""
    parser = _Parser(tokens)
    value = parser.sum()
    if parser.peek is not _END:
        raise PrintedError(f"unexpected {parser.peek.text or parser.peek.kind!r}")
    return value


def evaluate_text(source: str) -> Value:
    """The value of printed LaTeX arithmetic."""
    return evaluate(tokenise(source))


def is_printed(value: Value) -> bool:
    """Is this a printed number, or a matrix of printed numbers (some perhaps behind dots)?"""
    if isinstance(value, Matrix):
        cells = [cell for row in value.rows for cell in row if cell is not None]
        return bool(cells) and all(cell.quantum is not None for cell in cells)
    return value is not None and value.quantum is not None


def _meaningful(tokens: Sequence[Token]) -> list[Token]:
    """Without wide spaces, which separate the entries of a list in square brackets and mean nothing elsewhere."""
    result: list[Token] = []
    brackets: list[str] = []
    for token in tokens:
        if token.kind == "space":
            if brackets and brackets[-1] == "[" and result[-1].kind not in ("comma", "open"):
                result.append(token._replace(kind="comma"))
            continue
        if token.kind in ("open", "begin"):
            brackets.append(token.text)
        elif token.kind in ("close", "end") and brackets:
            if result and token.kind == "close" and result[-1].kind == "comma":
                result.pop()
            brackets.pop()
        result.append(token)
    return result


class _Parser:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = _meaningful(tokens)
        self.i = 0

    @property
    def peek(self) -> Token:
        return self.tokens[self.i] if self.i < len(self.tokens) else _END

    def take(self) -> Token:
        token = self.peek
        self.i += 1
        return token

    def accept(self, kind: str, *texts: str) -> Token | None:
        if self.peek.kind == kind and (not texts or self.peek.text in texts):
            return self.take()
        return None

    def expect(self, kind: str, text: str) -> None:
        if self.accept(kind, text) is None:
            raise PrintedError(f"expected {text!r}, found {self.peek.text or self.peek.kind!r}")

    def sum(self) -> Value:
        value = self.term()
        while sign := self.accept("op", "+", "-"):
            join = values.add if sign.text == "+" else values.subtract
            value = values.elementwise(join, value, self.term())
        return value

    def term(self) -> Value:
        value = self.signed()
        while True:
            if sign := self.accept("op", "*", "⊙", "/"):
                right = self.signed()
                if sign.text == "*":
                    value = values.product(value, right)
                else:
                    value = values.elementwise(_ELEMENTWISE[sign.text], value, right)
            elif self.peek.kind in _FACTOR_STARTS:
                value = values.product(value, self.powers())
            else:
                return value

    def signed(self) -> Value:
        if self.accept("op", "-"):
            return values.map_value(values.negate, self.signed())
        if self.accept("op", "+"):
            return self.signed()
        return self.powers()

    def powers(self) -> Value:
        value = self.primary()
        while True:
            if self.accept("power"):
                value = self._raised(value, self.exponent())
            elif self.accept("transpose"):
                value = values.transpose(value)
            else:
                return value

    @staticmethod
    def _raised(value: Value, exponent: Value) -> Value:
        if not isinstance(exponent, Num):
            raise PrintedError("an exponent must be a number")
        if isinstance(value, Matrix) and exponent.value <= 0:
            raise PrintedError("no inverse of a matrix")
        return values.map_value(lambda base: elementary.power(base, exponent), value)

    def exponent(self) -> Value:
        """The exponent after ^: a group, or one digit."""
        if self.peek.kind == "open" and self.peek.text == "{":
            self.take()
            self.accept("op", "⊙")
            value = self.sum()
            self.expect("close", "}")
            return value
        return self.digit()

    def digit(self) -> Value:
        token = self.take()
        if token.num is None or len(token.text) != 1:
            raise PrintedError(f"expected a group or one digit, found {token.text!r}")
        return token.num

    def primary(self) -> Value:
        token = self.take()
        if token.num is not None:
            return token.num
        match token.kind:
            case "open":
                return self.listed(token.text)
            case "begin":
                return self.cases() if token.text == "cases" else self.matrix(token.text)
            case "bar" | "norm":
                value = self.sum()
                self.expect(token.kind, token.text)
                return elementary.norm(value) if token.kind == "norm" else values.map_value(values.absolute, value)
            case "frac":
                return values.elementwise(values.divide, self.group(), self.group())
            case "e":
                self.expect("power", "^")
                return values.map_value(elementary.exp, self.exponent())
            case "function":
                return self.function(token.text)
            case "sum":
                return values.fold(values.add, self.term())
            case "pi":
                return Num(Fraction(elementary.PI), exact=False)
            case "dots":
                return None
        raise PrintedError(f"cannot read {token.text or token.kind!r}")

    def group(self) -> Value:
        if self.accept("open", "{"):
            return self.listed("{")
        return self.digit()

    def items(self, opening: str) -> list[Value]:
        """The entries up to the closing bracket."""
        found = [self.sum()]
        while self.accept("comma"):
            found.append(self.sum())
        self.expect("close", {"(": ")", "[": "]", "{": "}", "\\{": "\\}"}.get(opening, opening))
        return found

    def listed(self, opening: str) -> Value:
        """A bracketed value; several entries are a row."""
        found = self.items(opening)
        if len(found) == 1:
            return found[0]
        cells = tuple(item for item in found if not isinstance(item, Matrix))
        if len(cells) != len(found):
            raise PrintedError("a matrix inside a list")
        return Matrix((cells,))

    def function(self, name: str) -> Value:
        exponent = self.exponent() if self.accept("power") else None
        if name in ("max", "min"):
            opening = self.accept("open")
            choose = values.larger if name == "max" else values.smaller
            if opening is None:
                value = values.fold(choose, self.primary())
            else:
                value = reduce(lambda a, b: values.elementwise(choose, a, b), self.items(opening.text))
        else:
            opening = self.accept("open")
            argument = self.listed(opening.text) if opening else self.primary()
            value = values.diagonal(argument) if name == "diag" else values.map_value(_FUNCTIONS[name], argument)
        return value if exponent is None else self._raised(value, exponent)

    def cases(self) -> Value:
        """The value of the one case whose printed condition holds."""
        found: list[Value] = []
        while not self.accept("end", "cases"):
            value = self.sum()
            self.expect("column", "")
            left, relation, right = self.sum(), self.take(), self.sum()
            if not isinstance(left, Num) or not isinstance(right, Num) or relation.text not in COMPARISONS:
                raise PrintedError("a case without a comparison of two numbers")
            if COMPARISONS[relation.text](left.value, right.value):
                found.append(value)
            self.accept("row")
        if len(found) != 1:
            raise PrintedError(f"{len(found)} cases hold")
        # A single case is a calculation, not a printed result.
        return values.map_value(lambda number: Num(number.value, number.exact), found[0])

    def matrix(self, environment: str) -> Value:
        if environment not in MATRICES:
            raise PrintedError(f"cannot read the environment {environment}")
        rows = []
        while not self.accept("end", environment):
            rows.append(self.row())
        return Matrix(self._even(rows))

    def row(self) -> tuple[values.Cell, ...]:
        """The cells up to the end of the row; a cell may be empty where another of its row is dots."""
        start = self.i
        cells: list[values.Cell] = []
        empty = False
        while True:
            value = None if self.peek.kind in ("column", "row", "end") else self.sum()
            empty = empty or self.tokens[self.i - 1].kind in ("column", "row", "begin")
            if isinstance(value, Matrix):
                raise PrintedError("a matrix inside a matrix")
            cells.append(value)
            if not self.accept("column"):
                break
        if empty and not any(token.kind == "dots" for token in self.tokens[start : self.i]):
            raise PrintedError("an empty entry in a matrix")
        if self.peek.kind != "end":
            self.expect("row", "")
        return tuple(cells)

    @staticmethod
    def _even(rows: list[tuple[values.Cell, ...]]) -> tuple[tuple[values.Cell, ...], ...]:
        """Rows of one length; a lone ⋮ stands for a whole row."""
        width = max((len(row) for row in rows), default=0)
        even = tuple((None,) * width if row == (None,) else row for row in rows)
        if width == 0 or any(len(row) != width for row in even):
            raise PrintedError("a matrix with ragged rows")
        return even
