"""Derivation → Trace: every line evaluated, iteration after iteration."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field
from msgspec.structs import replace

from stepwise.derivation import Derivation, Step, plan
from stepwise.expressions import Arithmetic, FloatArithmetic, evaluate, shape_of
from stepwise.expressions.floats import all_finite
from stepwise.notation.numbers import every, same
from stepwise.notation.symbols import Plain
from stepwise.problem.model import Problem
from stepwise.trace.arithmetic import HandArithmetic, digits_in, not_finite
from stepwise.trace.effort import batches, check_effort
from stepwise.trace.givens import Start, count, starts
from stepwise.trace.noise import without_noise
from stepwise.trace.trace import Quantity, Trace

if TYPE_CHECKING:
    from stepwise.trace.forms import Forms
    from stepwise.trace.unshown import Unshown

SHOWN_FIRST = 2
"""So many iterations are kept whole, and the last; three or fewer are all kept."""

_DATA = ("x", "x_raw", "y")
_SMALL_ARRAY = 4096
"""Beyond this many numbers nobody reads a 0 that came out as 1e-17."""

Mask = npt.NDArray[np.bool_]


class _Values(Struct):
    """What the lines so far have given, by quantity id without iteration."""

    shapes: dict[str, tuple[int, int]] = field(default_factory=dict)
    numbers: dict[str, npt.NDArray[Any]] = field(default_factory=dict)
    unrounded: dict[str, Mask] = field(default_factory=dict)
    true: dict[str, Mask] = field(default_factory=dict)
    padding: dict[str, int] = field(default_factory=dict)

    def start(self, name: str, start: Start) -> None:
        self.shapes[name] = start.shape
        self.true.pop(name, None)
        if start.values is not None:
            self.numbers[name] = start.values

    def copy(self, name: str, source: str) -> None:
        """`name` becomes what `source` is: a parameter carried into the next iteration."""
        stores: tuple[dict[str, Any], ...] = (self.shapes, self.numbers, self.true, self.unrounded, self.padding)
        for store in stores:
            if source in store:
                store[name] = store[source]


def solve(problem: Problem, forms: Forms | None = None) -> Trace:
    """Work a problem out: plan its lines and evaluate them in its arithmetic (exact or hand).

    With `forms` the values are sympy objects and nothing is rounded: `"letters"` puts a letter in place of every
    number, `"forms"` keeps the numbers and what is exact of them (1/(1 + e⁻¹), 2/3). A problem that has letters of its
    own is worked in forms anyway. Raises UnsupportedError where that would be too long to read, or a letter would
    have to decide what comes next.
    """
    asked = None
    if forms is not None or problem.has_letters:
        from stepwise.trace.forms import forms_asked

        asked = forms_asked(problem, forms)
    return _Run(problem, plan(problem), asked, every=forms == "letters").trace()


def solve_planned(problem: Problem, derivation: Derivation) -> Trace:
    """The same in numbers, by a derivation that has lines of its own beside those of the problem."""
    return _Run(problem, derivation, None, every=False).trace()


class _Run:
    def __init__(self, problem: Problem, derivation: Derivation, forms: Forms | None, *, every: bool) -> None:
        iterations = check_effort(problem, derivation)
        self.problem = problem
        self.derivation = derivation
        self.forms = forms
        self.hand = problem.rounding.carry and forms is None
        self.digits = digits_in(problem, derivation)
        self.arithmetic: Arithmetic = HandArithmetic(self.digits) if self.hand else FloatArithmetic()
        self.rational = problem.model == "separability"
        if self.rational:
            from stepwise.expressions.rationals import RationalArithmetic
            from stepwise.trace.rational import rational_starts

            self.arithmetic, self.starts = RationalArithmetic(), rational_starts(problem)
        else:
            self.starts = starts(problem)
        self.count = count
        if forms is not None:
            # numbers do not wait for what letters need
            from stepwise.trace import forms as in_forms

            in_forms.check_size(problem, iterations)
            self.symbolic = in_forms.arithmetic_for(problem)
            self.starts = in_forms.form_starts(problem, derivation, every=every)
            self.count = lambda number: in_forms.of_start(count(number))
        self.has_numbers = problem.has_numbers
        self.large = self.has_numbers and any(
            rows * columns > _SMALL_ARRAY for rows, columns in (start.shape for start in self.starts.values())
        )
        self.values = _Values()
        self.quantities: dict[str, Quantity] = {}
        self.history: dict[str, list[npt.NDArray[Any]]] = {name: [] for name in derivation.history}
        self.unshown: Unshown | None = None
        self.history_true: dict[str, list[Mask]] = {name: [] for name in derivation.history}

    def trace(self) -> Trace:
        slices = batches(self.problem, self.derivation)
        total = len(slices)
        kept = tuple(range(1, total + 1)) if total <= SHOWN_FIRST + 1 else (*range(1, SHOWN_FIRST + 1), total)
        if self.large:
            from stepwise.trace.unshown import keep_freed_memory

            keep_freed_memory()
        with np.errstate(all="ignore"):
            self._givens()
            self._evaluate(self.derivation.before, None)
            self._prepare_samples()
            for number, chosen in enumerate(slices, 1):
                if number in kept or not self._worked_in_place(number, chosen):
                    self._iteration(number, chosen, keep=number in kept, several=total > 1)
            if self.derivation.after:
                self._samples(slice(None))
                self._evaluate(self.derivation.after, None)
        if total > 1:
            self._last_parameters()
        if self.forms is not None:
            self._spell_out()
        history = {name: np.array(values) for name, values in self.history.items() if values}
        true = {name: np.array(values) for name, values in self.history_true.items() if values}
        name: str = self.forms or ("rational" if self.rational else "hand" if self.hand else "exact")
        if not self.problem.has_numbers:
            name = "shapes"
        return Trace(self.problem, self.derivation, name, self.quantities, total, kept, history, true)

    def _givens(self) -> None:
        for name, given in self.derivation.givens.items():
            if name in self.starts:
                start = self.starts[name]
                self.values.start(name, start)
                # where a line takes one sample, the file's list of samples has an axis more
                rank = max(given.rank, sum(length > 1 for length in start.shape)) if name in _DATA else given.rank
                symbol = given.symbol
                if rank > given.rank and symbol == Plain("x", "x"):
                    symbol = Plain("X", "x")
                self.quantities[name] = Quantity(name, name, start.shape, rank, symbol, start.values, texts=start.texts)

    def _prepare_samples(self) -> None:
        """Inputs that were preprocessed are computed numbers from here on."""
        if "x" not in self.starts:
            self.starts["x"] = Start(self.values.shapes["x"], self.values.numbers.get("x"), None)
        self._true_x = self.values.true.get("x")

    def _samples(self, chosen: slice) -> int:
        """Put the chosen samples in place; their number."""
        axis = 1 if self.problem.layout == "column" else 0
        part = self.starts["x"].samples(axis, chosen)
        self.values.start("x", part)
        if self._true_x is not None:
            self.values.true["x"] = self._true_x[(slice(None), chosen) if axis == 1 else (chosen, slice(None))]
        if "y" in self.starts:
            self.values.start("y", self.starts["y"].samples(axis, chosen))
        self.values.start("N", self.count(part.shape[axis]))
        return part.shape[axis]

    def _iteration(self, number: int, chosen: slice, *, keep: bool, several: bool) -> None:
        self._samples(chosen)
        self.values.start("t", self.count(number))
        if several and keep:
            self._keep_operands(number, chosen)
        elif "t" in self.derivation.givens:
            self._keep_start("t", "t", self.count(number), None)
        self._evaluate(self.derivation.each, (number if several else None), keep=keep)
        for name, values in self.history.items():
            if name in self.values.numbers:
                values.append(self.values.numbers[name])
                if self.hand:
                    self.history_true[name].append(self.values.true[name])
        for parameter, new in self.derivation.carried.items():
            self.values.copy(parameter, new)

    def _worked_in_place(self, number: int, chosen: slice) -> bool:
        """Work an iteration that is not shown in the memory of those before, where its arrays are large."""
        if self.unshown is None:
            if not self.large or type(self.arithmetic) is not FloatArithmetic or self.forms is not None:
                return False
            from stepwise.trace.unshown import Unshown, can_be_worked_in_place

            if not can_be_worked_in_place(self.derivation):
                return False
            self.unshown = Unshown(self.problem, self.derivation, self.starts, self.values.numbers)
            self.values.numbers |= self.unshown.parameters
        results = self.unshown.work(number, chosen)
        for name, values in self.history.items():
            values.append(results[name].copy())
        return True

    def _keep_start(self, identifier: str, name: str, start: Start, iteration: int | None) -> None:
        given = self.derivation.givens[name]
        self.quantities[identifier] = Quantity(
            identifier,
            name,
            start.shape,
            given.rank,
            given.symbol,
            start.values,
            None,
            start.texts,
            iteration=iteration,
        )

    def _keep_operands(self, number: int, chosen: slice) -> None:
        """The samples of this iteration, and the parameters it starts from."""
        axis = 1 if self.problem.layout == "column" else 0
        data = [name for name in ("x", "y") if name in self.starts]
        parts: dict[str, Start] = {name: self.starts[name].samples(axis, chosen) for name in data}
        parts |= {"N": self.count(self.values.shapes["x"][axis]), "t": self.count(number)}
        for name, start in parts.items():
            if name in self.derivation.givens:
                self._keep_start(f"t{number}.{name}", name, start, number)
            elif name == "x":
                self._keep_computed(f"t{number}.x", "x", self.derivation.steps["x"], number, name="x")
        if number > 1:
            for parameter, new in self.derivation.carried.items():
                symbol = self.derivation.givens[parameter].symbol
                self._keep_computed(f"t{number}.{parameter}", parameter, None, number, name=new, symbol=symbol)

    def _keep_computed(
        self,
        identifier: str,
        source: str,
        step: Step | None,
        iteration: int | None,
        *,
        name: str,
        symbol: object = None,
        result: bool = False,
    ) -> None:
        rank = step.rank if step else self.derivation.givens[source].rank
        self.quantities[identifier] = Quantity(
            identifier,
            name,
            self.values.shapes[source],
            rank,
            symbol if step is None else step.symbol,  # type: ignore[arg-type]
            self.values.numbers.get(source),
            step if result else None,
            true=self.values.true.get(source) if self.hand else None,
            unrounded=self.values.unrounded.get(source) if self.hand else None,
            padding=self.values.padding.get(source) if self.hand else None,
            iteration=iteration,
        )

    def _evaluate(self, steps: Iterable[Step], iteration: int | None, *, keep: bool = True) -> None:
        values = self.values
        for step in steps:
            if self.has_numbers:
                self._number(step)
            else:
                values.shapes[step.id] = shape_of(step.tree, values.shapes)
            if keep:
                identifier = step.id if iteration is None else f"t{iteration}.{step.id}"
                self.quantities[identifier] = Quantity(
                    identifier,
                    step.id,
                    values.shapes[step.id],
                    step.rank,
                    step.symbol,
                    values.numbers.get(step.id),
                    step,
                    unrounded=values.unrounded.get(step.id),
                    true=values.true.get(step.id),
                    padding=values.padding.get(step.id),
                    iteration=iteration,
                )

    def _number(self, step: Step) -> None:
        values = self.values
        if self.forms is not None:
            from stepwise.trace.forms import carried, form_of

            form = carried(form_of(self.problem, step, values.numbers, self.symbolic), self.symbolic)
            values.numbers[step.id], values.shapes[step.id] = form, (form.shape[0], form.shape[1])
            return
        if self.rational:
            exact = np.asarray(evaluate(step.tree, values.numbers, self.arithmetic), dtype=object)
            values.numbers[step.id], values.shapes[step.id] = exact, (exact.shape[0], exact.shape[1])
            return
        result = np.asarray(evaluate(step.tree, values.numbers, self.arithmetic), dtype=float)
        if result.size <= _SMALL_ARRAY:
            result = without_noise(step.tree, result, values.numbers)
        kept = np.asarray(self.arithmetic.finish(step.id, result))
        if not all_finite(kept):
            raise not_finite(step, self.problem)
        values.numbers[step.id] = kept
        values.shapes[step.id] = (kept.shape[0], kept.shape[1])
        if self.hand:
            unrounded = same(result, kept)
            values.unrounded[step.id] = unrounded
            whole = all(every(values.true[name]) for name in step.numbers_from if name in values.true)
            # a zero that was not rounded is a true zero: 0 × 0.536
            values.true[step.id] = unrounded & (whole | (kept == 0))
            values.padding[step.id] = self._padding(step, rounded_here=not every(unrounded))

    def _padding(self, step: Step, *, rounded_here: bool) -> int:
        """The decimals a line's unrounded results keep: as many as its rounded operands are printed with."""
        own = self.digits(step.id).count
        inherited = [
            self.values.padding.get(name, 0)
            for name in step.numbers_from
            if name in self.values.true and not every(self.values.true[name])
        ]
        return own if rounded_here else min(own, max(inherited, default=0))

    def _spell_out(self) -> None:
        """What was calculated with stands-ins, as it is."""
        from stepwise.trace.forms import spelt_out

        for name, quantity in self.quantities.items():
            if quantity.value is not None:
                self.quantities[name] = replace(quantity, value=spelt_out(quantity.value, self.symbolic))
        for values in self.history.values():
            values[:] = [spelt_out(value, self.symbolic) for value in values]

    def _last_parameters(self) -> None:
        """The unprefixed `W1_new` is what the last iteration left."""
        for new in self.derivation.carried.values():
            step = self.derivation.steps[new]
            self._keep_computed(new, new, step, None, name=new, result=True)
