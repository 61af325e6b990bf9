"""The symbols of quantities: `W^{(1)}` for the whole, `w^{(1)}_{12}` for an entry, `\\nabla W^{(1)}` a gradient."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from stepwise.expressions.tree import Index

Shape = tuple[int, int]


class Symbol(Protocol):
    """How a quantity is written."""

    def whole(self, *, transposed: bool = False) -> str: ...
    def entry(self, row: Index, column: Index, shape: Shape) -> str: ...


def index_text(row: Index, column: Index, shape: Shape) -> str:
    """`12`, `1,12`, `ik`; an axis of length one needs no index."""
    places = [place for place, length in ((row, shape[0]), (column, shape[1])) if length > 1]
    texts = [place if isinstance(place, str) else str(place + 1) for place in places]
    return ("" if all(len(text) == 1 for text in texts) else ",").join(texts)


class Plain(Struct, frozen=True):
    """A letter with a superscript: `letter` for the whole array, `small` for an entry."""

    letter: str
    small: str
    upper: tuple[str, ...] = ()

    def whole(self, *, transposed: bool = False) -> str:
        upper = (*self.upper, r"\top") if transposed else self.upper
        separator = "" if transposed and len(upper) == 2 else r",\,"
        return _with(self.letter, separator.join(upper), "")

    def entry(self, row: Index, column: Index, shape: Shape) -> str:
        return _with(self.small, r",\,".join(self.upper), index_text(row, column, shape))

    def renewed(self) -> Plain:
        """The symbol after the update."""
        return Plain(self.letter, self.small, (*self.upper, r"\mathrm{new}"))


class Gradient(Struct, frozen=True):
    """∇W for the whole, ∂L/∂w for an entry."""

    loss: str
    of: Symbol

    def whole(self, *, transposed: bool = False) -> str:
        text = rf"\nabla {self.of.whole()}"
        return rf"\left({text}\right)^{{\top}}" if transposed else text

    def entry(self, row: Index, column: Index, shape: Shape) -> str:
        return rf"\frac{{\partial {self.loss}}}{{\partial {self.of.entry(row, column, shape)}}}"


class Partial(Struct, frozen=True):
    """∂L/∂a, ∂a/∂z: `above` is a symbol, or the letter of a single number."""

    above: Symbol | str
    below: Symbol

    def whole(self, *, transposed: bool = False) -> str:
        above = self.above if isinstance(self.above, str) else self.above.whole()
        text = rf"\frac{{\partial {above}}}{{\partial {self.below.whole()}}}"
        return rf"\left({text}\right)^{{\top}}" if transposed else text

    def entry(self, row: Index, column: Index, shape: Shape) -> str:
        above = self.above if isinstance(self.above, str) else self.above.entry(row, column, shape)
        return rf"\frac{{\partial {above}}}{{\partial {self.below.entry(row, column, shape)}}}"


class Jacobian(Struct, frozen=True):
    """∂a/∂z as a matrix: the entry in row i and column j is ∂aᵢ/∂zⱼ."""

    above: Symbol
    below: Symbol

    def whole(self, *, transposed: bool = False) -> str:
        return Partial(self.above, self.below).whole(transposed=transposed)

    def entry(self, row: Index, column: Index, shape: Shape) -> str:
        above = self.above.entry(row, 0, (shape[0], 1))
        return rf"\frac{{\partial {above}}}{{\partial {self.below.entry(column, 0, (shape[1], 1))}}}"


class Applied(Struct, frozen=True):
    """A function of every entry: σ′(z)."""

    head: str
    of: Symbol

    def whole(self, *, transposed: bool = False) -> str:
        text = f"{self.head}({self.of.whole()})"
        return rf"{text}^{{\top}}" if transposed else text

    def entry(self, row: Index, column: Index, shape: Shape) -> str:
        return f"{self.head}({self.of.entry(row, column, shape)})"


class Letters(Struct, frozen=True):
    """A given array with letters among its entries, each by its own; `upper` is set above each of them."""

    base: Symbol
    cells: tuple[tuple[str | None, ...], ...]
    upper: tuple[str, ...] = ()

    @property
    def _based(self) -> Symbol:
        """The array's own symbol, with what is set above it."""
        base = self.base
        return Plain(base.letter, base.small, (*base.upper, *self.upper)) if isinstance(base, Plain) else base

    def whole(self, *, transposed: bool = False) -> str:
        return self._based.whole(transposed=transposed)

    def entry(self, row: Index, column: Index, shape: Shape) -> str:
        cell = None if isinstance(row, str) or isinstance(column, str) else self.cells[row][column]
        if cell is not None:
            return _with(cell, r",\,".join(self.upper), "")
        return self._based.entry(row, column, shape)


def below(symbol: Gradient | Partial, of: Symbol) -> Gradient | Partial:
    """The same derivative, by `of`."""
    return Gradient(symbol.loss, of) if isinstance(symbol, Gradient) else Partial(symbol.above, of)


def _with(letter: str, upper: str, lower: str) -> str:
    """A letter with its indices; a letter that has indices of its own is put in braces."""
    if (upper and "^" in letter) or (lower and "_" in letter):
        letter = f"{{{letter}}}"
    return letter + (f"^{{{upper}}}" if upper else "") + (f"_{{{lower}}}" if lower else "")
