"""Who may import whom: the order of the rooms, read off the imports."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.tooling import ROOT

PACKAGE = ROOT / "stepwise"

# A room imports only from itself and from rooms of earlier rows; rooms of one row know nothing of one another.
ROWS = (
    ("errors",),
    ("resources", "kept"),
    ("expressions",),
    ("notation",),
    ("operations",),
    ("problem",),
    ("derivation",),
    ("trace",),
    ("asking",),
    ("symbolic", "checking", "sheets", "verifying"),
    ("document",),
    ("cli",),
)
RANK = {room: rank for rank, row in enumerate(ROWS) for room in row}
ONLY_IN = {"jinja2": "document", "click": "cli"}
# Costs more than everything else at start, so it is imported where it is used.
ONLY_INSIDE_FUNCTIONS = {"sympy"}


@dataclass(frozen=True)
class Import:
    """One imported module, and whether importing the file imports it."""

    module: str
    line: int
    at_start: bool


def imports(source: str, module: str, is_package: bool) -> Iterator[Import]:
    """All imports of a file, absolute; those for type checkers only do not count as at the start."""
    yield from _walk(ast.parse(source), module.split(".") if is_package else module.split(".")[:-1], at_start=True)


def _walk(node: ast.AST, package: list[str], at_start: bool) -> Iterator[Import]:
    if isinstance(node, ast.Import):
        yield from (Import(name.name, node.lineno, at_start) for name in node.names)
    elif isinstance(node, ast.ImportFrom):
        above = package[: len(package) - node.level + 1] if node.level else []
        base = ".".join([*above, *([node.module] if node.module else [])])
        # `from stepwise import trace` imports the room trace
        names = [f"{base}.{name.name}" for name in node.names] if base == "stepwise" else [base]
        yield from (Import(name, node.lineno, at_start) for name in names)
    elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        for statement in node.body:
            yield from _walk(statement, package, at_start=False)
        for statement in node.orelse:
            yield from _walk(statement, package, at_start)
    else:
        inside = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.iter_child_nodes(node):
            yield from _walk(child, package, at_start and not inside)


def may_import(room: str, name: str) -> bool:
    """Whether `room` may import `stepwise.<name>`: itself, rooms above it, the version; `cli` also the public names."""
    if name in RANK:
        return name == room or RANK[name] < RANK[room]
    return name == "__version__" or room == "cli"


def complaints(source: str, module: str, is_package: bool = False) -> list[str]:
    """What the file called `module` imports against the rules."""
    room = module.split(".")[1]
    found = []
    for imported in imports(source, module, is_package):
        top, _, rest = imported.module.partition(".")
        if top == "stepwise" and not may_import(room, rest.partition(".")[0]):
            found.append(f"{module}:{imported.line}: {room} imports {imported.module}")
        if top in ONLY_IN and ONLY_IN[top] != room:
            found.append(f"{module}:{imported.line}: only {ONLY_IN[top]} imports {top}")
        if top in ONLY_INSIDE_FUNCTIONS and imported.at_start:
            found.append(f"{module}:{imported.line}: {top} is imported inside functions only")
    return found


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or path.stem in RANK)


def test_every_room_has_its_place_in_the_order() -> None:
    files = (path for path in PACKAGE.iterdir() if path.suffix == ".py" or any(path.glob("*.py")))
    assert {path.stem for path in files} <= {*RANK, "__init__", "__main__"}


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_a_file_imports_only_what_its_room_may(path: Path) -> None:
    is_package = path.name == "__init__.py"
    assert complaints(path.read_text(encoding="utf-8"), module_name(path), is_package) == []


# What reads pages shares no code with what writes them, and needs nothing but Python.
INDEPENDENT = PACKAGE / "verifying" / "printed"
# What the losses are calculated with a second time.
WRITTEN_ANEW = ("plain", "exact", "formula", "differences")


def foreign(path: Path, allowed: tuple[str, ...]) -> list[str]:
    """What a file imports beside Python itself and the `allowed` modules."""
    found = imports(path.read_text(encoding="utf-8"), module_name(path), path.name == "__init__.py")
    names = [one.module for one in found if one.module.partition(".")[0] not in sys.stdlib_module_names]
    return [name for name in names if not any(name == one or name.startswith(f"{one}.") for one in allowed)]


def test_what_reads_pages_shares_no_code_with_what_writes_them() -> None:
    files = sorted(INDEPENDENT.glob("*.py"))
    assert len(files) >= 8
    for path in files:
        assert foreign(path, ("stepwise.verifying.printed",)) == [], path.name
    assert foreign(PACKAGE / "verifying" / "lines.py", ("stepwise.verifying",)) != []


@pytest.mark.parametrize("name", WRITTEN_ANEW)
def test_what_calculates_a_second_time_shares_no_code_with_the_first(name: str) -> None:
    allowed = ("numpy", "sympy", *(f"stepwise.verifying.{one}" for one in WRITTEN_ANEW))
    assert foreign(PACKAGE / "verifying" / f"{name}.py", allowed) == []


@pytest.mark.parametrize(
    ("source", "module", "is_package", "expected"),
    [
        ("from stepwise.trace import Trace", "stepwise.derivation.plan", False, "derivation imports stepwise.trace"),
        ("from stepwise import cli", "stepwise.document.render", False, "document imports stepwise.cli"),
        ("from ..cli import main", "stepwise.document.render", False, "document imports stepwise.cli"),
        ("from .. import cli", "stepwise.document", True, "document imports"),
        ("from stepwise.sheets import draw", "stepwise.checking.mark", False, "checking imports stepwise.sheets"),
        ("from stepwise import render", "stepwise.trace.json", False, "trace imports stepwise.render"),
        ("def f():\n    import stepwise.cli", "stepwise.trace.exact", False, "trace imports stepwise.cli"),
        ("import jinja2", "stepwise.cli.solve", False, "only document imports jinja2"),
        ("from click import echo", "stepwise.document.render", False, "only cli imports click"),
        ("import sympy", "stepwise.symbolic.check", False, "sympy is imported inside functions only"),
        (
            "try:\n    from sympy.core import Add\nexcept ImportError:\n    pass",
            "stepwise.cli",
            True,
            "inside functions",
        ),
    ],
)
def test_a_forbidden_import_is_found(source: str, module: str, is_package: bool, expected: str) -> None:
    (found,) = complaints(source, module, is_package)
    assert expected in found


@pytest.mark.parametrize(
    ("source", "module"),
    [
        ("from stepwise.errors import SpecError\nfrom .model import Problem\nimport numpy", "stepwise.problem.read"),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import sympy", "stepwise.symbolic.check"),
        ("def f():\n    import sympy\n    return sympy.pi", "stepwise.symbolic.check"),
        ("import click\nfrom stepwise.document import render", "stepwise.cli.solve"),
        ("from stepwise import __version__", "stepwise.trace.json"),
        ("from stepwise import load_problem, solve", "stepwise.cli.solve"),
    ],
)
def test_an_allowed_import_is_let_pass(source: str, module: str) -> None:
    assert complaints(source, module) == []


def modules_after(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_version_costs_no_import() -> None:
    assert not modules_after("from stepwise import __version__") & {"numpy", "jinja2", "yaml", "click", "sympy"}


def test_the_public_names_come_without_sympy_and_click() -> None:
    assert not modules_after("from stepwise import *") & {"sympy", "click"}
