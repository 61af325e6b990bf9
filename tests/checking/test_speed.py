"""A class of a thousand through the command: how long it takes, how much memory, and that nobody is lost."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from stepwise.asking.lines import Line
from stepwise.expressions.tree import Expr
from tests.tooling import ROOT

from .evaluating import Array, questions, rounding, whole, work
from .test_mistakes_named import mistakes

CLASS = 1000
SECONDS, MEGABYTES = 3.0, 200
# a process of its own: what a process takes counts for its children until they have started
MEASURE = """
import json, resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([code, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""


def write_class(folder: Path, name: str, count: int) -> list[Path]:
    """Answer files: a third careful, a third with a known mistake, the others with other errors and blanks."""
    rng = Random(count)
    kinds = [rng.choice(("careful", "careful", "mistake", "mistake", "error", "blank")) for _ in range(count)]
    instead: dict[str, dict[int, Expr]] = {}
    spoilt: dict[str, list[int]] = {}
    asked = [one.id for one in questions(name).asked]
    for student, kind in enumerate(kinds):
        if kind == "mistake":
            made = rng.choice(mistakes(name))
            instead.setdefault(made.line, {})[student] = made.tree
        elif kind == "error":
            spoilt.setdefault(rng.choice(asked), []).append(student)
    decimals = np.array([rng.choice((3, 4, 5)) for _ in range(count)])[:, None, None]

    def after(line: Line, numbers: Array) -> Array:
        numbers = rounding(line, numbers, decimals)
        for student in spoilt.get(line.id, ()):
            numbers[student] = numbers[student] * 1.37 + 0.01
        return numbers

    values = work(whole(name), count, after=after, instead=instead)
    paths = []
    for student, kind in enumerate(kinds):
        left_out = set(rng.sample(asked, 2)) if kind == "blank" else set()
        lines = [f"{one}: {_typed(name, one, values[one][student])}" for one in asked if one not in left_out]
        paths.append(folder / f"{student:04}.yaml")
        paths[-1].write_text(f"problem: {name}\nstudent: s{student:04}\nanswers:\n  " + "\n  ".join(lines) + "\n")
    return paths


def _typed(name: str, quantity: str, numbers: Array) -> Any:
    return json.dumps(questions(name).quantities[quantity].edge(numbers))


def mark(name: str, folder: Path, count: int) -> tuple[float, float, Path]:
    """The seconds of computing and the megabytes that marking so many students takes, and the marks."""
    folder.mkdir()
    paths = write_class(folder, name, count)
    output = folder / "marks.csv"
    command = [sys.executable, "-m", "stepwise", "check", name, *map(str, paths), "--format", "csv", "-o", str(output)]
    run = subprocess.run([sys.executable, "-c", MEASURE, *command], cwd=ROOT, capture_output=True, check=True)
    code, seconds, megabytes = json.loads(run.stdout)
    assert code == 1, run.stderr
    return seconds, megabytes, output


@pytest.mark.slow
@pytest.mark.parametrize("name", ["xor-mlp", "softmax-cross-entropy-mlp"])
def test_a_class_of_a_thousand(name: str, tmp_path: Path, record_property: Any) -> None:
    half, _, _ = mark(name, tmp_path / "half", CLASS // 2)
    seconds, megabytes, output = mark(name, tmp_path / "all", CLASS)
    record_property("speed", (half, seconds, megabytes))
    with output.open(encoding="utf-8-sig") as file:
        students = [row[0] for row in csv.reader(file)]
    assert [f"s{number:04}" for number in range(CLASS)] == sorted(set(students) & {f"s{n:04}" for n in range(CLASS)})
    assert seconds < SECONDS
    assert megabytes < MEGABYTES
    # start-up is a part of both
    assert seconds < 2.2 * half
