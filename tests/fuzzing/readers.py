"""The readers of files from strangers, and what is done with a file that reads fine: it is used, as its owner would."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from stepwise import check_class, load_problem, render, solve
from stepwise.asking import Questions, questions_of
from stepwise.checking.by_hand import apply_by_hand, has_marks_by_hand, read_by_hand
from stepwise.checking.reading.files import read_many
from stepwise.document.marking import render_report
from stepwise.errors import StepwiseError
from stepwise.problem import Problem, problem_from_document
from stepwise.problem.vary_text import read_vary_text
from stepwise.resources import names, resource
from stepwise.sheets.exams import is_exam, read_exam
from stepwise.sheets.roster import read_enrolled
from stepwise.trace import trace_from_json, trace_to_json

from .limits import MEGABYTES

_NOT_FINITE = re.compile(r"(?<![A-Za-z])(?:nan|inf)(?![A-Za-z])")
_CLASS = 50
"""So many students are marked."""
_EXAMPLES = Path(__file__).parent / "examples"


class UntruePageError(AssertionError):
    """A page that was made, and has what no page may have."""


@dataclass(frozen=True)
class Reader:
    """One reader: the ending its files have, what is done with one, and files to start from."""

    name: str
    ending: str
    use: Callable[[Path], None]
    starts: Callable[[], list[bytes]]


# ---- what is done with a file


def _solved(problem: Problem, source: str) -> None:
    trace = solve(problem)
    page = render(trace, "md")
    for quantity in trace.quantities.values():
        value = quantity.value
        if value is not None and value.dtype != object and not np.isfinite(value).all() and not problem.has_letters:
            raise UntruePageError(f"{quantity.id} is not finite")
    if not _NOT_FINITE.search(source) and _NOT_FINITE.search(page):
        raise UntruePageError("nan or inf is printed")


def _problem(path: Path) -> None:
    _solved(load_problem(path), path.read_text(encoding="utf-8", errors="replace"))


def _document(path: Path) -> None:
    """The problem of a JSON document, as a program passes it on."""
    problem = problem_from_document(_mapping(path))
    _solved(problem, path.read_text(encoding="utf-8", errors="replace"))
    assert problem_from_document(json.loads(json.dumps(dict(problem.document)))).document == problem.document


def _trace(path: Path) -> None:
    trace = trace_from_json(_mapping(path))
    json.dumps(trace_to_json(trace), allow_nan=False)
    render(trace, "md")


def _mapping(path: Path) -> dict[str, object]:
    """JSON itself is not ours to read: what is no JSON object is nothing to look at."""
    try:
        data = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        raise StepwiseError("no JSON") from None
    if not isinstance(data, dict):
        raise StepwiseError("no JSON object")
    return data


@cache
def questions() -> Questions:
    """What answers are given to."""
    return questions_of(load_problem("xor-mlp"))


def _answers(path: Path) -> None:
    answers, unreadable = read_many([path], questions())
    if answers:
        # marking takes as long as a class is large: what is looked for is in one student's answers
        report = check_class(questions(), answers[:_CLASS])
        for form in ("text", "csv", "json"):
            render_report(report, form)
    if unreadable:
        raise StepwiseError(unreadable[0].message)


def _exam(path: Path) -> None:
    is_exam(path)
    read_exam(path)


def _roster(path: Path) -> None:
    read_enrolled(path)


def _vary(path: Path) -> None:
    read_vary_text(str(path))


def _by_hand(path: Path) -> None:
    has_marks_by_hand(path)
    marks = read_by_hand(path)
    apply_by_hand(check_class(questions(), {"Ada": {}, "s1": {"L": 0.211}}), marks)


def _data(path: Path) -> None:
    """A data file is what a problem reads its inputs from."""
    key = ", key: X" if path.suffix == ".npz" else ""
    beside = path.with_name("of-data.yaml")
    beside.write_text(
        "architecture: {layers: [{units: 2, activation: tanh}]}\nweights: {init: xavier_uniform, seed: 1}\n"
        f"inputs: {{file: {path.name}{key}}}\n"
    )
    _solved(load_problem(beside), "")


# ---- files to start from


def _shipped(folder: str, *endings: str) -> list[bytes]:
    return [resource(folder).joinpath(f"{name}{end}").read_bytes() for end in endings for name in names(folder, end)]


def _example(*endings: str) -> Callable[[], list[bytes]]:
    """The example files of these endings."""
    return lambda: [path.read_bytes() for end in endings for path in sorted(_EXAMPLES.glob(f"*{end}"))]


def _documents() -> list[bytes]:
    return [json.dumps(dict(load_problem(name).document)).encode() for name in names("problems", ".yaml")]


def _traces() -> list[bytes]:
    small = (
        "xor-mlp",
        "sigmoid-mse-neuron",
        "xor-separability",
        "batch-softmax-shapes",
        "perceptron-and",
        "svm-pegasos",
    )
    return [json.dumps(trace_to_json(solve(load_problem(name)))).encode() for name in small]


def _tables() -> list[bytes]:
    return [*_shipped("problems", ".csv"), *_example(".data.csv")()]


def _binary(ending: str) -> Callable[[], list[bytes]]:
    def made() -> list[bytes]:
        import io

        found = []
        for array in (
            np.arange(6.0).reshape(3, 2),
            np.arange(4, dtype="<i2"),
            np.array(0.5),
            np.ones((2, 2, 2), dtype=">f4"),
            np.array([True, False]),
            np.array(["a", "b"]),
            np.array([1 + 2j]),
            np.array([math.nan, 1.0]),
        ):
            stream = io.BytesIO()
            if ending == ".npy":
                np.save(stream, array)
            elif array.ndim % 2:
                np.savez_compressed(stream, X=array)
            else:
                np.savez(stream, X=array, Y=array)
            found.append(stream.getvalue())
        return found

    return made


READERS = {
    reader.name: reader
    for reader in (
        Reader("problem", ".yaml", _problem, lambda: _shipped("problems", ".yaml")),
        Reader("document", ".json", _document, _documents),
        Reader("answers", ".yaml", _answers, _example(".answers.yaml")),
        Reader("answers-json", ".json", _answers, _example(".answers.json")),
        Reader("answers-csv", ".csv", _answers, _example(".answers.csv")),
        Reader("answers-md", ".md", _answers, _example(".answers.md")),
        Reader("exam", ".yaml", _exam, lambda: _shipped("problems/exams", ".yaml")),
        Reader("roster", ".csv", _roster, _example(".roster.csv")),
        Reader("by-hand", ".csv", _by_hand, _example(".marks.csv")),
        Reader("vary", ".yaml", _vary, _example(".vary.yaml")),
        Reader("data-csv", ".csv", _data, _tables),
        Reader("data-npy", ".npy", _data, _binary(".npy")),
        Reader("data-npz", ".npz", _data, _binary(".npz")),
        Reader("trace", ".json", _trace, _traces),
    )
}


def _misbehave(path: Path) -> None:
    """What no reader may do, to see whether it is noticed."""
    how = path.read_text()
    if how == "raise":
        raise ZeroDivisionError
    if how == "warn":
        warnings.warn("overflow", RuntimeWarning, stacklevel=1)
    elif how == "loop":
        while True:
            pass
    elif how == "memory":
        np.ones(MEGABYTES * 1024 * 128)
    elif how == "more memory":
        np.ones(MEGABYTES * 1024 * 1024)
    elif how == "die":
        os._exit(3)


MISBEHAVING = Reader("misbehaving", ".txt", _misbehave, list)


def reader_of(name: str) -> Reader:
    """The reader of that name, or the one that misbehaves."""
    return MISBEHAVING if name == MISBEHAVING.name else READERS[name]


def prepare(folder: Path) -> None:
    """The files that problems of the folder name."""
    for name in names("problems", ".csv"):
        shutil.copy(str(resource("problems").joinpath(f"{name}.csv")), folder)


def use(reader: Reader, path: Path) -> str:
    """How a reader takes a file: "accepted", or "refused" with one of stepwise's own errors. Others come out."""
    try:
        reader.use(path)
    except StepwiseError as error:
        if not str(error).strip():
            raise UntruePageError("an error without a word") from error
        return "refused"
    return "accepted"
