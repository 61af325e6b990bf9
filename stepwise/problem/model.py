"""What was asked, checked and frozen: the Problem that every later room reads.

Arrays are as on paper, always with two axes: a vector of one sample is n × 1 in column layout and 1 × n in row
layout; a batch is n × N in column layout and N × n in row layout; a bias is n × 1 (column) or 1 × n (row).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field

Array = npt.NDArray[np.float64]
Layout = Literal["column", "row"]


class Number(Struct, frozen=True):
    """One typed number: its value, and its text as typed (`0.10`, `1/3`, `50%`); a letter has no value (NaN)."""

    value: float
    text: str


class Given(Struct, frozen=True, eq=False):
    """Numbers that were given, as on paper.

    `values` has two axes, or is None where only the shape is known. `texts` has the same shape and holds each number
    as typed, or the letter in its place (its value is NaN); None where nobody typed them (a .npy or .npz file), so that
    they are printed like computed numbers.
    """

    shape: tuple[int, int]
    values: Array | None = None
    texts: npt.NDArray[np.object_] | None = None


class Choice(Struct, frozen=True):
    """A registered activation or loss by name, with the parameters typed for it (defaults filled in).

    An activation that the file brings along has its formula in `expr`.
    """

    name: str
    parameters: Mapping[str, Number] = field(default_factory=dict)
    expr: str = ""


class Layer(Struct, frozen=True):
    """One weight matrix and what follows it: `inputs` numbers in, `units` numbers out."""

    inputs: int
    units: int
    activation: Choice


class Loss(Struct, frozen=True):
    """The loss by name, its factor (mse: ½), and how samples are brought together."""

    name: str
    factor: Number | None = None
    reduction: Literal["mean", "sum"] = "mean"


class Draw(Struct, frozen=True):
    """How initial weights were drawn: `xavier_uniform` … and the seed."""

    scheme: str
    seed: int


class Train(Struct, frozen=True):
    """What one run of training does. `batch_size` None: all samples at once."""

    epochs: int = 1
    batch_size: int | None = None
    update: frozenset[str] = frozenset({"weights", "biases"})
    method: Literal["subgradient", "pegasos"] = "subgradient"
    loss_after: bool = False


class Rounding(Struct, frozen=True):
    """How many digits are printed, and whether rounded values are carried on (hand arithmetic).

    `quantities` holds (id or pattern, digits) in the order of the file; digits are decimals.
    Exactly one of `decimals` and `figures` is set.
    """

    carry: bool = False
    decimals: int | None = 4
    figures: int | None = None
    quantities: tuple[tuple[str, int], ...] = ()
    trailing_zeros: Literal["auto", "always", "never"] = "auto"


class Notation(Struct, frozen=True):
    """How the mathematics is written."""

    style: Literal["matrix", "elementwise"] = "matrix"
    product: Literal["paren", "times"] = "times"
    symbols: Mapping[str, str] = field(default_factory=dict)
    delta: Literal["undivided", "divided"] = "undivided"
    backward: Literal["fused", "chain", "jacobian"] = "fused"


class Preprocess(Struct, frozen=True):
    """Inputs are divided by `divide`, or standardized with `mean` and `std` (each 1 × 1 or one number a feature)."""

    divide: Given | None = None
    mean: Given | None = None
    std: Given | None = None


class Scheme(Struct, frozen=True):
    """How answers are marked: what share of its marks a quantity earns where it follows from an earlier error, has too
    few digits, or follows where nothing was left to calculate; as a whole, or entry by entry."""

    follows: float = 1.0
    too_few_digits: float = 0.5
    nothing_left: float = 0.0
    by: Literal["quantity", "entry"] = "quantity"


class Problem(Struct, frozen=True, eq=False):
    """One problem, whole. Everything is checked: shapes fit, labels fit the loss, names exist."""

    name: str
    source: str
    title: Mapping[str, str]
    """Language → title; the key "" where one text serves every language."""
    model: Literal["network", "svm", "perceptron", "separability"]
    layout: Layout
    layers: tuple[Layer, ...]
    """One per weight matrix; for svm, perceptron and separability one layer of one unit."""
    loss: Loss | None
    """None only where the model has none (perceptron) or no loss was named (forward pass only)."""
    l2: Number | None
    weights: tuple[Given, ...]
    """Column layout: units × inputs each; row layout: inputs × units. svm and perceptron: w as one n × 1 column;
    separability: none, for they are what is looked for."""
    biases: tuple[Given, ...] | None
    """None: the model has no bias. svm and perceptron: one 1 × 1."""
    draw: Draw | None
    inputs: Given
    labels: Given | None
    """Networks: one number an output, lying as the outputs do. svm, perceptron: 1 × N (column) or N × 1 (row)."""
    single: bool
    """True for one sample (1-D in the file), False for a list of samples."""
    lr: Number | None
    schedule: Literal["constant", "inverse"]
    train: Train
    rounding: Rounding
    notation: Notation
    languages: tuple[str, ...]
    preprocess: Preprocess | None
    marks: Mapping[str, float]
    marking: Scheme
    ask: tuple[str, ...]
    vary: Mapping[str, Any]
    document: Mapping[str, Any]
    """The problem file as JSON-able data, self-contained: numbers from data files stand in it as numbers, typed numbers
    whose text is not what JSON would print (`0.10`, `1/3`) as strings. Reading it again gives the same problem."""

    @property
    def has_numbers(self) -> bool:
        """False where only shapes were given."""
        return self.inputs.values is not None and all(w.values is not None for w in self.weights)

    @property
    def has_letters(self) -> bool:
        """True where a letter stands in place of some number."""
        givens = [self.inputs, self.labels, *self.weights, *(self.biases or ())]
        # a letter is typed; what comes out of a data file without texts is numbers
        typed = [g.values for g in givens if g is not None and g.values is not None and g.texts is not None]
        letters = any(bool(np.isnan(values).any()) for values in typed)
        return letters or (self.lr is not None and np.isnan(self.lr.value))

    @property
    def has_class_indices(self) -> bool:
        """True where the file names the class of each sample by its index, and not by a one-hot row."""
        if self.model != "network" or self.layers[-1].units == 1 or self.labels is None or self.labels.values is None:
            return False
        written = getattr(self.document, "fields", self.document).get("labels")
        # what a data file holds stands as {values: …}
        labels = written["values"] if isinstance(written, dict) else written
        numbers = labels if isinstance(labels, np.ndarray) else np.asarray(labels, dtype=object)
        return int(numbers.size) == self.samples

    @property
    def samples(self) -> int:
        """N, the number of samples."""
        return self.inputs.shape[1 if self.layout == "column" else 0]
