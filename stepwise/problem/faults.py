"""Collecting everything that is wrong with one file, and looking at its tree with a path in hand."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from stepwise.errors import Fault, SpecError, nearest
from stepwise.problem.nodes import ListNode, MapNode, Node, Scalar

_MOST = 50
"""Faults that are listed; a file with more has one cause."""


class Faults:
    """The faults of one file. After the fiftieth they are only counted."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._places: set[str] = set()
        self._count = 0
        self.root: Node | None = None
        """The whole file."""
        self.meant: dict[str, View] = {}
        """Values that stand under a wrong name, by the path where they belong: they are read from there."""
        self.hinted: set[str] = set()
        """Fields that the hint of a fault asks for already: that they are missing is no news."""
        self.shortened = False
        """Whether a list was too long to be read: what does not fit it is no news either."""

    def add(
        self, message: str, *, path: str = "", line: int | None = None, hint: str = "", spoils: bool = True
    ) -> None:
        """Note a fault. It spoils the value at `path`, unless only the name of that value is wrong."""
        self._count += 1
        for end in (index for index, letter in enumerate(path) if letter in ".["):
            self._places.add(path[:end])
        if spoils:
            self._places.add(path)
        if self._count <= _MOST:
            self._faults.append(Fault(message, path, line, hint))

    def inside(self, path: str) -> bool:
        """Whether something is already known to be wrong with the value at `path` or inside it."""
        return path in self._places

    @property
    def full(self) -> bool:
        return self._count >= _MOST

    def __bool__(self) -> bool:
        return self._count > 0

    def raise_any(self, source: str) -> None:
        """All faults as one error, in the order of the file."""
        if not self._faults:
            return
        ordered = sorted(self._faults, key=lambda fault: fault.line or 0)
        if (rest := self._count - _MOST) > 0:
            message = f"{rest} more fault{'s are' if rest > 1 else ' is'} not listed"
            ordered.append(Fault(message, line=ordered[-1].line, hint=f"mend the first {_MOST}"))
        raise SpecError(source, ordered)


class View(Struct, frozen=True):
    """A value of the file and where it stands."""

    node: Node
    path: str
    faults: Faults

    @property
    def line(self) -> int | None:
        return self.node.line

    def add(self, message: str, hint: str = "") -> None:
        """Note that something is wrong with this value."""
        self.faults.add(message, path=self.path, line=self.line, hint=hint)

    @property
    def sound(self) -> bool:
        """Whether nothing is known to be wrong in here."""
        return not self.faults.inside(self.path)

    def has(self, name: str) -> bool:
        """Whether the field is written down, rightly or wrongly."""
        return self.get(name) is not None

    def get(self, name: str) -> View | None:
        """The value of a field; None where it is left out, empty, or not a field at all."""
        if not isinstance(self.node, MapNode):
            return None
        found = self.node.fields.get(name)
        if found is None or _is_null(found):
            return self.faults.meant.get(self.inside(name)) if self.faults.meant else None
        return View(found, self.inside(name), self.faults)

    def inside(self, name: str) -> str:
        """The path of a field of this value."""
        return f"{self.path}.{name}" if self.path else name

    def good(self, name: str) -> View | None:
        """The value of a field that is there and has nothing wrong inside."""
        found = self.get(name)
        return found if found is not None and found.sound else None

    def items(self) -> list[View]:
        """The values of a list, with places counted from 1."""
        if not isinstance(self.node, ListNode):
            return []
        return [View(item, f"{self.path}[{i}]", self.faults) for i, item in enumerate(self.node.items, 1)]

    def fields(self) -> dict[str, View]:
        """The values of all fields."""
        if not isinstance(self.node, MapNode):
            return {}
        return {name: View(value, self.inside(name), self.faults) for name, value in self.node.fields.items()}

    def keep_first(self, most: int) -> None:
        """Leave out what comes after so many values: nobody checks it, so nobody is to read it."""
        self.faults.shortened = True
        if isinstance(self.node, ListNode):
            del self.node.items[most:]
        elif isinstance(self.node, MapNode):
            for name in [*self.node.fields][most:]:
                del self.node.fields[name]

    @property
    def text(self) -> str:
        """The text of a single value, "" for lists and fields."""
        return self.node.text if isinstance(self.node, Scalar) else ""


def _is_null(node: Node | None) -> bool:
    return node is None or (isinstance(node, Scalar) and node.is_null)


def suggestion(word: str, known: Iterable[str]) -> str | None:
    """The known name that `word` was probably meant to be."""
    return nearest(word, known, 0.6)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """What to write instead of `word`: the nearest known name, else all of them."""
    names = list(known)
    near = suggestion(word, names)
    return f"did you mean `{near}`?" if near else f"write one of: {', '.join(names)}"
