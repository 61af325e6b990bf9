"""The mutation check works: it finds errors to put in, puts in what it says, and tells noticed ones from survivors."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutation.changes import changed, changes
from tests.mutation.plan import TESTS, files, known_by
from tests.tooling import ROOT

SOURCE = '''"""A module."""

def half(x: int | None, most: float = 0.5) -> bool:
    """Is left alone: 1 - 2."""
    done = []
    if x < 3 and not done:
        done.append(max(x - 1, 0))
    return W.T @ x if most == 0.5 else made(one="rows")
'''
WANTED = {
    "`0.5` → `1.0`",
    "`x < 3 and (not done)` → `not (x < 3 and (not done))`",
    "`x < 3 and (not done)` → `x < 3 or not done`",
    "`x < 3` → `x <= 3` in `x < 3 and (not done)`",
    "`x < 3` → `x > 3` in `x < 3 and (not done)`",
    "`3` → `4` in `x < 3`",
    "`not done` → `done` in `x < 3 and (not done)`",
    "`done.append(max(x - 1, 0))` → nothing",
    "`max` → `min` in `max(x - 1, 0)`",
    "`x - 1` → `x + 1` in `max(x - 1, 0)`",
    "`x - 1` → `1 - x` in `max(x - 1, 0)`",
    "`1` → `2` in `x - 1`",
    "`0` → `1` in `max(x - 1, 0)`",
    "`W.T @ x if most == 0.5 else made(one='rows')` → `made(one='rows') if most == 0.5 else W.T @ x`",
    "`most == 0.5` → `most != 0.5` in `W.T @ x if most == 0.5 else made(one='rows')`",
    "`0.5` → `1.0` in `most == 0.5`",
    "`W.T @ x` → `W.T * x` in `W.T @ x if most == 0.5 else made(one='rows')`",
    "`W.T @ x` → `x @ W.T` in `W.T @ x if most == 0.5 else made(one='rows')`",
    "`W.T` → `W` in `W.T @ x`",
    "`one='rows'` → nothing in `made(one='rows')`",
    "`'rows'` → `'columns'` in `one='rows'`",
}


def test_every_small_error_is_found_and_types_and_documentation_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "half.py").write_text(SOURCE, encoding="utf-8")
    found = changes("half.py", tmp_path)
    assert {one.key.removeprefix("half.py::half: ") for one in found} == WANTED
    assert len({one.key for one in found}) == len(found)


def test_exactly_one_thing_is_changed(tmp_path: Path) -> None:
    (tmp_path / "half.py").write_text(SOURCE, encoding="utf-8")
    right = ast.unparse(ast.parse(SOURCE)).split("\n")
    for one in changes("half.py", tmp_path):
        made = ast.unparse(changed(one, tmp_path)).split("\n")
        assert len(made) == len(right)
        assert sum(old != new for old, new in zip(right, made, strict=True)) == 1


def test_the_operations_and_the_arithmetics_are_checked_by_tests_that_exist() -> None:
    checked = files(ROOT)
    assert {str(path.relative_to(ROOT)) for path in (ROOT / "stepwise/operations").rglob("*.py")} <= set(checked)
    assert all((ROOT / test).exists() for tests in TESTS.values() for test in tests)
    assert known_by("stepwise/operations/own.py") != known_by("stepwise/operations/linear.py")
    # all that is on the list of survivors is still there to survive
    every = {change.key for name in checked for change in changes(name, ROOT)}
    assert not [key for key in explained() if key not in every]


def explained() -> list[str]:
    """The errors that SURVIVORS.md explains, as its table names them."""
    text = (ROOT / "tests/mutation/SURVIVORS.md").read_text(encoding="utf-8")
    return [row.split(" | ")[0].removeprefix("| ") for row in text.split("\n") if row.startswith("| stepwise/")]


@pytest.mark.skipif(sys.platform == "win32", reason="needs processes that fork")
def test_a_sample_is_noticed() -> None:
    command = [sys.executable, "-m", "tests.mutation", "--sample", "2", "--verbose"]
    chosen = ["stepwise/expressions/rationals.py", "stepwise/operations/activations/relu.py"]
    done = subprocess.run(
        [*command, "--unchecked", *chosen], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("noticed ") >= 4
    assert "mutation: 4 of 4 errors noticed (100.0%), 0 survived" in done.stdout


def test_an_error_that_no_test_looks_at_survives(tmp_path: Path) -> None:
    package = tmp_path / "stepwise"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "sums.py").write_text("def more(x):\n    return x + 1\n\n\ndef less(x):\n    return x - 1\n")
    test = "from stepwise.sums import more\n\n\ndef test_more():\n    assert more(1) == 2\n"
    (tmp_path / "test_sums.py").write_text(test, encoding="utf-8")
    script = (
        "import os, sys\nfrom pathlib import Path\n"
        f"sys.path.append({str(ROOT)!r})\n"
        "from tests.mutation import run\nfrom tests.mutation.changes import changes\n"
        "run.LIBRARIES = ()\nroot = Path.cwd()\nassert run.passes(root, ['test_sums.py'])\n"
        "pairs = [(one, ['test_sums.py']) for one in changes('stepwise/sums.py', root)]\n"
        "for one in run.verdicts(pairs, root, 2):\n    print(one.killed, one.change.key)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert sorted(done.stdout.splitlines()) == [
        "False stepwise/sums.py::less: `1` → `2` in `x - 1`",
        "False stepwise/sums.py::less: `x - 1` → `1 - x`",
        "False stepwise/sums.py::less: `x - 1` → `x + 1`",
        "True stepwise/sums.py::more: `1` → `2` in `x + 1`",
        "True stepwise/sums.py::more: `x + 1` → `x - 1`",
    ], done.stderr
