"""What the page of a proof tells: the points, the model, the conditions, and a separator or the contradiction."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from itertools import product

import numpy as np
from msgspec import Struct

from stepwise.derivation.separability import CLASSES
from stepwise.derivation.symbols import Symbols
from stepwise.document.inequalities import ABOVE, AT_MOST, IMPLIES, Inequalities, numbered
from stepwise.document.leaves import NumberLeaves, SymbolLeaves
from stepwise.document.operands import Views
from stepwise.document.page import beside, chosen
from stepwise.document.phrases import Math, Phrase, phrase
from stepwise.document.point_tables import check_table, in_lines, points_table
from stepwise.document.tables import CELL_WIDTH, Cell, Table, Tables
from stepwise.errors import UnsupportedError
from stepwise.expressions import entry
from stepwise.notation.formulas import write
from stepwise.notation.heads import RELATIONS
from stepwise.notation.layout import Chain, displays
from stepwise.notation.widths import width
from stepwise.notation.written import Written, atom
from stepwise.operations.activations.step import STEP
from stepwise.operations.perceptron import prediction
from stepwise.trace import Quantity, Trace, symbol_text

_LARGEST_TOTAL = 10**12
"""A mean of more points than this, counted as often as they are taken, is not written down: nobody reads it."""


class Combination(Struct, frozen=True):
    """The conditions of one class that are taken: what is done with them, each so often, and their sum."""

    said: Phrase
    rows: Sequence[str]
    total: Sequence[str]
    """Empty where only one condition is taken."""


def alone(written: Written) -> list[str]:
    """A formula in lines of its own."""
    return [text.strip() for text in displays([Chain("", (("", written),))])]


class ProofPage:
    """Everything the story of a proof needs, computed when it asks for it."""

    def __init__(self, trace: Trace, detail: str, only: Sequence[str] = (), until: str | None = None) -> None:
        self.trace, self.problem = trace, trace.problem
        self.full = detail == "full"
        self.cut = bool(only) or until is not None
        self.separable = "w" in trace
        self._chosen = chosen(trace, only, until)
        self._write = Inequalities(trace)
        self._views = Views(trace)
        labels = trace.quantities["y"].value
        assert labels is not None
        self._labels = [bool(label) for label in labels.reshape(-1)]
        self._check_proof()

    def _check_proof(self) -> None:
        """Nothing is claimed that the numbers of the trace do not bear out, whoever changed them."""
        pairs = [("yhat", "y")] if self.separable else [("sum_ones", "sum_zeros"), ("total_ones", "total_zeros")]
        if not all(np.array_equal(self.trace[left], self.trace[right]) for left, right in pairs):
            raise UnsupportedError("the numbers of this trace prove nothing")

    # ---- what is given

    @property
    def setup(self) -> list[Phrase]:
        """The model and the data in short lines."""
        return [phrase("setup.unit", count=self._write.size), phrase("setup.points", count=len(self._labels))]

    @property
    def points_said(self) -> Phrase:
        """What the table is."""
        rows = self._coordinates
        every = sorted(rows) == sorted(product((Fraction(0), Fraction(1)), repeat=self._write.size))
        return phrase("table.truth" if every else "table.points")

    @property
    def _coordinates(self) -> list[tuple[Fraction, ...]]:
        values = self._write.points.value
        assert values is not None
        return [tuple(row) for row in values]

    @cached_property
    def points(self) -> Table:
        """The points with their labels, numbered."""
        letters = [self._write.letter("x", place) for place in range(self._write.size)]
        return points_table(self.trace, self._views, [*letters, self._label()])

    @property
    def points_in_lines(self) -> list[str]:
        """The same in lines, where the numbers are too long for a table; else none."""
        return in_lines(self.points, self._label())

    def _label(self) -> str:
        symbol = self.trace.quantities["y"].symbol
        assert symbol is not None
        return symbol.entry(0, 0, (1, 1))

    # ---- the model and what the points ask of it

    @property
    def model(self) -> list[str]:
        """y = step(w·x + b), and the step function."""
        first, *rest = self._write.general.parenthesised().parts
        whole = Chain(self._label(), (("=", Written((STEP.head + first, *rest))),))
        symbol = Symbols(self.problem).letter("score", "z")
        cases = write(prediction("0").tree, SymbolLeaves({"z": symbol}, {"z": (1, 1)}))
        return [*displays([whole]), *displays([Chain(f"{STEP.head}({symbol.whole()})", (("=", cases),))])]

    @property
    def unknowns(self) -> tuple[Math, ...]:
        """The weights and the bias, as letters."""
        return tuple(map(Math, self._write.unknowns))

    @property
    def conditions(self) -> list[str]:
        """What every point asks of them."""
        chains = [
            self._write.condition(point, ABOVE if label else AT_MOST, whole=self.full)
            for point, label in enumerate(self._labels)
        ]
        return displays(chains, beside=False)

    # ---- the contradiction

    def _numbers(self, name: str) -> dict[int, int]:
        """The points of a class that are taken, each so often."""
        values = self.trace.quantities[f"u_{name}"].value
        assert values is not None
        return {point: int(value) for point, value in enumerate(values.reshape(-1)) if value}

    @property
    def combinations(self) -> list[Combination]:
        """The conditions that are added, of the ones and of the zeros."""
        return [self._combination(name) for name in CLASSES]

    def _combination(self, name: str) -> Combination:
        taken = self._numbers(name)
        relation = ABOVE if name == "ones" else AT_MOST
        chains = []
        for point, times in taken.items():
            number = numbered(point) if times == 1 else rf"{times} \times {numbered(point)}"
            left = self._write.fitting(Written((number,)))
            chains.append(
                Chain(number, ((r":\quad", self._write.compared(self._write.at(point, times), relation)),), left=left)
            )
        total = self._write.compared(self._side(name), relation)
        return Combination(
            self._said(name, taken), displays(chains, beside=False), alone(total) if len(taken) > 1 else ()
        )

    def _said(self, name: str, taken: dict[int, int]) -> Phrase:
        label = Math(CLASSES[name])
        conditions = tuple(Math(numbered(point)) for point in taken)
        if len(taken) == 1:
            one = {} if (once := set(taken.values()) == {1}) else {"multipliers": self._multipliers}
            return phrase("combine.single" if once else "combine.times", label=label, condition=conditions[0], **one)
        more = {} if (added := set(taken.values()) == {1}) else {"multipliers": self._multipliers}
        return phrase("combine.added" if added else "combine.weighted", label=label, conditions=conditions, **more)

    @property
    def _multipliers(self) -> Math:
        """u with its numbers, where they are not too long for a sentence."""
        text = f"{self.multipliers.latex} = {Tables(self.trace, self._views).listed(self.trace.quantities['u'])}"
        return Math(text) if width(text) <= CELL_WIDTH else self.multipliers

    def _side(self, name: str) -> Written:
        """The left side of a sum of conditions."""
        weights, bias = self.trace.quantities[f"sum_{name}"].value, self.trace.quantities[f"total_{name}"].value
        assert weights is not None
        assert bias is not None
        return self._write.linear(list(weights.reshape(-1)), bias[0, 0])

    @property
    def contradiction(self) -> list[str]:
        """0 < E ≤ 0."""
        side = self._write.fitting(self._side("ones"))
        return displays([Chain("0", (("<", side), (RELATIONS[AT_MOST], atom("0"))))])

    @property
    def equal_points(self) -> tuple[Math, Math] | None:
        """Two points that are equal and have different labels."""
        ones, zeros = (list(self._numbers(name)) for name in CLASSES)
        if len(ones) > 1 or len(zeros) > 1 or self._coordinates[ones[0]] != self._coordinates[zeros[0]]:
            return None
        first, second = sorted((ones[0], zeros[0]))
        return Math(numbered(first)), Math(numbered(second))

    @property
    def object(self) -> Phrase:
        """What separates points: a threshold, a line, a plane, a hyperplane."""
        return phrase(f"object.{('one', 'two', 'three', 'more')[min(self._write.size, 4) - 1]}")

    @property
    def multipliers(self) -> Math:
        """The letter for how often the conditions are taken."""
        return Math(symbol_text(self.trace.quantities["u"]))

    @property
    def means(self) -> list[str]:
        """The point that is a mean of the ones and of the zeros, where its numbers are short enough to be read."""
        taken = [self._numbers(name) for name in CLASSES]
        if max(sum(numbers.values()) for numbers in taken) > _LARGEST_TOTAL:
            return []
        chains = []
        for name, numbers in zip(CLASSES, taken, strict=True):
            quantity = self.trace.quantities[f"mean_{name}"]
            assert quantity.value is not None
            mean = self._write.point(list(quantity.value.reshape(-1)))
            written = self._write.mean(numbers)
            stages = [written] if written.latex == mean.latex else [written, mean]
            chains.append(Chain(symbol_text(quantity), tuple(("=", stage) for stage in stages)))
        return displays(chains, beside=False)

    # ---- the separator

    @property
    def one_label(self) -> bool:
        """Whether there is nothing to separate."""
        return len(set(self._labels)) == 1

    @property
    def found(self) -> list[str]:
        """The weights and the bias that were found."""
        views = [self._views.of(self.trace.quantities[name]) for name in ("w", "b")]
        numbers = [*(views[0].text(place, 0) for place in range(self._write.size)), views[1].text(0, 0)]
        pairs = zip(self._write.unknowns, numbers, strict=True)
        return beside([f"{letter} = {text}" for letter, text in pairs])

    @property
    def boundary(self) -> list[str]:
        """2x₁ + 2x₂ − 3 = 0."""
        weights, bias = self.trace.quantities["w"].value, self.trace.quantities["b"].value
        assert weights is not None
        assert bias is not None
        left = self._write.linear(list(weights.reshape(-1)), bias[0, 0], of="x")
        return alone(Written((*left.parts[:-1], f"{left.parts[-1]} = 0")))

    @property
    def checks(self) -> list[str]:
        """The sum at every point, its sign, and what the step function makes of it."""
        step = self.trace.derivation.steps["score"]
        leaves = NumberLeaves(
            {name: self._views.of(self.trace.quantities[name]) for name in ("w", "x", "b")},
            self.problem.notation.product,
        )
        chains = []
        for point, score_value in enumerate(self.trace["score"].reshape(-1)):
            score, predicted, label = (self._entry(name, point) for name in ("score", "yhat", "y"))
            sign = RELATIONS[ABOVE if score_value > 0 else AT_MOST]
            result = rf"{score[1]} {sign} 0 {IMPLIES} {predicted[0]} = {predicted[1]} = {label[0]}"
            put_in = write(entry(step.tree, point, 0, leaves.shapes), leaves)
            chains.append(Chain(score[0], (("=", put_in), ("=", atom(result)))))
        return displays(chains, beside=False)

    def _entry(self, name: str, point: int) -> tuple[str, str]:
        """One number of a quantity: its symbol and its value."""
        quantity = self.trace.quantities[name]
        assert quantity.symbol is not None
        return quantity.symbol.entry(point, 0, quantity.shape), self._views.of(quantity).text(point, 0)

    @property
    def check_table(self) -> Table:
        """Point, sum, prediction and label."""
        return check_table(self.trace, self._views)

    # ---- results

    @property
    def results(self) -> Table | None:
        """What was found and what was calculated from it."""
        tables = Tables(self.trace, self._views)

        listed = [
            (quantity, tables.listed(quantity))
            for quantity in self.trace.quantities.values()
            if quantity.id in self._chosen and self._is_result(quantity)
        ]
        # of some not even one number fits
        rows: list[list[Cell]] = [
            [Math(symbol_text(quantity)), quantity.id, Math(text)]
            for quantity, text in listed
            if width(text) <= CELL_WIDTH
        ]
        return Table([phrase("results.symbol"), phrase("results.id"), phrase("results.value")], rows) if rows else None

    def _is_result(self, quantity: Quantity) -> bool:
        return self.cut or (quantity.symbol is not None and quantity.id not in ("x", "y"))
