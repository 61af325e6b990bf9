"""Candidates: from a counter to numbers, many at once as arrays, and one as a problem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from stepwise.problem.draws import drawn
from stepwise.problem.model import Draw, Layout, Problem
from stepwise.problem.nodes import Document, Scalar, to_plain
from stepwise.problem.numbers import parse_number
from stepwise.problem.read import problem_from_document
from stepwise.sheets.generator import words
from stepwise.sheets.varying import Field, Variation, arrays_of

Floats = npt.NDArray[np.float64]
Choices = npt.NDArray[np.int64]


class Candidates(Struct, frozen=True, eq=False):
    """Candidates by their counters. `choices` says which number of its grid stands in each place that varies, one
    candidate a row: two candidates with the same row are the same problem."""

    problem: Problem
    variation: Variation
    counters: Sequence[int]
    choices: Choices

    @property
    def parts(self) -> Iterator[tuple[Field, Choices]]:
        """Each field that varies with its columns of `choices`."""
        start = 0
        for field in self.variation.fields:
            width = len(field.sizes)
            yield field, self.choices[:, start : start + width]
            start += width

    def givens(self) -> dict[str, Floats]:
        """The given quantities that vary, as on paper, with the candidates as leading axis."""
        found: dict[str, Floats] = {}
        for field, choices in self.parts:
            if field.kind == "seed":
                found |= self._initial_weights(field, choices)
            elif field.kind == "classes":
                found["y"] = self._labels(field, choices)
            else:
                found |= self._numbers(field, choices)
        return found

    def _numbers(self, field: Field, choices: Choices) -> dict[str, Floats]:
        values = np.stack(list(_columns(field, choices)), axis=1)
        found, start = {}, 0
        for name, given in zip(_names(self.problem, field.name), arrays_of(self.problem, field.name), strict=True):
            rows, columns = given.shape
            array = values[:, start : start + rows * columns].reshape(-1, rows, columns)
            by_sample = field.name in ("inputs", "labels") and self.problem.layout == "column"
            found[name] = array.swapaxes(1, 2) if by_sample else array
            start += rows * columns
        return found

    def _labels(self, field: Field, choices: Choices) -> Floats:
        """Class labels as arrays: one-hot, 0/1 or ±1."""
        picked = np.stack(list(_columns(field, choices)), axis=1).astype(np.intp)
        by_sample = np.array(_of_classes(self.problem), dtype=float)[picked]
        return by_sample.swapaxes(1, 2) if self.problem.layout == "column" else by_sample

    def _initial_weights(self, field: Field, choices: Choices) -> dict[str, Floats]:
        assert self.problem.draw is not None
        scheme, layout = self.problem.draw.scheme, self.problem.layout
        found: dict[str, list[Any]] = {}
        for (seed,) in choices.tolist():
            for number, layer in enumerate(self.problem.layers, 1):
                given = drawn(Draw(scheme, seed), number, layer.inputs, layer.units, _shape(layer, layout))
                found.setdefault(f"W{number}", []).append(given.values)
        return {name: np.stack(arrays) for name, arrays in found.items()}


def candidates(problem: Problem, variation: Variation, counters: Sequence[int]) -> Candidates:
    """The candidates with these counters."""
    sizes = np.concatenate([field.sizes for field in variation.fields])
    choices = (words(counters, len(sizes)) % sizes).astype(np.int64)
    return Candidates(problem, variation, counters, choices)


def _drawn_document(problem: Problem, field_texts: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The fields of the problem file with other texts in the places of some fields."""
    document = problem.document
    fields = dict(document.fields if isinstance(document, Document) else document)
    for name, texts in field_texts.items():
        old = fields[name]
        if name == "weights" and problem.draw is not None:
            fields[name] = {**old, "seed": int(texts[0])}
        elif name == "lr":
            rate = _plain(texts[0])
            fields[name] = {**old, "value": rate} if isinstance(old, Mapping) else rate
        else:
            fields[name] = _refilled(_listed(old), iter(texts))
    return fields


def drawn_problem(whole: Candidates, row: int, code: str) -> Problem:
    """One candidate as a problem; its document bears the `code`."""
    problem = whole.problem
    texts: dict[str, list[str]] = {}
    for field, choices in whole.parts:
        if field.kind == "classes":
            classes = [_class(field, choices[row], place) for place in range(len(field.grids))]
            texts[field.name] = _class_texts(problem, classes)
        else:
            texts[field.name] = list(_texts(field, choices[row]))
    document = {**_drawn_document(problem, texts), "code": code}
    return problem_from_document(Document(document), name=problem.name, source=f"{problem.source} {code}")


def _names(problem: Problem, field: str) -> list[str]:
    """The quantities that a field gives."""
    numbered = problem.model == "network"
    if field in ("weights", "biases"):
        letter = ("W" if numbered else "w") if field == "weights" else "b"
        count = len(list(arrays_of(problem, field)))
        return [f"{letter}{number}" for number in range(1, count + 1)] if numbered else [letter] * count
    return {"inputs": ["x_raw" if problem.preprocess else "x"], "labels": ["y"], "lr": ["lr"]}[field]


def _columns(field: Field, choices: Choices) -> Iterator[Floats]:
    """The values of every place, for all candidates; what stays as it is among them."""
    drawn_place = iter(choices.T)
    fixed = _fixed_values(field)
    for place, grid in enumerate(field.grids):
        yield np.full(len(choices), fixed[place]) if grid is None else grid.values[next(drawn_place)]


def _fixed_values(field: Field) -> list[float]:
    pairs = zip(field.texts, field.grids, strict=True)
    return [parse_number(text).value if grid is None else 0.0 for text, grid in pairs]


def _texts(field: Field, row: Choices) -> Iterator[str]:
    chosen = iter(row.tolist())
    for text, grid in zip(field.texts, field.grids, strict=True):
        yield text if grid is None else grid.texts[next(chosen)]


def _class(field: Field, row: Choices, place: int) -> int:
    grid = field.grids[place]
    assert grid is not None
    return int(grid.texts[int(row[place])])


def _of_classes(problem: Problem) -> list[list[float]]:
    """What stands for each class in the array of labels."""
    outputs = problem.layers[-1].units if problem.model == "network" else 1
    if outputs > 1:
        return np.eye(outputs).tolist()
    assert problem.labels is not None
    assert problem.labels.values is not None
    signed = (problem.loss is not None and problem.loss.name == "hinge") or bool((problem.labels.values < 0).any())
    return [[-1.0], [1.0]] if signed else [[0.0], [1.0]]


def _class_texts(problem: Problem, classes: Sequence[int]) -> list[str]:
    """The labels as the file writes them: class indices, one-hot rows, 0/1 or ±1."""
    if problem.has_class_indices:
        return [str(number) for number in classes]
    return [f"{value:.0f}" for number in classes for value in _of_classes(problem)[number]]


def _shape(layer: Any, layout: Layout) -> tuple[int, int]:
    return (layer.units, layer.inputs) if layout == "column" else (layer.inputs, layer.units)


def _listed(value: Any) -> Any:
    """The numbers of a field as lists; those of a data file without its name."""
    if isinstance(value, Mapping) and "values" in value:
        value = value["values"]
    if isinstance(value, np.ndarray):
        return value.tolist()
    return [_listed(item) for item in value] if isinstance(value, list | tuple) else value


def _refilled(value: Any, texts: Iterator[str]) -> Any:
    return [_refilled(item, texts) for item in value] if isinstance(value, list) else _plain(next(texts))


def _plain(text: str) -> Any:
    """A typed number as a problem file has it: 0.5 is a number, 0.50 keeps its text."""
    return to_plain(Scalar(text))
