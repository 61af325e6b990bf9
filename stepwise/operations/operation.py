"""What a person does in one line: a name and an array expression over named slots."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stepwise.expressions import Expr


@dataclass(frozen=True)
class Mistake:
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


@dataclass(frozen=True)
class Operation:
    """One line of calculation. `tree` refers to the operands by slot; `Line` parts become lines of their own.

    `mistakes` gives those of this operation alone, when somebody asks; what can go wrong in any operation of its kind
    (the logarithm, the 1/N) is added by `stepwise.operations.mistakes.mistakes_of`.
    """

    name: str
    tree: Expr
    mistakes: Callable[[], Mistakes] = field(default=none, compare=False)


def records(package: str, path: Any, kind: type) -> dict[str, Any]:
    """Every record of `kind` found in the modules of a folder, by name: a new file needs no list to be in."""
    found = {}
    for file in sorted(Path(next(iter(path))).glob("[!_]*.py")):
        for value in vars(importlib.import_module(f"{package}.{file.stem}")).values():
            if isinstance(value, kind):
                found[value.name] = value  # type: ignore[attr-defined]
    return found
