"""Labels: numbers, one-hot rows, class indices or ±1, brought to one row a sample and checked against the loss."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from stepwise.problem.arrays import Reading, Tensor, read_array
from stepwise.problem.faults import View
from stepwise.problem.inputs import Inputs
from stepwise.problem.model import Array, Given, Layout
from stepwise.problem.nodes import ListNode

_PLUS_MINUS = frozenset({-1.0, 1.0})
_BINARY = frozenset({0.0, 1.0})


class Wanted(Struct, frozen=True):
    """What labels must look like: `units` numbers a sample, of a `rule`, class indices allowed where `classes`.

    None: not known, because of a fault elsewhere.
    """

    units: int | None
    rule: str
    loss: str
    classes: bool | None = False


class _Rows(Struct, frozen=True, eq=False):
    """Labels with one row a sample."""

    shape: tuple[int, int]
    values: Array | None = None
    texts: npt.NDArray[np.object_] | None = None


def read_labels(
    view: View, reading: Reading, inputs: Inputs | None, wanted: Wanted, layout: Layout, *, known: bool
) -> Given | None:
    """The labels as on paper: they lie as the outputs do."""
    tensor = read_array(view, reading)
    if tensor is None:
        return None
    if inputs is None or wanted.units is None:
        _check_alone(tensor, wanted)
        return None
    rows = _arranged(tensor, inputs, wanted, wanted.units)
    if rows is None:
        return None
    _check(rows, view, wanted)
    return Tensor(view, rows.shape, rows.values, rows.texts).given(
        rows.shape, transposed=layout == "column", known=known
    )


def _check_alone(tensor: Tensor, wanted: Wanted) -> None:
    """Each label by itself, where it is not known how many there must be."""
    if tensor.values is None or wanted.rule == "distribution" or wanted.classes is not False:
        return  # they may be class indices
    shape = (tensor.shape[0], tensor.shape[1]) if len(tensor.shape) == 2 else (tensor.values.size, 1)
    _check(_reshaped(tensor, shape), tensor.view, wanted)


def _arranged(tensor: Tensor, inputs: Inputs, wanted: Wanted, units: int) -> _Rows | None:
    shape, samples = tensor.shape, inputs.samples
    size = int(np.prod(shape))
    one_row = samples == 1 and size == units and (len(shape) < 2 or shape == (1, units))
    each_one = size == samples and (len(shape) < 2 or shape[1] == 1)
    if one_row:
        return _reshaped(tensor, (1, units))
    if each_one and wanted.classes is None and units > 1:
        return None  # perhaps class indices
    if each_one and wanted.classes and units > 1:
        return _one_hot(tensor, samples, units)
    if each_one and units == 1:
        return _reshaped(tensor, (samples, 1))
    if shape == (samples, units):
        return _reshaped(tensor, shape)
    _wrong_shape(tensor, inputs, wanted, units)
    return None


def _reshaped(tensor: Tensor, shape: tuple[int, int]) -> _Rows:
    values = None if tensor.values is None else tensor.values.reshape(shape)
    return _Rows(shape, values, None if tensor.texts is None else tensor.texts.reshape(shape))


def _wrong_shape(tensor: Tensor, inputs: Inputs, wanted: Wanted, units: int) -> None:
    size = " × ".join(map(str, tensor.shape))
    got = f"these are {size}{' numbers' * (len(tensor.shape) == 1)}"
    if tensor.shape in {(), (1,)}:
        got = "this is one number"
    samples = inputs.samples
    needed = f"{units}" if inputs.single else f"{samples}" if units == 1 else f"{samples} × {units}"
    outputs = f"{units} output{'s' * (units > 1)}"
    number = f"{samples} sample{'s' * (samples > 1)}"
    hint = "one row a sample" if not inputs.single and units > 1 else "one number an output"
    if wanted.classes and units > 1:
        hint += ", or class indices from 0"
    labels = "1 label is" if needed == "1" else f"{needed} labels are"
    tensor.view.add(f"{labels} needed for {number} with {outputs}, {got}", hint)


def _one_hot(tensor: Tensor, samples: int, classes: int) -> _Rows | None:
    """Class indices as one-hot rows."""
    if tensor.values is None:
        return _Rows((samples, classes))
    indices = tensor.values.reshape(-1)
    unknown = np.isnan(indices)
    for place in np.flatnonzero(unknown):
        _at(tensor.view, int(place), samples).add(
            "the class is a letter, and a class decides what is calculated", "write its index, or a row of letters"
        )
    wrong = ~unknown & ((indices < 0) | (indices >= classes) | (indices != np.floor(indices)))
    for place in np.flatnonzero(wrong):
        value = f"{indices[place]:g}"
        _at(tensor.view, int(place), samples).add(
            f"label {value} is out of range: the classes are 0 to {classes - 1}",
            "classes are counted from 0" if indices[place] == classes else "write a class index or a one-hot row",
        )
    if (wrong | unknown).any():
        return None
    values = np.zeros((samples, classes))
    values[np.arange(samples), indices.astype(np.intp)] = 1.0
    texts = np.full(values.shape, "0", dtype=np.object_)
    texts[values == 1.0] = "1"
    return _Rows((samples, classes), values, texts)


def _at(view: View, sample: int, samples: int) -> View:
    """Where the label of one sample stands."""
    if isinstance(view.node, ListNode) and len(view.node.items) == samples:
        return View(view.node.items[sample], f"{view.path}[{sample + 1}]", view.faults)
    return view


def _check(rows: _Rows, view: View, wanted: Wanted) -> None:
    if rows.values is None:
        return
    if wanted.rule == "perceptron":
        _check_perceptron(rows.values, view)
        return
    within = {
        "any": np.full(rows.shape, True),
        "probability": (rows.values >= 0) & (rows.values <= 1),
        "distribution": (rows.values >= 0) & (rows.values <= 1),
        "plus_minus": np.abs(rows.values) == 1,
        "unused": rows.values == 1,
        "zero_one": (rows.values == 0) | (rows.values == 1),
    }[wanted.rule] | np.isnan(rows.values)
    for sample in np.flatnonzero(~within.all(axis=1)):
        value = rows.values[sample][~within[sample]][0]
        _at(view, int(sample), rows.shape[0]).add(
            f"label {value:g} does not fit {wanted.loss}", _hint(wanted.rule, float(value))
        )
    if wanted.rule == "distribution" and within.all():
        _check_sums(rows, view, wanted)


def _check_sums(rows: _Rows, view: View, wanted: Wanted) -> None:
    assert rows.values is not None
    totals = rows.values.sum(axis=1)
    for sample in np.flatnonzero(np.abs(totals - 1) > 1e-6):
        _at(view, int(sample), rows.shape[0]).add(
            f"the labels of sample {sample + 1} add up to {totals[sample]:g}, {wanted.loss} needs 1",
            "write a one-hot row or probabilities" if rows.shape[1] > 1 else "use binary_cross_entropy for one output",
        )


def _hint(rule: str, value: float) -> str:
    if rule == "plus_minus":
        return "write -1 or 1"
    if rule == "unused":
        return "leave labels out, or write 1"
    if rule == "zero_one":
        return "write 0 or 1"
    if value == -1:
        return "labels -1 and 1 belong to hinge: write 0 and 1"
    return "write a number from 0 to 1"


def _check_perceptron(values: Array, view: View) -> None:
    found = set(values[~np.isnan(values)].tolist())
    if found <= _BINARY or found <= _PLUS_MINUS:
        return
    samples = values.shape[0]
    usual = np.isin(values.reshape(-1), sorted(_BINARY | _PLUS_MINUS)) | np.isnan(values.reshape(-1))
    strange = np.flatnonzero(~usual).tolist()
    for place in strange:
        value = values.reshape(-1)[place]
        _at(view, place, samples).add(f"label {value:g} is out of range", "write 0 and 1, or -1 and 1")
    if not strange:
        view.add("labels 0 and -1 are mixed", "write 0 and 1, or -1 and 1")
