"""What varies from sheet to sheet: for every number of a problem file the numbers that may stand in its place.

The numbers of a field (`weights`, `biases`, `inputs`, `labels`, `lr`) are its *places*, in the order in which they are
typed. Each place has a grid of allowed numbers, or stays as it is. Where the file has no `vary`, the grids are what a
teacher would choose: as many decimals as the original, about as large, no zeros.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from stepwise.errors import Fault, SpecError, UnsupportedError
from stepwise.problem.model import Given, Problem
from stepwise.problem.numbers import parse_number
from stepwise.sheets.grids import Grid, GridError, grid_of, usual_grid, written_grid

FIELDS = ("weights", "biases", "inputs", "labels", "lr")
"""The fields that can vary, in the order in which they are drawn."""
_MOST_PLACES = 10_000
"""Numbers that are drawn for one variant."""
_LARGE = 1_000
"""More data than so many numbers are kept as they are where nobody says otherwise."""
_RANGES = {"sigmoid": (0.0, 1.0), "softmax": (0.0, 1.0), "tanh": (-1.0, 1.0), "relu": (0.0, np.inf)}
"""What an output can be."""
_BOUND_LABELS = {
    "hinge": "the labels of several outputs, each 1 or -1, stay as they are",
    "cross_entropy": "the labels are probabilities that add up to 1, and stay as they are",
    "neg_log_sigmoid": "the labels are all 1, and stay as they are",
}
"""Losses whose labels, where they name no class, are no free numbers either."""
SEEDS = 100_000
"""Weights that are drawn by a scheme (`init: xavier_uniform`) vary by its seed, which is below this."""

Kind = Literal["numbers", "classes", "seed"]


class Field(Struct, frozen=True, eq=False):
    """One field of the problem file that varies.

    `grids` holds, for each of its places, what may stand there (None: the place stays as it is). Where labels are
    classes, a place is a sample, and its grid the classes from 0 on; where weights come from a scheme, the one place is
    its seed. `texts` is what stands in each place as the problem is.
    """

    name: str
    kind: Kind
    texts: tuple[str, ...]
    grids: tuple[Grid | None, ...]

    @property
    def sizes(self) -> npt.NDArray[np.uint64]:
        """How many numbers may stand in each place that varies."""
        return np.array([len(grid.texts) for grid in self.grids if grid is not None], dtype=np.uint64)


class Variation(Struct, frozen=True, eq=False):
    """All fields that vary, in the order in which they are drawn."""

    fields: tuple[Field, ...]

    @property
    def places(self) -> int:
        """How many numbers are drawn for one candidate."""
        return sum(len(field.sizes) for field in self.fields)

    @property
    def size(self) -> int:
        """How many different candidates there are."""
        product = 1
        for field in self.fields:
            for size in field.sizes.tolist():
                product *= size
        return product


def variation_of(problem: Problem, vary: Mapping[str, Any] | None = None) -> Variation:
    """What varies in a problem: as `vary` says, else its own `vary`, else what is usual.

    Raises UnsupportedError where nothing can vary (a proof, shapes, letters), SpecError for a grid without numbers.
    """
    _check(problem)
    rules = dict(problem.vary if vary is None else vary)
    rules.pop("conditions", None)
    found = []
    for name in FIELDS:
        rule = rules.get(name, "keep") if rules else "usual"
        field = _field(problem, name, rule)
        if field is not None and len(field.sizes):
            found.append(field)
    variation = Variation(tuple(found))
    if variation.size == 1:
        raise UnsupportedError(f"{problem.name}: nothing varies (say what may: `vary: {{weights: any, inputs: any}}`)")
    if variation.places > _MOST_PLACES:
        raise UnsupportedError(f"{problem.name}: {variation.places:,} numbers would vary (at most {_MOST_PLACES:,})")
    return variation


def _check(problem: Problem) -> None:
    if problem.model == "separability":
        raise UnsupportedError(f"{problem.name}: a proof of separability does not vary (other models do)")
    if not problem.has_numbers:
        raise UnsupportedError(f"{problem.name}: a problem that has only shapes does not vary (give it numbers)")
    if problem.has_letters:
        raise UnsupportedError(f"{problem.name}: letters stand in place of numbers, there is nothing to draw")


def _field(problem: Problem, name: str, rule: Any) -> Field | None:
    arrays = list(arrays_of(problem, name))
    if not arrays or rule == "keep":
        return None
    if name == "weights" and problem.draw is not None:
        return _seed(problem, rule)
    if name == "labels" and (classes := _classes(problem)) is not None:
        return _class_labels(problem, rule, classes)
    if name == "labels" and (bound := _BOUND_LABELS.get("" if problem.loss is None else problem.loss.name)):
        if rule == "usual":
            return None
        raise _fault(problem, name, bound, "write `labels: keep`")
    texts = tuple(text for given in arrays for text in typed(given))
    if rule == "random class":
        hint = "write `any`, or a grid {from: …, to: …, step: …}"
        raise _fault(problem, name, "the labels are numbers, not classes", hint)
    if rule == "usual" and name == "lr":
        return None
    grids: list[Grid | None]
    if rule in ("usual", "any"):
        grids = list(_usual(problem, name, arrays, fixed=rule == "usual"))
    elif isinstance(rule, Sequence) and not isinstance(rule, str):
        grids = list(_by_layer(problem, name, arrays, rule))
    else:
        grids = [_grid(problem, name, rule)] * len(texts)
    if name == "lr" and any(grid is not None and grid.values.min() <= 0 for grid in grids):
        raise _fault(problem, name, "a learning rate that is not positive may be drawn", "leave 0 and less out")
    if name == "biases" and len(_leaves(problem.document["biases"])) != len(texts):
        if rule != "usual":
            raise _fault(problem, name, "one number stands for all biases", "write every bias out: `biases: [[0, 0]]`")
        return None
    return Field(name, "numbers", texts, tuple(grids))


def arrays_of(problem: Problem, name: str) -> Iterator[Given]:
    """The arrays of one field, each with its numbers as they are typed: samples one after the other."""
    if name == "weights":
        yield from problem.weights
    elif name == "biases":
        yield from problem.biases or ()
    elif name == "lr" and problem.lr is not None:
        number = np.array([[problem.lr.text]], dtype=np.object_)
        yield Given((1, 1), np.array([[problem.lr.value]]), number)
    elif name in ("inputs", "labels"):
        given = problem.inputs if name == "inputs" else problem.labels
        if given is not None and given.values is not None:
            by_sample = problem.layout == "column"
            values = given.values.T if by_sample else given.values
            texts = None if given.texts is None else given.texts.T if by_sample else given.texts
            yield Given((values.shape[0], values.shape[1]), values, texts)


def typed(given: Given) -> list[str]:
    """The numbers of an array as typed; those that nobody typed, with all their digits."""
    if given.texts is not None:
        return [str(text) for text in given.texts.ravel()]
    assert given.values is not None
    return [repr(value) for value in given.values.ravel().tolist()]


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return [leaf for item in value.values() for leaf in _leaves(item)]
    if isinstance(value, list | tuple):
        return [leaf for item in value for leaf in _leaves(item)]
    return [value]


# ---- grids


def _usual(problem: Problem, name: str, arrays: Sequence[Given], *, fixed: bool) -> Iterator[Grid | None]:
    """What is usual. Where nobody says otherwise, biases of zero, truth tables and large data stay what they are."""
    for array in arrays:
        texts = typed(array)
        if fixed and _stays(problem, name, array, texts):
            yield from [None] * len(texts)
        elif name == "labels":
            yield from [_in_range(problem, grid) for grid in _of_data(array, texts)]
        elif name == "inputs":
            yield from _of_data(array, texts)
        else:
            yield from [usual_grid(texts, signed=name in ("weights", "biases"))] * len(texts)


def _stays(problem: Problem, name: str, array: Given, texts: Sequence[str]) -> bool:
    if name == "biases":
        return all(parse_number(text).value == 0 for text in texts)
    return name in ("inputs", "labels") and (_is_truth_table(problem) or len(texts) > _LARGE)


def _of_data(array: Given, texts: Sequence[str]) -> list[Grid]:
    """The grids of samples: several have one for each feature, a single one has the same for all."""
    columns = array.shape[1] if array.shape[0] > 1 else 1
    grids = [usual_grid(texts[column::columns], signed=False) for column in range(columns)]
    return [grids[place % columns] for place in range(len(texts))]


def _in_range(problem: Problem, grid: Grid) -> Grid | None:
    """The labels that the last activation can reach; where there are none of this kind, the label stays."""
    name = problem.layers[-1].activation.name
    low, high = _RANGES.get(name, (-np.inf, np.inf))
    kept = [text for text, value in zip(grid.texts, grid.values.tolist(), strict=True) if low <= value <= high]
    return grid_of(kept) if kept else None


def _is_truth_table(problem: Problem) -> bool:
    values = problem.inputs.values
    return values is not None and bool(np.isin(values, (0.0, 1.0)).all())


def _by_layer(problem: Problem, name: str, arrays: Sequence[Given], rules: Sequence[Any]) -> Iterator[Grid | None]:
    if len(rules) != len(arrays):
        hint = "write one for each layer, or one alone"
        raise _fault(problem, name, f"{len(rules)} rules for {len(arrays)} layers", hint)
    for array, rule in zip(arrays, rules, strict=True):
        count = array.shape[0] * array.shape[1]
        if rule == "keep":
            yield from [None] * count
        elif rule == "any":
            yield from _usual(problem, name, [array], fixed=False)
        else:
            yield from [_grid(problem, name, rule)] * count


def _grid(problem: Problem, name: str, rule: Mapping[str, Any]) -> Grid:
    """The grid that a file writes down."""
    try:
        return written_grid(rule)
    except GridError as error:
        raise _fault(problem, name, str(error), error.hint) from None


# ---- classes and seeds


def _classes(problem: Problem) -> int | None:
    """How many classes the labels name; None where they are numbers."""
    labels = problem.labels
    if labels is None or labels.values is None:
        return None
    if problem.model in ("svm", "perceptron"):
        return 2
    if problem.loss is None:
        return None
    values, outputs = labels.values, problem.layers[-1].units
    by_sample = values.T if problem.layout == "column" else values
    if outputs > 1:
        one_hot = bool(np.isin(values, (0.0, 1.0)).all() and (by_sample.sum(axis=1) == 1).all())
        return outputs if one_hot else None
    if problem.loss.name == "hinge":
        return 2
    binary = problem.loss.name == "binary_cross_entropy" or problem.layers[-1].activation.name == "sigmoid"
    return 2 if binary and bool(np.isin(values, (0.0, 1.0)).all()) else None


def _class_labels(problem: Problem, rule: Any, classes: int) -> Field | None:
    """One place for each sample. Usually only the label of a single sample varies, for several belong together."""
    samples = problem.samples
    if rule == "usual" and (samples > 1 or _is_truth_table(problem)):
        return None
    if isinstance(rule, Mapping) or (isinstance(rule, Sequence) and not isinstance(rule, str)):
        raise _fault(problem, "labels", "the labels are classes, not numbers of a grid", "write `labels: random class`")
    grid = grid_of([str(number) for number in range(classes)])
    return Field("labels", "classes", tuple("" for _ in range(samples)), (grid,) * samples)


def _seed(problem: Problem, rule: Any) -> Field:
    if rule not in ("usual", "any"):
        hint = "write `weights: any`, or type the weights instead of drawing them"
        raise _fault(problem, "weights", "weights that are drawn by a scheme vary by its seed", hint)
    assert problem.draw is not None
    grid = Grid(tuple(map(str, range(SEEDS))), np.arange(SEEDS, dtype=float))
    return Field("weights", "seed", (str(problem.draw.seed),), (grid,))


def _fault(problem: Problem, name: str, message: str, hint: str) -> SpecError:
    return SpecError(problem.source, [Fault(message, path=f"vary.{name}", hint=hint)])
