"""A trace: a derivation with the value of every quantity under one arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field

from stepwise.derivation import Derivation, Step
from stepwise.notation.numbers import Digits, Printed, print_array
from stepwise.notation.symbols import Symbol
from stepwise.problem.model import Problem
from stepwise.trace.arithmetic import DigitsOf, digits_in

Array = npt.NDArray[Any]
_SMALL = 25
"""So many numbers are always printed whole."""


class Quantity(Struct, frozen=True, eq=False):
    """One quantity of a trace.

    `value` has two axes, as on paper (None where only the shape is known). `texts` holds numbers as typed; None where
    they were computed. `unrounded` says where the line's result was not rounded, `true` where the printed value is the
    true one: nothing was rounded on the way to it. Both are None in exact arithmetic, which rounds only in print.
    `padding` is how many decimals an unrounded value keeps that was computed from rounded ones (1 − 0.690 is 0.310).
    """

    id: str
    name: str
    """The id without the iteration: `z1` for `t2.z1`."""
    shape: tuple[int, int]
    rank: int
    symbol: Symbol | None
    value: Array | None
    step: Step | None = None
    texts: npt.NDArray[np.object_] | None = None
    unrounded: npt.NDArray[np.bool_] | None = None
    true: npt.NDArray[np.bool_] | None = None
    padding: int | None = None
    iteration: int | None = None

    @property
    def given(self) -> bool:
        return self.step is None

    @property
    def phase(self) -> str:
        return "given" if self.step is None else self.step.phase

    def edge(self, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """An array as the user sees it: a vector has one axis, a number none."""
        if self.rank == 0:
            return array.reshape(())
        return array.reshape(-1) if self.rank == 1 else array


def symbol_text(quantity: Quantity) -> str:
    """The symbol as LaTeX: of the whole, or of the number where there is only one."""
    if quantity.symbol is None:
        return ""
    if quantity.shape == (1, 1):
        return quantity.symbol.entry(0, 0, (1, 1))
    return quantity.symbol.whole()


class Trace(Struct, frozen=True, eq=False, dict=True):
    """Everything that was computed, in the order of the calculation.

    `trace["dW1"]` is the array, `trace.shown("dW1")` its printed text in the same shape. With several iterations their
    quantities are `t1.z1`, `t2.z1` …; of those only the ones that are shown are kept, with the `history` of all: for a
    quantity name, one value an iteration.
    """

    problem: Problem
    derivation: Derivation
    arithmetic: str
    quantities: Mapping[str, Quantity]
    iterations: int = 1
    kept: tuple[int, ...] = (1,)
    history: Mapping[str, Array] = field(default_factory=dict)
    history_true: Mapping[str, npt.NDArray[np.bool_]] = field(default_factory=dict)
    """In hand arithmetic, where a value of the history was not rounded on the way to it."""

    def __getitem__(self, name: str) -> Array:
        quantity = self.quantity(name)
        if quantity.value is None:
            raise KeyError(f"{name} has a shape but no numbers")
        return quantity.edge(quantity.value)

    def __contains__(self, name: object) -> bool:
        return name in self.quantities

    def __iter__(self) -> Iterator[str]:
        return iter(self.quantities)

    def quantity(self, name: str) -> Quantity:
        """The quantity by its id; KeyError where there is none."""
        return self.quantities[name]

    @property
    def in_forms(self) -> bool:
        """Whether the values are sympy objects: letters, or exact forms of numbers."""
        return self.arithmetic in ("letters", "forms")

    @cached_property
    def digits(self) -> DigitsOf:
        """How finely each quantity is printed, by its name without the iteration."""
        return digits_in(self.problem, self.derivation)

    def printed(self, quantity: Quantity, guard: int = 0) -> Printed:
        """A quantity as printed, with `guard` digits more than its own."""
        assert quantity.value is not None
        if guard == 0 and quantity.id in self._small and self.quantities[quantity.id].value is quantity.value:
            return self._small[quantity.id]
        if quantity.texts is not None:
            return Printed(quantity.value, quantity.texts, np.ones(quantity.shape, dtype=bool))
        if quantity.value.dtype == object:
            return Printed(quantity.value, self._exact_texts(quantity.value), np.ones(quantity.shape, dtype=bool))
        digits: Digits = self.digits(quantity.name)
        trailing = self.problem.rounding.trailing_zeros
        return print_array(
            quantity.value,
            digits,
            trailing=trailing,
            guard=guard,
            exact=quantity.true,
            unrounded=quantity.unrounded,
            padding=quantity.padding,
        )

    @cached_property
    def _small(self) -> Mapping[str, Printed]:
        """The small computed quantities as printed: of few numbers many are printed as quickly as one."""
        groups: dict[tuple[object, ...], list[Quantity]] = {}
        for one in self.quantities.values():
            if one.texts is None and one.value is not None and one.value.dtype != object and one.value.size <= _SMALL:
                lacking = one.true is None, one.unrounded is None, one.padding is None
                groups.setdefault((self.digits(one.name), *lacking), []).append(one)
        found: dict[str, Printed] = {}
        for group in groups.values():
            printed = self._print_together(group)
            start = 0
            for one in group:
                found[one.id] = printed.part(start, one.shape)
                start += one.shape[0] * one.shape[1]
        return found

    def _print_together(self, group: Sequence[Quantity]) -> Printed:
        """All numbers of some quantities in one list."""

        def listed(name: str) -> Any:
            arrays = [getattr(one, name) for one in group]
            return None if arrays[0] is None else np.concatenate([np.ravel(array) for array in arrays])

        padding = [np.full(one.shape, one.padding).ravel() for one in group if one.padding is not None]
        return print_array(
            listed("value"),
            self.digits(group[0].name),
            trailing=self.problem.rounding.trailing_zeros,
            exact=listed("true"),
            unrounded=listed("unrounded"),
            padding=np.concatenate(padding) if padding else None,
        )

    def _exact_texts(self, value: Array) -> npt.NDArray[np.object_]:
        if self.in_forms:
            from stepwise.trace.forms import form_texts

            return form_texts(value)
        from stepwise.trace.rational import texts_of

        return texts_of(value, self.problem)

    def shown(self, name: str) -> Any:
        """The printed text of a quantity: a text, or nested lists of texts in the shape of the value."""
        quantity = self.quantity(name)
        return quantity.edge(self.printed(quantity).texts).tolist()
