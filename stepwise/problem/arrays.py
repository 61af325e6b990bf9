"""Reading arrays of numbers: lists in lists, one number, a data file, or only a shape."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field

from stepwise.problem.check import SPEC, check_fields
from stepwise.problem.faults import Faults, View
from stepwise.problem.model import Array, Given
from stepwise.problem.nodes import ArrayNode, ListNode, MapNode, Node, Scalar, kind
from stepwise.problem.numbers import EXAMPLES, USUAL, NumberError, parse_number, parse_number_or_letter

Shape = tuple[int, ...]


class Reading(Struct):
    """One file on its way to a Problem: what is wrong so far, where data files lie, and what was read from them."""

    faults: Faults
    folder: Path | None
    loaded: dict[int, npt.NDArray[Any]] = field(default_factory=dict)


class Tensor(Struct, frozen=True, eq=False):
    """Numbers of zero, one or two axes as they stand in the file; `values` None where only the shape is known."""

    view: View
    shape: Shape
    values: Array | None = None
    texts: npt.NDArray[np.object_] | None = None

    def given(self, shape: tuple[int, int], *, transposed: bool = False, known: bool = True) -> Given:
        """These numbers with two axes; `known` False keeps the shape alone."""
        if self.values is None or not known:
            return Given(shape[::-1] if transposed else shape)
        values, texts = self.values.reshape(shape), None if self.texts is None else self.texts.reshape(shape)
        if transposed:
            values, texts = values.T.copy(), None if texts is None else texts.T.copy()
        return Given((values.shape[0], values.shape[1]), values, texts)


def read_array(view: View, reading: Reading, deepest: int = 2, *, letters: bool = True) -> Tensor | None:
    """The numbers at `view`, with at most `deepest` axes; None where something is wrong with them.

    With `letters` a number may be left open: its text is then the letter, its value not a number.
    """
    if not view.sound:
        return None
    node = view.node
    if isinstance(node, MapNode):
        return _sourced(view, reading, deepest)
    if isinstance(node, ArrayNode):
        return _untyped(view, node.array, deepest)
    found = _Numbers(view, letters)
    shape = found.collect(node, view.path, deepest)
    if shape is None or not view.sound:
        return None
    texts = np.empty(len(found.texts), dtype=np.object_)
    texts[:] = found.texts
    return Tensor(view, shape, np.array(found.values, dtype=np.float64).reshape(shape), texts.reshape(shape))


class _Numbers:
    """Collects typed numbers (and letters) from lists in lists, and the faults among them."""

    def __init__(self, view: View, letters: bool) -> None:
        self.values: list[float] = []
        self.texts: list[str] = []
        self._view = view
        self._letters = letters
        self._read = parse_number_or_letter if letters else parse_number

    def collect(self, node: Node, path: str, deepest: int) -> Shape | None:
        if isinstance(node, Scalar):
            return self._number(node, path)
        if not isinstance(node, ListNode):
            self._fault(node, path, f"{kind(node)} stands where a number belongs", EXAMPLES)
            return None
        if deepest == 0:
            self._fault(node, path, "a list stands where a number belongs", "remove a pair of brackets")
            return None
        if not node.items:
            self._fault(node, path, "an empty list stands where numbers belong", "write at least one number")
            return None
        first: Shape | None = None
        for place, item in enumerate(node.items, 1):
            if isinstance(item, Scalar) and USUAL.fullmatch(item.text):
                shape: Shape | None = self._usual(item.text)
            else:
                shape = self.collect(item, f"{path}[{place}]", deepest - 1)
            first = shape if first is None else first
            if shape is not None and first is not None and shape != first:
                self._ragged(item, f"{path}[{place}]", place, shape, first)
        return None if first is None else (len(node.items), *first)

    def _usual(self, text: str) -> Shape:
        """A number in a list of numbers; there may be very many."""
        value = float(text)
        self.values.append(value or 0.0)
        self.texts.append(text if value else text.removeprefix("-"))
        return ()

    def _number(self, node: Scalar, path: str) -> Shape:
        try:
            number = self._read(node.text)
        except NumberError as error:
            if node.is_null or node.boolean is not None:
                self._fault(node, path, f"{kind(node)} stands where a number belongs", EXAMPLES)
                return ()
            hint = f"{error.hint}, or a letter such as w11" if self._letters and error.hint == EXAMPLES else error.hint
            self._fault(node, path, str(error), hint)
            return ()
        self.values.append(number.value)
        self.texts.append(number.text)
        return ()

    def _ragged(self, node: Node, path: str, place: int, shape: Shape, first: Shape) -> None:
        if len(shape) != len(first):
            self._fault(node, path, f"this is {_counted(shape)}, the first is {_counted(first)}", "make all rows alike")
        else:
            message = f"row {place} has {_counted(shape)}, the first has {_counted(first)}"
            self._fault(node, path, message, "make all rows equally long")

    def _fault(self, node: Node, path: str, message: str, hint: str) -> None:
        self._view.faults.add(message, path=path, line=node.line, hint=hint)


def _counted(shape: Shape) -> str:
    if not shape:
        return "one number"
    return f"{shape[0]} number{'s' * (shape[0] > 1)}" if len(shape) == 1 else " × ".join(map(str, shape))


def _untyped(view: View, array: npt.NDArray[Any], deepest: int) -> Tensor | None:
    if array.dtype.kind not in "buif" or array.size == 0:
        view.add("there are no numbers", "write at least one number")
    elif array.ndim > deepest:
        view.add(f"the array has {array.ndim} axes, it may have {deepest} at most", "remove a pair of brackets")
    elif not np.isfinite(array).all():
        view.add("a number is NaN or infinite", "write finite numbers only")
    else:
        return Tensor(view, array.shape, array.astype(np.float64) + 0.0)
    return None


def _sourced(view: View, reading: Reading, deepest: int) -> Tensor | None:
    """`{file, key}`, `{shape}` or `{values}`."""
    if not set(view.fields()) & {"init", "seed"}:
        check_fields(view, SPEC, "Source")  # entries of lists were not looked at before
    ways = [name for name in ("file", "shape", "values") if view.has(name)]
    if view.sound and len(ways) != 1:
        view.add(
            f"{' and '.join(ways)} are given" if ways else "nothing is given",
            "write one of `file`, `shape` or `values`",
        )
    if view.sound and view.has("key") and ways != ["file"]:
        view.add("`key` belongs to `file`", "leave `key` out")
    if not view.sound:
        return None
    source = view.get(ways[0])
    assert source is not None
    if ways == ["file"]:
        return _from_file(view, source, reading, deepest)
    if ways == ["shape"]:
        dimensions = source.items() or [source]
        shape = tuple(int(dimension.text) for dimension in dimensions)
        if len(shape) > deepest:
            source.add(f"the shape has {len(shape)} numbers", f"write at most {deepest}")
            return None
        return Tensor(view, shape)
    found = read_array(source, reading, deepest)
    return None if found is None else Tensor(view, found.shape, found.values)


def _from_file(view: View, source: View, reading: Reading, deepest: int) -> Tensor | None:
    if reading.folder is None:
        source.add("data files need a folder", "read the problem from a file, or write the numbers down")
        return None
    # only a problem with data files waits for what reads them
    from stepwise.problem.datafiles import read_data
    from stepwise.problem.tables import DataError

    key = view.get("key")
    try:
        data = read_data(reading.folder / source.text, key.text if key else None)
    except DataError as error:
        source.add(str(error), error.hint)
        return None
    array = data.values
    if array.ndim > deepest:
        source.add(f"the array has {array.ndim} axes", f"it may have {deepest} at most: one row a sample")
        return None
    reading.loaded[id(view.node)] = array if data.texts is None else data.texts
    return Tensor(view, array.shape, array, data.texts)
