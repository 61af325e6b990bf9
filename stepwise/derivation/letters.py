"""Letters in place of numbers must not stand for anything else on the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from stepwise.derivation.model import Derivation
from stepwise.errors import Fault
from stepwise.expressions import shape_of
from stepwise.notation.letters import is_letter, letter_latex
from stepwise.notation.symbols import Symbol
from stepwise.problem.model import Given, Problem

Place = tuple[str, int, int]


def letter_faults(problem: Problem, derivation: Derivation) -> Iterator[Fault]:
    """Every letter of the file that is written like another quantity, another letter or e."""
    givens = _givens(problem)
    texts: dict[str, tuple[str, Place]] = {}
    taken = dict(_taken(derivation, givens))
    for name, given in givens.items():
        for (row, column), text in np.ndenumerate(given.texts if given.texts is not None else np.empty((0, 0))):
            if not is_letter(str(text)):
                continue
            written, place = letter_latex(str(text)), (name, row, column)
            first = texts.setdefault(written, (str(text), place))
            if first[0] != text:
                yield Fault(f"the letter {text} is written like {first[0]}", hint="write another letter")
            elif first[1] == place and written == "e":
                yield Fault("the letter e is a number, 2.718…, on the page", hint="write another letter")
            elif first[1] == place and taken.get(written, place) != place and not _is_lettered(taken[written], givens):
                yield _taken_fault(str(text), taken[written], givens)


def _taken_fault(letter: str, place: Place, givens: Mapping[str, Given]) -> Fault:
    """The letter is already the symbol of something else."""
    name, row, column = place
    if row < 0:
        return Fault(f"the letter {letter} already stands for all of `{name}`", hint="write another letter")
    texts = givens[name].texts if name in givens else None
    if texts is None:
        return Fault(f"the letter {letter} already stands for `{name}`", hint="write another letter")
    number = texts[row, column]
    return Fault(
        f"the letter {letter} already stands for a place of `{name}`, which is {number}", hint="write another letter"
    )


def _givens(problem: Problem) -> Mapping[str, Given]:
    """The arrays that may have letters, by quantity id."""
    numbered = problem.model == "network"
    found = {"x_raw" if problem.preprocess else "x": problem.inputs}
    if problem.labels is not None:
        found["y"] = problem.labels
    for kind, arrays in (("W" if numbered else "w", problem.weights), ("b", problem.biases or ())):
        found |= {f"{kind}{layer}" if numbered else kind: array for layer, array in enumerate(arrays, 1)}
    if problem.lr is not None:
        value, text = np.array([[problem.lr.value]]), np.array([[problem.lr.text]], dtype=object)
        found["lr"] = Given((1, 1), value, text)
    return found


def _taken(derivation: Derivation, givens: Mapping[str, Given]) -> Iterator[tuple[str, Place]]:
    """Everything that has a symbol: LaTeX → whose it is (places −1: of the whole)."""
    shapes = {name: givens[name].shape if name in givens else (1, 1) for name in derivation.givens}
    for step in derivation:
        try:
            shapes[step.id] = shape_of(step.tree, shapes)
        except ValueError:
            # lines of one sample, where the file has several
            shapes[step.id] = (1, 1)
    symbols: dict[str, Symbol] = {name: given.symbol for name, given in derivation.givens.items()}
    symbols |= {step.id: step.symbol for step in derivation if step.symbol is not None}
    for name, symbol in symbols.items():
        rows, columns = shapes[name]
        if (rows, columns) != (1, 1):
            yield symbol.whole(), (name, -1, -1)
        for row in range(min(rows, 20)):
            for column in range(min(columns, 20)):
                yield symbol.entry(row, column, (rows, columns)), (name, row, column)


def _is_lettered(place: Place, givens: Mapping[str, Given]) -> bool:
    """Whether a letter stands there, so that the place goes by that letter and not by its own symbol."""
    name, row, column = place
    texts = givens[name].texts if name in givens and row >= 0 else None
    return texts is not None and is_letter(str(texts[row, column]))
