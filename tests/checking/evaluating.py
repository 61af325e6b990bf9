"""An evaluator of its own for the tests of marking: every line of a problem in plain NumPy, and students made from it.

It takes the order of the lines and their trees from the program, and computes them with code of its own. Values have a
leading axis, the students; each may round, alter a quantity, or make a mistake in a line, and carries on with that.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import special

from stepwise.asking import Questions, questions_of
from stepwise.asking.lines import Calculation, Line, calculation
from stepwise.checking import Answer, Answers
from stepwise.expressions import tree as trees
from stepwise.expressions.tree import Expr
from stepwise.problem import Problem, shipped_problems
from tests.pages.problems import problem

Array = Any
Values = dict[str, Array]
After = Callable[[Line, Array], Array]
"""What the students do with the result of a line before they carry it on."""

_FUNCTIONS: Mapping[str, Callable[[Array], Array]] = {
    **{name: getattr(np, name) for name in ("exp", "tanh", "sqrt", "sin", "cos", "sinh", "cosh", "arctan", "abs")},
    "ln": np.log,
    "Phi": special.ndtr,
    "erf": special.erf,
}
_RELATIONS: Mapping[str, Callable[[Array, Array], Array]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
_AXES: Mapping[str, Any] = {"rows": -2, "columns": -1, "all": (-2, -1)}
_WIDE = Context(prec=400)


# ---- the value of a tree


def value(node: Any, of: Callable[[str], Array]) -> Array:
    """What a tree comes to; `of` gives its operands by name. Values have two axes, or the students' before them."""
    match node:
        case trees.Ref(name):
            return of(name)
        case trees.Entry(name, row, column):
            return of(name)[..., [int(row)], :][..., [int(column)]]
        case trees.Const(text):
            return np.full((1, 1), _constant(text))
        case trees.Neg(arg):
            return -value(arg, of)
        case trees.Power(arg, exponent):
            return value(arg, of) ** float(exponent)
        case trees.Transpose(arg):
            return np.moveaxis(value(arg, of), -1, -2)
        case trees.Func(name, arg):
            return _FUNCTIONS[name](value(arg, of))
        case trees.Series(terms):
            return sum(value(term, of) for term in terms if term is not None)
        case trees.Fill(constant, like):
            return value(constant, of) + 0.0 * value(like, of)
        case trees.Compare(left, relation, right):
            return _RELATIONS[relation](value(left, of), value(right, of))
        case trees.Cases(cases, otherwise):
            result = value(otherwise, of)
            for case in reversed(cases):
                result = np.where(value(case.when, of), value(case.value, of), result)
            return result
        case trees.Sum(arg, axis):
            return value(arg, of).sum(axis=_AXES[axis], keepdims=True)
        case trees.Largest(arg, axis):
            return value(arg, of).max(axis=_AXES[axis], keepdims=True)
        case trees.Diag(arg):
            numbers = value(arg, of)
            listed = numbers.reshape((*numbers.shape[:-2], 1, -1))
            return listed * np.eye(listed.shape[-1])
        case trees.Shifted(arg, axis):
            numbers = value(arg, of)
            if axis == "rows":
                return np.concatenate([numbers[..., 1:, :], 0 * numbers[..., :1, :]], axis=-2)
            return np.concatenate([numbers[..., 1:], 0 * numbers[..., :1]], axis=-1)
        case _:
            return _of_two(node, value(node.left, of), value(node.right, of))


def _of_two(node: Any, left: Array, right: Array) -> Array:
    match node:
        case trees.Add():
            return left + right
        case trees.Sub():
            return left - right
        case trees.Mul():
            return left * right
        case trees.Div():
            return left / right
        case trees.MatMul():
            if left.shape[-1] != right.shape[-2]:
                raise ValueError("the shapes do not fit")
            return np.einsum("...ik,...kj->...ij", left, right)
        case trees.Max():
            return np.maximum(left, right)
    raise TypeError(node)


@cache
def _constant(text: str) -> float:
    if text in ("pi", "e"):
        return getattr(math, text)  # type: ignore[no-any-return]
    number = Fraction(text.rstrip("%").replace(" ", ""))
    return float(number / 100 if text.endswith("%") else number)


# ---- the lines of a problem


def work(
    whole: Calculation,
    count: int = 1,
    *,
    after: After | None = None,
    instead: Mapping[str, Mapping[int, Expr]] | None = None,
) -> Values:
    """Every line as `count` students work it, students first.

    `after` is done to what each line gives, and carried on. `instead` gives the trees that some students compute in
    place of a line's own, by line and student.
    """
    working = _Working(whole, count, after, instead or {})
    with np.errstate(all="ignore"):
        for line in whole.lines:
            working.line(line)
    return {line.id: np.broadcast_to(working.values[line.id], (count, *line.shape)) for line in whole.lines}


class _Working:
    def __init__(
        self, whole: Calculation, count: int, after: After | None, instead: Mapping[str, Mapping[int, Expr]]
    ) -> None:
        self.values: Values = dict(whole.givens)
        self._lines = {line.id: line for line in whole.lines}
        self._count = count
        self._after = after
        self._instead = instead

    def line(self, line: Line) -> None:
        """One line, and before it those that a mistake in it takes from later on (new weights in place of old ones)."""
        if line.id in self.values:
            return
        own = self._instead.get(line.id, {})
        for tree in (line.tree, *own.values()):
            for name in line.operands(tree):
                if name in self._lines:
                    self.line(self._lines[name])
        result = computed(line, line.tree, self.values)
        if own:
            result = np.array(np.broadcast_to(result, (self._count, *line.shape)))
        for student, tree in own.items():
            result[student] = computed(line, tree, _Only(self.values, student))
        if self._after is not None and written(line):
            result = self._after(line, result)
        self.values[line.id] = result


def computed(line: Line, tree: Expr, values: Mapping[str, Array]) -> Array:
    """What `tree` gives in a line; a ValueError or KeyError where it cannot be computed there."""
    result = value(tree, lambda name: values[line.sources.get(name, name)])
    if line.part is not None:
        axis, chosen = line.part
        result = result[..., chosen] if axis == 1 else result[..., chosen, :]
    if result.shape[-2:] != line.shape:
        raise ValueError(f"{line.id} has another shape")
    return result


def written(line: Line) -> bool:
    """Whether somebody writes the line down: not where a number is only taken over from another line."""
    return line.step is not None and not (isinstance(line.tree, trees.Ref) and line.step.tree != line.tree)


class _Only(dict[str, Array]):
    """The values of one student."""

    def __init__(self, values: Mapping[str, Array], student: int) -> None:
        super().__init__()
        self._values, self._student = values, student

    def __missing__(self, name: str) -> Array:
        found = self._values[name]
        return found[self._student] if found.ndim == 3 else found


# ---- rounding as on paper


def on_paper(number: float, decimals: int, figures: int = 3) -> float:
    """A number rounded half-up in decimal to so many decimals, never to fewer than so many significant figures."""
    # float noise lies below true ties
    exact = Decimal(f"{number:.11e}")
    if not exact.is_finite() or not exact:
        return number
    places = max(decimals, figures - 1 - exact.adjusted())
    if exact.adjusted() + places > 40:
        return number
    return float(exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=_WIDE)) + 0.0


def rounding(line: Line, numbers: Array, decimals: Array, figures: int = 3) -> Array:
    """All students' numbers of a line, each rounded to the decimals of its place."""
    count = len(decimals)
    full = np.broadcast_to(numbers, (count, *line.shape))
    places = np.broadcast_to(decimals, full.shape)
    flat = [
        on_paper(one, place, figures) for one, place in zip(full.ravel().tolist(), places.ravel().tolist(), strict=True)
    ]
    return np.array(flat).reshape(full.shape)


# ---- students


def half_of(text: str) -> float:
    """Half a unit of the last digit of a typed number, 0 where it has so many digits that nothing was rounded."""
    mantissa, _, exponent = text.partition("e")
    decimals = len(mantissa.partition(".")[2])
    return 0.5 * 10.0 ** (int(exponent or 0) - decimals) if decimals < 10 else 0.0


def answer(numbers: Array, *, typed: bool = False) -> Answer:
    """A quantity as a student wrote it. With `typed` each number stands for half a unit of its last digit around it."""
    numbers = np.asarray(numbers, dtype=float)
    texts = np.empty(numbers.shape, dtype=object)
    texts.ravel()[:] = [repr(one) for one in numbers.ravel().tolist()]
    halves = np.zeros(numbers.shape)
    if typed:
        halves.ravel()[:] = [half_of(text) for text in texts.ravel()]
    return Answer(numbers, halves, texts)


def typed(texts: Sequence[str], shape: tuple[int, int]) -> Answer:
    """A quantity as it was typed, "" where a number was left out."""
    numbers = np.array([float(text) if text else math.nan for text in texts]).reshape(shape)
    halves = np.array([half_of(text) if text else 0.0 for text in texts]).reshape(shape)
    return Answer(numbers, halves, np.array(texts, dtype=object).reshape(shape))


def students(values: Values, names: Sequence[str], *, typed: bool = False) -> list[Answers]:
    """Each student's answers for the quantities in `names`."""
    count = len(next(iter(values.values())))
    columns = {name: answer(values[name], typed=typed) for name in names}
    return [
        Answers(
            f"student {number}",
            "test",
            {
                name: Answer(column.values[number], column.halves[number], column.texts[number])
                for name, column in columns.items()
            },
        )
        for number in range(count)
    ]


# ---- the problems


@cache
def questions(name: str) -> Questions:
    """The questions of a problem, with what a teacher asks for."""
    return questions_of(problem(name))


@cache
def whole(name: str) -> Calculation:
    """All lines of a problem."""
    return calculation(problem(name))


def everything(name: str) -> list[str]:
    """All quantities that a student may write down, helpers too; of long trainings those of the iterations shown."""
    return [
        line.id
        for line in whole(name).lines
        if line.step is not None and (line.iteration is None or line.iteration in whole(name).kept)
    ]


def is_numeric(one: Problem) -> bool:
    """Whether there are numbers to ask for."""
    return one.has_numbers and not one.has_letters and one.model != "separability"


NUMERIC = tuple(name for name in shipped_problems() if is_numeric(problem(name)))
LONG = "sgd-linear-regression"
"""Two hundred and fifty iterations, some seconds each time."""
EACH = tuple(pytest.param(name, marks=pytest.mark.slow) if name == LONG else name for name in NUMERIC)
