"""Answer files from strangers: .yaml, .json, .md of one student, .csv of a class. Nothing in them is ever evaluated."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from stepwise.asking import Questions
from stepwise.checking.model import Answers, Unreadable
from stepwise.checking.reading.answers import STANDARD_INPUT, answers_of_document, fault
from stepwise.checking.reading.finding import expanded
from stepwise.checking.reading.keyboard import with_english_signs
from stepwise.checking.reading.tables import noted, read_csv_answers, read_markdown
from stepwise.errors import AnswerError, SpecError
from stepwise.problem.filekind import ANSWER_FILE
from stepwise.problem.load import LARGEST, decoded, gbk_text
from stepwise.problem.nodes import ListNode, MapNode, from_plain, shortened
from stepwise.problem.yamltree import read_tree

Read = tuple[list[Answers], list[Unreadable]]
Progress = Callable[[int, int], None]
"""Told after each file: how many are done, and how many there are."""

_AS_YAML = {".yaml", ".yml", ".txt", ""}
_WRITE = "write the answers as .yaml, .json, .md or .csv"
_FOREIGN = {
    b"PK\x03\x04": "an Office document or a zip archive",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}


def read_answers(file: str | os.PathLike[str] | IO[bytes], questions: Questions) -> list[Answers]:
    """The answers in one file or stream: of one student, or of a class where it is a .csv.

    Raises AnswerError with one message: the file, the line where it is known, what is wrong, what to write instead.
    """
    answers, unreadable = _read(file, questions)
    if unreadable:
        raise AnswerError(unreadable[0].message)
    return answers


def read_many(
    files: Iterable[str | os.PathLike[str]], questions: Questions, progress: Progress | None = None
) -> tuple[list[Answers], list[Unreadable]]:
    """The answers in all files, folders and patterns such as `answers/*.yaml`, and what could not be read and why."""
    found, unreadable = expanded(files, questions.problem.source)
    answers: list[Answers] = []
    for done, path in enumerate(found, 1):
        try:
            here, rows = _read(path, questions)
            answers += here
            unreadable += rows
        except AnswerError as error:
            unreadable.append(Unreadable(path, str(error)))
        if progress is not None:
            progress(done, len(found))
    return answers, unreadable


def _read(file: str | os.PathLike[str] | IO[bytes], questions: Questions) -> Read:
    if not isinstance(file, str | os.PathLike):
        text = _text(file.read(LARGEST + 1), STANDARD_INPUT)
        return _parsed(text, ".json" if text.lstrip()[:1] == "{" else ".yaml", questions, STANDARD_INPUT)
    source = os.fspath(file)
    path = Path(source)
    suffix = path.suffix.lower()
    data = _bytes(path, source)
    if suffix == ".csv":
        return _table(data, questions, source)
    return _parsed(_text(data, source), suffix, questions, source)


def _table(data: bytes, questions: Questions, source: str) -> Read:
    """A table in UTF-8, or in GBK, as Excel saves it in China."""
    try:
        text = _text(data, source)
    except AnswerError:
        text = gbk_text(data)
        try:
            answers, unreadable = read_csv_answers(text, questions, source)
        except AnswerError:
            text = ""
        if not text:
            raise
        return noted(answers, "the file is not UTF-8 and was read as GBK: look at the names"), unreadable
    return read_csv_answers(text, questions, source)


def _bytes(path: Path, source: str) -> bytes:
    name = shortened(source, 200)
    try:
        if path.is_dir():
            raise fault(name, "this is a directory", f"name {ANSWER_FILE.name} in it")
        if path.exists() and not path.is_file():
            raise fault(name, "this is not a plain file", _WRITE)
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except FileNotFoundError:
        raise fault(name, "there is no such file", "check the name and the folder") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise fault(name, f"the file cannot be read: {reason}", "check the file") from None


def _text(data: bytes, source: str) -> str:
    for start, what in _FOREIGN.items():
        if data.startswith(start):
            raise fault(source, f"this is {what}, not {ANSWER_FILE.name}", _WRITE)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise fault(source, "this is UTF-16", ANSWER_FILE.encoding)
    if b"\0" in data[:LARGEST]:
        raise fault(source, "this is not a text file: it has a byte 0", _WRITE)
    try:
        return decoded(data, source, ANSWER_FILE)
    except SpecError as error:
        raise _as_answer_error(error, source) from None


def _as_answer_error(error: SpecError, source: str) -> AnswerError:
    """The first thing that is wrong, and how many more there are."""
    first, *more = sorted(error.faults, key=lambda one: one.line or 0)
    rest = f" – and {len(more)} more of this file" if more else ""
    return AnswerError(first.text(source) + rest)


def _parsed(text: str, suffix: str, questions: Questions, source: str) -> Read:
    if suffix in {".md", ".markdown"}:
        return [read_markdown(text, questions, source)], []
    if suffix == ".json":
        return [answers_of_document(_json(text, source), questions, source)], []
    if suffix not in _AS_YAML:
        raise fault(source, f"{shortened(suffix)} is no ending of an answer file", _WRITE)
    try:
        root, faults = read_tree(with_english_signs(text), source, ANSWER_FILE)
        if faults:
            raise SpecError(source, faults)
    except SpecError as error:
        raise _as_answer_error(error, source) from None
    return [answers_of_document(root, questions, source)], []


# ---- JSON


class _Typed(str):
    """A number of a JSON file, as it was typed."""

    __slots__ = ()


class _TwiceError(ValueError):
    """A field that is given twice."""


def _json(text: str, source: str) -> MapNode:
    try:
        data = json.loads(text, object_pairs_hook=_once, parse_float=_Typed, parse_int=_Typed, parse_constant=_Typed)
        root = from_plain(data)
    except json.JSONDecodeError as error:
        if not text.strip():
            raise fault(source, "the file is empty", ANSWER_FILE.start) from None
        raise fault(
            source, f"not valid JSON: {error.msg}", "check commas, quotes, brackets", line=error.lineno
        ) from None
    except _TwiceError as error:
        raise fault(source, f"the field {error} is given twice", "keep one of them") from None
    except RecursionError:
        raise fault(source, "too many lists or fields inside one another", "remove brackets") from None
    except ValueError as error:
        raise fault(source, str(error), "remove brackets") from None
    if not isinstance(root, MapNode):
        hint = ANSWER_FILE.listed if isinstance(root, ListNode) else 'write an object: {"answers": {…}}'
        raise fault(source, f"{ANSWER_FILE.name} is made of fields", hint)
    return root


def _once(pairs: Sequence[tuple[str, Any]]) -> Mapping[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _TwiceError(f"`{shortened(twice)}`")
    return found
