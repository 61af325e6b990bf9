"""Which symbol a quantity of a problem has: the usual letters, or those of the file."""

from __future__ import annotations

from msgspec.structs import replace

from stepwise.notation.symbols import Gradient, Partial, Plain, Symbol
from stepwise.problem.model import Problem

_CAPITALS = {"x": "X", "z": "Z", "a": "A", "y": "Y", r"\delta": r"\Delta", "s": "s", "m": "m"}
_NUMBERS = {"lr": r"\eta", "l2": r"\lambda", "N": "N", "t": "t"}


class Symbols:
    """The symbols of one problem. Batches have capitals (X, Z, A); layers are numbered where there are several."""

    def __init__(self, problem: Problem) -> None:
        self._custom = {name: _word(symbol) for name, symbol in problem.notation.symbols.items()}
        self._layers = len(problem.layers)
        self._batch = not problem.single and problem.model == "network"
        self.loss = self._custom.get("J", "J") if problem.l2 else self._custom.get("L", "L")

    def plain(self, name: str, letter: str, layer: int | None = None, *, parameter: bool = False) -> Plain:
        """The symbol of quantity `name`, usually `letter` with the layer above it."""
        custom = self._custom.get(name) or (self._custom.get("label") if name == "y" else None)
        if custom:
            return Plain(custom, custom)
        upper = (f"({layer})",) if layer is not None and self._layers > 1 else ()
        whole = letter
        if parameter:
            letter = letter.lower()
        elif self._batch:
            whole = _CAPITALS.get(letter, letter)
        return Plain(whole, letter, upper)

    def number(self, name: str) -> Plain:
        letter = self._custom.get(name, _NUMBERS.get(name, name))
        return Plain(letter, letter)

    def parameter(self, name: str, layer: int) -> Plain:
        """`W1`, `b2`."""
        return self.plain(name, name[0], layer, parameter=True)

    def gradient(self, of: Symbol) -> Symbol:
        return Gradient(self.loss, of)

    def loss_by(self, of: Symbol, *, each: bool = False) -> Symbol:
        """∂L/∂a; over a batch ∂ℓ/∂a, the derivative of `each` sample's own loss."""
        return Partial(self._custom.get("losses", r"\ell") if each else self._custom.get("L", "L"), of)

    def partial(self, above: Symbol, below: Symbol) -> Symbol:
        return Partial(above, below)

    def letter(self, name: str, letter: str, *, new: bool = False) -> Plain:
        """A letter that stands for itself in every problem: `L`, `J`, the losses of the samples."""
        custom = self._custom.get(name, letter)
        symbol = Plain(custom, custom)
        return symbol.renewed() if new else symbol

    def named(self, name: str, symbol: Symbol | None) -> Symbol | None:
        """The file's symbol for `name`, where it has one."""
        custom = self._custom.get(name)
        return Plain(custom, custom) if custom else symbol


def _word(symbol: str) -> str:
    """A symbol of several letters is one word, not a product: net, out."""
    return rf"\mathit{{{symbol}}}" if len(symbol) > 1 and symbol.isascii() and symbol.isalpha() else symbol


def renewed(symbol: Plain, suffix: str) -> Plain:
    """The symbol of a quantity computed again with the new parameters."""
    return symbol.renewed() if suffix else replace(symbol)
