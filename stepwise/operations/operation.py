"""What a person does in one line: a name and an array expression over named slots."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stepwise.expressions import Expr


@dataclass(frozen=True)
class Operation:
    """One line of calculation. `tree` refers to the operands by slot; `Line` parts become lines of their own."""

    name: str
    tree: Expr


def records(package: str, path: Any, kind: type) -> dict[str, Any]:
    """Every record of `kind` found in the modules of a folder, by name: a new file needs no list to be in."""
    found = {}
    for file in sorted(Path(next(iter(path))).glob("[!_]*.py")):
        for value in vars(importlib.import_module(f"{package}.{file.stem}")).values():
            if isinstance(value, kind):
                found[value.name] = value  # type: ignore[attr-defined]
    return found
