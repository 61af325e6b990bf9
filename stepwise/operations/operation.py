"""What a person does in one line: a name and an array expression over named slots."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct

from stepwise.expressions import Expr

R = TypeVar("R")


class Mistake(Struct, frozen=True):
    """A way in which people get a line wrong: the tree that they compute instead.

    It refers to the operands by slot, as the operation's tree does, and may name lines of it (`ref("exp")`) and slots
    that the right line does not need; where a problem does not have one of them, the mistake cannot be made. `line`
    is the `Line` part of the operation in which it is made, "" where it is the operation's own line.
    """

    name: str
    tree: Expr
    line: str = ""


Mistakes = tuple[Mistake, ...]


def none(*_: Any) -> Mistakes:
    """No mistakes of its own."""
    return ()


def made(**trees: Expr) -> Mistakes:
    """Mistakes in an operation's own line, by name."""
    return tuple(Mistake(name, tree) for name, tree in trees.items())


def made_in(line: str, **trees: Expr) -> Mistakes:
    """Mistakes in one of the lines inside an operation, by name."""
    return tuple(Mistake(name, tree, line) for name, tree in trees.items())


class Operation(Struct, frozen=True):
    """One line of calculation. `tree` refers to the operands by slot; `Line` parts become lines of their own.

    `mistakes` gives those of this operation alone, when somebody asks; what can go wrong in any operation of its kind
    (the logarithm, the 1/N) is added by `stepwise.operations.mistakes.mistakes_of`.
    """

    name: str
    tree: Expr
    mistakes: Callable[[], Mistakes] = none


class Records(Mapping[str, R]):
    """The records of a folder by name, each in the file of its name: a new file needs no list to be in.

    A file is imported when its record is asked for: a network of sigmoids does not wait for the other activations.
    """

    def __init__(self, package: str, path: Sequence[str], kind: type[R]) -> None:
        self._package, self._kind = package, kind
        self._names = tuple(sorted(file.stem for file in Path(path[0]).glob("[!_]*.py")))
        self._found: dict[str, R] = {}

    def __getitem__(self, name: str) -> R:
        if name not in self._found:
            if name not in self._names:
                raise KeyError(name)
            module = import_module(f"{self._package}.{name}")
            self._found[name] = next(value for value in vars(module).values() if isinstance(value, self._kind))
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
