"""Every small error is tried: a process that has the libraries is forked, the error put in on import, the tests run."""

from __future__ import annotations

import contextlib
import importlib
import os
import resource
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

from tests.mutation.changes import Change, changed

LIBRARIES = ("click", "hypothesis", "jinja2", "msgspec", "numpy", "scipy.optimize", "sympy", "yaml")
"""What every process would import anew, and what does not change."""
CPU_SECONDS = 60
"""An error that makes the tests run for longer is noticed, too."""
_FIRST = 10
"""The exit status that says that the first of the tests failed."""


@dataclass(frozen=True)
class Verdict:
    """What became of a change: the tests noticed it, or it survived."""

    change: Change
    killed: bool
    seconds: float


@dataclass(frozen=True)
class _Trial:
    """A change that is being tried by tests, in their order."""

    change: Change
    tests: Sequence[str]
    start: float


class _Changed(MetaPathFinder):
    """Gives the import system the changed module in place of the one in the file."""

    def __init__(self, module: str, code: CodeType) -> None:
        self.module, self.code = module, code

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if name != self.module:
            return None
        spec = PathFinder.find_spec(name, path, target)
        assert spec is not None
        assert spec.origin is not None
        spec.loader = _Loader(name, spec.origin, self.code)
        return spec


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, code: CodeType) -> None:
        super().__init__(name, path)
        self._changed = code

    def get_code(self, fullname: str) -> CodeType:
        return self._changed


def module_of(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def verdicts(pairs: Iterable[tuple[Change, Sequence[str]]], root: Path, jobs: int) -> Iterator[Verdict]:
    """The verdict on each change by the tests beside it, as they come."""
    for library in LIBRARIES:
        importlib.import_module(library)
    running: dict[int, _Trial] = {}
    noticing: dict[str, str] = {}
    for change, tests in pairs:
        while len(running) >= jobs:
            yield _ended(running, noticing)
        # what noticed the last error of a file will notice most others
        ordered = sorted(tests, key=lambda one: one != noticing.get(change.file))
        child = os.fork()
        if child == 0:
            _try(changed(change, root), module_of(change.file), root, ordered)
        running[child] = _Trial(change, ordered, time.monotonic())
    while running:
        yield _ended(running, noticing)


def passes(root: Path, tests: Sequence[str]) -> bool:
    """Whether the tests pass without a change."""
    for library in LIBRARIES:
        importlib.import_module(library)
    child = os.fork()
    if child == 0:
        _try(None, "", root, tests)
    return os.waitpid(child, 0)[1] == 0


def _ended(running: dict[int, _Trial], noticing: dict[str, str]) -> Verdict:
    child, status = os.wait()
    trial = running.pop(child)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) >= _FIRST:
        noticing[trial.change.file] = trial.tests[os.WEXITSTATUS(status) - _FIRST]
    return Verdict(trial.change, status != 0, time.monotonic() - trial.start)


def _try(tree: Any, module: str, root: Path, tests: Sequence[str]) -> None:
    """In the forked process, which ends here: exit status 0 where every test passed, else which of them failed."""
    status = 1
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        if tree is not None:
            code = compile(tree, str(root / f"{module.replace('.', '/')}.py"), "exec")
            sys.meta_path.insert(0, _Changed(module, code))
        with contextlib.chdir(root):
            quiet = ("-q", "-x", "--tb=no", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-seed=0")
            # one by one: most errors are noticed by the first, and the others need not be read
            status = next((_FIRST + at for at, one in enumerate(tests) if pytest.main([*quiet, one])), 0)
    finally:
        os._exit(status)
