"""The tree a problem file is read into: every value knows its line and its text as typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field

from stepwise.problem.numbers import NumberError, parse_number


class Scalar(Struct):
    """One value: its text as typed, and whether it stood in quotes (then it is never null, true or false)."""

    text: str
    line: int | None = None
    quoted: bool = False

    @property
    def is_null(self) -> bool:
        return not self.quoted and self.text in {"", "~", "null"}

    @property
    def boolean(self) -> bool | None:
        """True or False for a plain `true` or `false`, else None: `no` and `on` are words."""
        return None if self.quoted else {"true": True, "false": False}.get(self.text)


class ListNode(Struct):
    """A list of values."""

    items: list[Node]
    line: int | None = None


class MapNode(Struct):
    """Fields by name, in the order of the file."""

    fields: dict[str, Node]
    line: int | None = None
    key_lines: dict[str, int] = field(default_factory=dict)


class ArrayNode(Struct):
    """Numbers that nobody typed, as an array."""

    array: npt.NDArray[Any]
    line: int | None = None


Node: TypeAlias = Scalar | ListNode | MapNode | ArrayNode


def kind(node: Node) -> str:
    """What a person would call this value."""
    if isinstance(node, MapNode):
        return "fields (name: value)"
    if isinstance(node, ListNode | ArrayNode):
        return "a list"
    if node.is_null:
        return "nothing"
    if node.boolean is not None:
        return f"`{node.text}`"
    return f"{shortened(node.text)!r}"


def shortened(text: str, limit: int = 40) -> str:
    """Text for a message: one line, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


DEEPEST = 40
"""Lists within lists; the deepest honest file has about six."""
_WITH_NUMBERS = frozenset({"weights", "biases", "inputs", "labels", "preprocess"})


def from_plain(data: object, depth: int = 0, numbers: bool = False) -> Node:
    """JSON-able data as a tree without lines; in the fields that hold `numbers`, `values` become an array."""
    if depth > DEEPEST:
        raise ValueError(f"more than {DEEPEST} lists or fields inside one another")
    if isinstance(data, Mapping):
        return MapNode({str(key): _field(str(key), value, depth, numbers) for key, value in data.items()})
    if isinstance(data, list | tuple):
        return ListNode([from_plain(item, depth + 1, numbers) for item in data])
    if isinstance(data, np.ndarray):
        return ArrayNode(data)
    if data is None:
        return Scalar("null")
    if isinstance(data, bool):
        return Scalar("true" if data else "false")
    if isinstance(data, float | int):
        return Scalar(repr(float(data)) if isinstance(data, float) else str(int(data)))
    return Scalar(str(data), quoted=True)


def _field(key: str, value: object, depth: int, numbers: bool) -> Node:
    if numbers and key == "values" and isinstance(value, list | tuple | float | int):
        try:
            return ArrayNode(np.array(value, dtype=np.float64))
        except (ValueError, TypeError, OverflowError):
            pass  # ragged or no numbers: read as a list, which says what is wrong
    return from_plain(value, depth + 1, numbers or (depth == 0 and key in _WITH_NUMBERS))


def to_plain(node: Node, loaded: Mapping[int, npt.NDArray[Any]] | None = None) -> Any:
    """The tree as JSON-able data; arrays stay arrays. `loaded` has what data files hold, by `id(node)`."""
    if isinstance(node, MapNode):
        if loaded and id(node) in loaded:
            return _plain_array(loaded[id(node)])
        return {key: to_plain(value, loaded) for key, value in node.fields.items()}
    if isinstance(node, ListNode):
        return [to_plain(item, loaded) for item in node.items]
    if isinstance(node, ArrayNode):
        return node.array
    return _plain_scalar(node)


def _plain_array(array: npt.NDArray[Any]) -> Any:
    """What a data file holds, as it would stand in a problem file: numbers that nobody typed, or the typed texts."""
    if array.dtype != np.object_:
        return {"values": array}
    return [[_plain_scalar(Scalar(text)) for text in row] for row in array]


def _plain_scalar(node: Scalar) -> Any:
    if node.is_null:
        return None
    if node.boolean is not None:
        return node.boolean
    if not node.quoted and len(node.text) < 30:
        try:
            value = parse_number(node.text).value
        except NumberError:
            return node.text
        for number in (int(value) if value.is_integer() else value, value):
            if repr(number) == node.text:
                return number
    return node.text


class Document(Mapping[str, Any]):
    """A problem file as JSON-able data. Arrays become lists of numbers only where somebody asks for them."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self.fields = dict(fields)

    def __getitem__(self, key: str) -> Any:
        return listed(self.fields[key])

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)

    def __repr__(self) -> str:
        return f"Document({', '.join(self.fields)})"


def listed(value: Any) -> Any:
    """The same data with arrays as lists of numbers."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, dict):
        return {key: listed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [listed(item) for item in value]
    return value
