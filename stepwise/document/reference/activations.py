"""The sheet of activations: formula, derivative, range, and what each is good for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from stepwise.derivation.network import constants
from stepwise.document.phrases import Math, Phrase, Slot, phrase
from stepwise.document.reference.sheet import Sheet
from stepwise.document.reference.writing import formula, in_one, over_units, tall
from stepwise.document.tables import Cell, Table
from stepwise.expressions import Const, Expr, Func, Ref, bind, exp, ref
from stepwise.notation.delimiters import interval, set_of
from stepwise.operations.activation import Activation
from stepwise.operations.activations import ACTIVATIONS
from stepwise.problem.model import Choice, Number

SPELLED_OUT: Mapping[str, Callable[[Expr], Expr]] = {
    "tanh": lambda z: (exp(z) - exp(-z)) / (exp(z) + exp(-z)),
}
"""What a function whose name says it all is in exponentials."""
_CHARACTER = ("strength", "weakness", "use")


def letters_of(record: Activation) -> dict[str, Const]:
    """The parameters as letters; one without a letter (the step at 0) as its default."""
    typed = {name: Number(float("nan"), text) for name, text in record.parameters.items()}
    named = constants(Choice(record.name, typed))
    # a letter's text is not a number, so that no formula takes the short form of some default
    return {name: Const(name, const.symbol) if const.symbol else const for name, const in named.items()}


class Activations:
    """What the story tells."""

    @staticmethod
    def math(name: str) -> Math:
        """A letter that the sentences speak of."""
        return Math({"sigma": r"\sigma", "phi": r"\Phi", "zero": "z = 0"}.get(name) or formula(ref(name)))

    @cached_property
    def formulas(self) -> Table:
        """A row for each: f(z), f′(z), the range of a."""
        header: list[Cell] = [_column("name"), Math("f(z)"), Math("f'(z)"), _column("range")]
        rows: list[list[Cell]] = [
            [_with_defaults(record), *map(tall, (self.output(record), self.derivative(record), self.range(record)))]
            for record in ACTIVATIONS.values()
        ]
        return Table(header, rows, (15, 32, 28, 25))

    def character(self, known: Callable[[str], bool]) -> Table:
        """A row for each that has words: strengths, weaknesses, where it is used."""
        header: list[Cell] = [_column("name"), *(_column(what) for what in _CHARACTER)]
        rows: list[list[Cell]] = []
        for name in ACTIVATIONS:
            keys = [f"activations.{what}.{name}" for what in _CHARACTER]
            if all(map(known, keys)):
                rows.append([_named(name), *map(phrase, keys)])
        return Table(header, rows, (13, 30, 31, 26))

    @staticmethod
    def output(record: Activation) -> str:
        """f(z), with the exponentials behind a name."""
        tree = record.output(letters_of(record))
        spelled = SPELLED_OUT.get(tree.name) if isinstance(tree, Func) else None
        # what another function calls σ(z) is written out for the sigmoid itself
        flat = over_units(in_one(tree, by_name=record.name != "sigmoid"))
        text = formula(flat if record.per_unit else bind(flat, {"z": Ref("z_i")}))
        return text if spelled is None else f"{text} = {formula(spelled(ref('z')))}"

    @staticmethod
    def derivative(record: Activation) -> str:
        """f′(z), or the error term of a function that mixes the units."""
        letters = letters_of(record)
        if record.derivative is not None:
            return formula(in_one(record.derivative(letters), lines_of=record.output(letters)))
        assert record.backward is not None
        mixed = bind(over_units(in_one(record.backward)), {name: Ref(f"{name}_i") for name in ("a", "g")})
        return f"{formula(ref('delta_i'))} = {formula(mixed)}"

    @staticmethod
    def range(record: Activation) -> str:
        """The values that a takes, as an interval or a set."""
        if record.bounds is None:
            return r"\text{--}"
        bounds = record.bounds(letters_of(record))
        low, high = (None if end is None else formula(end) for end in (bounds.low, bounds.high))
        if not bounds.between:
            return set_of([end for end in (low, high) if end is not None])
        if bounds.rounded and low is not None:
            # in braces, so that no line ends before the number
            return rf"{interval('m', high, closed=bounds.reached)},\; {{m \approx {low}}}"
        return interval(low, high, closed=bounds.reached)


def _with_defaults(record: Activation) -> Phrase:
    """The name, and the default of every parameter that is a letter in the formulas."""
    texts = [
        f"{const.symbol} = {formula(Const(record.parameters[name]))}"
        for name, const in letters_of(record).items()
        if const.symbol
    ]
    slots: dict[str, Slot] = {"activation": _named(record.name), "parameters": tuple(map(Math, texts))}
    return Phrase("activation.with", slots) if texts else _named(record.name)


def _named(name: str) -> Phrase:
    return phrase(f"activation.{name}")


def _column(name: str) -> Phrase:
    return phrase(f"activations.column.{name}")


SHEET = Sheet("activations", Activations)
