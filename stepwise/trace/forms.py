"""Traces in sympy objects: letters in place of numbers, and exact forms of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from stepwise.derivation import Derivation, Step
from stepwise.errors import UnsupportedError
from stepwise.expressions import evaluate, usual
from stepwise.expressions.symbolic import SymbolicArithmetic, UndecidedError, exact
from stepwise.notation.letters import is_letter
from stepwise.problem.model import Problem
from stepwise.trace.form_text import FormTexts
from stepwise.trace.givens import Start, starts

Forms = Literal["letters", "forms"]
MOST_ITERATIONS = 3
MOST_LAYERS = 8
MOST_NUMBERS = 100
"""Of a quantity with more numbers than this nobody reads the formulas."""

_DECIDES = frozenset({"perceptron", "svm"})
_COUNTED = ("N", "t", "fan_in", "fan_out")


def forms_asked(problem: Problem, asked: Forms | None) -> Forms | None:
    """In which of the two a problem is worked: as asked, and in exact forms where its file has letters."""
    if asked and problem.model == "separability":
        raise UnsupportedError(f"{problem.source}: `model: separability` is worked in exact numbers as it is")
    return asked or ("forms" if problem.has_letters else None)


def check_size(problem: Problem, iterations: int) -> None:
    """Formulas grow with every iteration and every number. Raises UnsupportedError where nobody could read them."""
    if not problem.has_numbers:
        raise UnsupportedError(f"{problem.source}: there are only shapes, and no numbers or letters")
    if iterations > MOST_ITERATIONS:
        raise UnsupportedError(
            f"{problem.source}: {iterations} iterations in letters or exact forms are too many to read "
            f"(at most {MOST_ITERATIONS}: fewer epochs or samples)"
        )
    if len(problem.layers) > MOST_LAYERS:
        raise UnsupportedError(
            f"{problem.source}: {len(problem.layers)} layers in letters or exact forms are too many to read "
            f"(at most {MOST_LAYERS}; numbers have no such limit)"
        )
    largest = max((given.shape for given in (problem.inputs, *problem.weights)), key=lambda shape: shape[0] * shape[1])
    if largest[0] * largest[1] > MOST_NUMBERS:
        raise UnsupportedError(
            f"{problem.source}: an array of {largest[0]} × {largest[1]} is too large for letters or exact forms "
            f"(at most {MOST_NUMBERS} numbers)"
        )


def arithmetic_for(problem: Problem) -> SymbolicArithmetic:
    """sympy's arithmetic; where an algorithm goes on by a verdict, letters must not leave the verdict open."""
    return SymbolicArithmetic(decide=problem.model in _DECIDES)


def form_starts(problem: Problem, derivation: Derivation, *, every: bool) -> dict[str, Start]:
    """What a derivation starts from, as sympy objects; `every` number becomes the letter of its place."""
    found = {}
    for name, start in starts(problem).items():
        lettered = every and not name.startswith(_COUNTED) and name in derivation.givens
        found[name] = _lettered(name, start) if lettered else of_start(start)
    return found


def of_start(start: Start) -> Start:
    """The same numbers as rationals, their letters as symbols."""
    assert start.values is not None
    values = np.empty(start.shape, dtype=object)
    for at in np.ndindex(start.shape):
        text = repr(float(start.values[at])) if start.texts is None else str(start.texts[at])
        values[at] = _symbol(text) if is_letter(text) else exact(text)
    return Start(start.shape, values, start.texts)


def _lettered(name: str, start: Start) -> Start:
    values = np.empty(start.shape, dtype=object)
    for at in np.ndindex(start.shape):
        values[at] = _symbol(entry_name(name, at, start.shape))
    return Start(start.shape, values, None)


def entry_name(name: str, at: tuple[int, ...], shape: tuple[int, int]) -> str:
    """One number of a quantity by name: `W1[1,2]`, `b1[2]`, `lr`."""
    places = [str(place + 1) for place, length in zip(at, shape, strict=True) if length > 1]
    return f"{name}[{','.join(places)}]" if places else name


def _symbol(name: str) -> Any:
    import sympy

    return sympy.Symbol(name, real=True)


def form_of(
    problem: Problem, step: Step, operands: Mapping[str, Any], arithmetic: SymbolicArithmetic
) -> npt.NDArray[np.object_]:
    """The value of one line. Raises UnsupportedError where a letter would have to decide, or nothing is defined."""
    import sympy

    try:
        # letters do not overflow: no precautions
        value = np.asarray(evaluate(usual(step.tree), operands, arithmetic), dtype=object)
    except UndecidedError as undecided:
        condition = _short(arithmetic.spelt_out(undecided.condition))
        raise UnsupportedError(
            f"{problem.source}: {step.id} depends on whether {condition}, which a letter leaves open "
            f"(in `model: {problem.model}` this line decides what comes next: write numbers for what it needs)"
        ) from None
    undefined = {sympy.zoo, sympy.nan, sympy.oo, -sympy.oo}
    if any(undefined & {one, *one.args} for one in map(sympy.sympify, value.reshape(-1))):
        raise UnsupportedError(f"{problem.source}: {step.id} is not defined for these numbers (a division by zero)")
    return value


def carried(values: npt.NDArray[np.object_], arithmetic: SymbolicArithmetic) -> npt.NDArray[np.object_]:
    """What the next lines calculate with: rational numbers and letters as they are, a letter for everything else."""
    found = values.copy()
    for at in np.ndindex(values.shape):
        value: Any = values[at]
        if not value.is_Rational and not value.is_Symbol:
            found[at] = arithmetic.stands_for(value)
    return found


def spelt_out(values: npt.NDArray[np.object_], arithmetic: SymbolicArithmetic) -> npt.NDArray[np.object_]:
    """The values as the trace keeps them: in letters of the problem and exact numbers only."""
    found = values.copy()
    for at in np.ndindex(values.shape):
        found[at] = arithmetic.spelt_out(values[at])
    return found


def _short(condition: Any) -> str:
    text = FormTexts().of(condition)
    return text if len(text) <= 80 else f"{text[:79]}…"


def form_texts(values: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Values as plain text, such as `1/(1 + exp(-z))`."""
    texts, written = np.empty(values.shape, dtype=object), FormTexts()
    for at in np.ndindex(values.shape):
        texts[at] = written.of(values[at])
    return texts
