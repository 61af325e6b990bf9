"""The calculation unrolled: every line of every iteration under the id that a student knows it by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field
from msgspec.structs import replace

from stepwise.derivation import Derivation, Step, plan
from stepwise.errors import UnsupportedError
from stepwise.expressions import Expr, Ref, refs, shape_of
from stepwise.problem.model import Problem
from stepwise.trace.effort import batches, check_effort
from stepwise.trace.givens import count, starts
from stepwise.trace.run import SHOWN_FIRST

Shape = tuple[int, int]
Where = tuple[slice, slice]
_RESULTS = re.compile(
    r"x|[za]\d*|score|margin|hinge|yhat|error|L|reg|J|delta\d+|data_grad|d[Ww]\d*|db\d*|[Ww]\d*_new|b\d*_new|[LJ]_new"
)
"""What a person writes down as a result, and a teacher asks for where nobody says otherwise."""
_MOST_LINES = 50_000
"""More lines than this are not worked out for answers: nobody does them by hand."""


def is_result(name: str) -> bool:
    """Whether a quantity (by its name without the iteration) is a result, and not a line on the way to one."""
    return _RESULTS.fullmatch(name) is not None


class Line(Struct, frozen=True, eq=False):
    """One line of one iteration: `id` is what its tree gives.

    `sources` says which quantity each name in the tree (or in the tree of a mistake) means here: `W1` is
    `t1.W1_new` in the second iteration. A line without a step takes its number over, or some of the samples, and
    nobody writes it down.
    """

    id: str
    tree: Expr
    sources: Mapping[str, str]
    shape: Shape
    step: Step | None = None
    iteration: int | None = None
    part: tuple[int, slice] | None = None
    """The axis and the samples that are taken of the operand."""

    @property
    def is_written(self) -> bool:
        """Whether a person writes the line down; not what takes a number over, or some samples."""
        return self.step is not None and self.tree is self.step.tree

    @property
    def name(self) -> str:
        """The id without the iteration."""
        return self.id if self.step is None else self.step.id

    def operands(self, tree: Expr | None = None) -> tuple[str, ...]:
        """The ids that the line (or a mistaken tree in its place) is computed from."""
        return tuple(self.sources.get(name, name) for name in refs(tree or self.tree))


class Calculation(Struct, frozen=True, eq=False, dict=True):
    """All lines of a problem in the order of the calculation, and the numbers they start from."""

    problem: Problem
    derivation: Derivation
    givens: Mapping[str, npt.NDArray[np.float64]]
    lines: tuple[Line, ...]
    kept: tuple[int, ...]
    """The iterations that a page shows."""
    iterations: int
    cuts: Mapping[str, tuple[str, Where]] = field(default_factory=dict)
    """The givens that are a part of another one: the samples of an iteration."""

    def with_givens(self, changed: Mapping[str, npt.NDArray[np.float64]]) -> Calculation:
        """The same calculation from other numbers of the same shapes; leading axes stand for many at once."""
        givens = {**self.givens, **changed}
        givens |= {name: givens[whole][..., *where] for name, (whole, where) in self.cuts.items() if whole in changed}
        return replace(self, givens=givens)

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Where each line stands."""
        return {line.id: place for place, line in enumerate(self.lines)}


def calculation(problem: Problem) -> Calculation:
    """Every line of the problem. Raises UnsupportedError where there is nothing to compute with numbers."""
    if problem.model == "separability":
        raise UnsupportedError(f"{problem.name}: a proof has no numbers to fill in (other models have)")
    if not problem.has_numbers:
        raise UnsupportedError(f"{problem.name}: this problem has only shapes, and answers are numbers")
    if problem.has_letters:
        raise UnsupportedError(f"{problem.name}: letters stand in place of numbers, and answers are numbers")
    return _Unrolling(problem, plan(problem)).calculation()


class _Unrolling(Struct):
    problem: Problem
    derivation: Derivation
    givens: dict[str, npt.NDArray[Any]] = field(default_factory=dict)
    shapes: dict[str, Shape] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    cuts: dict[str, tuple[str, Where]] = field(default_factory=dict)

    def calculation(self) -> Calculation:
        problem = self.problem
        for name, start in starts(problem).items():
            assert start.values is not None
            self._given(name, start.values)
        self._add(self.derivation.before, {}, None)
        total = check_effort(problem, self.derivation)
        if total * len(self.derivation.each) > _MOST_LINES:
            raise UnsupportedError(
                f"{problem.name}: {total * len(self.derivation.each):,} lines are too many to mark "
                f"(at most {_MOST_LINES:,}: write fewer epochs, or larger batches)"
            )
        slices = batches(problem, self.derivation)
        kept = tuple(range(1, total + 1)) if total <= SHOWN_FIRST + 1 else (*range(1, SHOWN_FIRST + 1), total)
        parameters: dict[str, str] = {}
        names: dict[str, str] = {}
        for number, chosen in enumerate(slices, 1):
            names = self._iteration(number, chosen, parameters, several=total > 1)
            parameters = {old: names[new] for old, new in self.derivation.carried.items()}
        if total > 1:
            self._last(names)
        self._add(self.derivation.after, self._after(names), None)
        return Calculation(problem, self.derivation, self.givens, tuple(self.lines), kept, total, self.cuts)

    def _given(self, name: str, values: npt.NDArray[Any]) -> None:
        self.givens[name] = values
        self.shapes[name] = (values.shape[0], values.shape[1])

    def _iteration(self, number: int, chosen: slice, parameters: Mapping[str, str], *, several: bool) -> dict[str, str]:
        """The lines of one iteration; what every name means in it."""
        mark = f"t{number}." if several else ""
        names = dict(parameters)
        axis = 1 if self.problem.layout == "column" else 0
        samples = self.shapes["x"][axis]
        if chosen != slice(None) and chosen.indices(samples) != (0, samples, 1):
            names |= self._samples(axis, chosen, mark)
        for name, value in (("N", self.shapes[names.get("x", "x")][axis]), ("t", number)):
            identifier = f"{mark}{name}" if several else name
            self._given(identifier, np.asarray(count(value).values))
            names[name] = identifier
        iteration = number if several else None
        names |= {step.id: f"{mark}{step.id}" for step in self.derivation.each}
        self._add(self.derivation.each, names, iteration)
        return names

    def _samples(self, axis: int, chosen: slice, mark: str) -> dict[str, str]:
        """The samples of one iteration: cut out of what is given, or out of a line of the calculation."""
        where = (slice(None), chosen) if axis == 1 else (chosen, slice(None))
        found: dict[str, str] = {}
        for name in ("x", "y"):
            identifier = f"{mark}{name}"
            if name in self.givens:
                self._given(identifier, self.givens[name][where])
                self.cuts[identifier] = (name, where)
            elif name in self.shapes:
                shape = list(self.shapes[name])
                shape[axis] = len(range(*chosen.indices(shape[axis])))
                self.shapes[identifier] = (shape[0], shape[1])
                part = (axis, chosen)
                self.lines.append(Line(identifier, Ref(name), {}, self.shapes[identifier], part=part))
            else:
                continue
            found[name] = identifier
        return found

    def _last(self, names: Mapping[str, str]) -> None:
        """The unprefixed `W1_new` is what the last iteration left."""
        for new in self.derivation.carried.values():
            self.shapes[new] = self.shapes[names[new]]
            step = self.derivation.steps[new]
            self.lines.append(Line(new, Ref(new), {new: names[new]}, self.shapes[new], step))

    def _after(self, names: Mapping[str, str]) -> dict[str, str]:
        """After the last iteration the samples are all of them, and what was carried has its last value."""
        after = {name: identifier for name, identifier in names.items() if name not in {"x", "y", "N", "t"}}
        return after | {new: new for new in self.derivation.carried.values()}

    def _add(self, steps: tuple[Step, ...], names: Mapping[str, str], iteration: int | None) -> None:
        for step in steps:
            identifier = names.get(step.id, step.id)
            shape = shape_of(step.tree, _Seen(self.shapes, names))
            self.shapes[identifier] = shape
            self.lines.append(Line(identifier, step.tree, names, shape, step, iteration))


class _Seen(dict[str, Shape]):
    """The shapes as one iteration sees them, by the names in its trees."""

    def __init__(self, shapes: Mapping[str, Shape], names: Mapping[str, str]) -> None:
        super().__init__()
        self._shapes, self._names = shapes, names

    def __missing__(self, name: str) -> Shape:
        return self._shapes[self._names.get(name, name)]
