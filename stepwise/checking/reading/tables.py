"""Answers in tables: a .csv with one row a student, and a filled-in Markdown table of one student."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from stepwise.asking import Questions
from stepwise.checking.marks_table import BY_HAND
from stepwise.checking.model import Answers, Unreadable
from stepwise.checking.reading.answers import CODE, PROBLEM, STUDENT, Filling, fault, word
from stepwise.checking.reading.keys import UnfitError, UnknownError, find
from stepwise.errors import AnswerError
from stepwise.problem.nodes import Scalar, shortened
from stepwise.problem.tables import DataError, read_rows, separator_of

_MOST_OTHERS = 20
"""Columns that hold no number."""
_MOST_NAMED = 5
"""Columns that a note names."""
_FORM = "`stepwise blank PROBLEM` writes a form to fill in"

# ---- one row a student

_FULL_WIDTH = "，"
"""The comma of a Chinese keyboard."""


def read_csv_answers(text: str, questions: Questions, source: str) -> tuple[list[Answers], list[Unreadable]]:
    """The answers of every row, and the rows that cannot be read."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise fault(source, "the file is empty", _FORM)
    if _FULL_WIDTH in lines[0] and '"' not in lines[0]:
        text, lines[0] = text.replace(_FULL_WIDTH, ","), lines[0].replace(_FULL_WIDTH, ",")
    try:
        rows, separators = read_rows(text, separator_of(lines[0]))
    except DataError as error:
        raise fault(source, str(error), error.hint) from None
    if not rows:
        raise fault(source, "the file is empty", _FORM)
    (line, header), *body = rows
    columns, note = _columns(_joined(header), questions, source, line)
    if not body:
        raise fault(source, "there are no answers", "write one row for each student below the header")
    answers: list[Answers] = []
    unreadable: list[Unreadable] = []
    for line, cells in body:
        try:
            answers.append(_row(cells, columns, questions, source, line, separators))
        except AnswerError as error:
            unreadable.append(Unreadable(f"{source} line {line}", str(error)))
    return noted(answers, note) if note else answers, unreadable


def noted(answers: list[Answers], note: str) -> list[Answers]:
    """The answers of a class with a note on its table, which is told once: with the first student."""
    return [replace(one, notes=(*one.notes, note) if place == 0 else one.notes) for place, one in enumerate(answers)]


def _joined(header: Sequence[str]) -> list[str]:
    """The names of the columns; `dW1[1,2]` without quotes was taken apart at its comma."""
    names: list[str] = []
    for cell in header:
        if names and re.search(r"\[\s*[0-9]+$", names[-1]) and re.match(r"[0-9]+\s*\]$", cell):
            names[-1] += f",{cell}"
        else:
            names.append(cell)
    return names


def _columns(header: Sequence[str], questions: Questions, source: str, line: int) -> tuple[list[str], str]:
    """What each column holds: `student`, `problem`, `code`, nothing ("") or a quantity by the name it has in the file.

    Or `also`, another name of the student. And a note on columns of other things, such as a class or an address.
    """
    most = sum(one.shape[0] * one.shape[1] for one in questions.quantities.values()) + _MOST_OTHERS
    if len(header) > most:
        raise fault(source, f"{len(header):,} columns are more than the problem has numbers", _FORM, line=line)
    if BY_HAND in header:
        raise fault(source, "this is a table of marks, not of answers", "name the students' files", line=line)
    named = [name for known in STUDENT for name in header if word(name) == known]
    columns, others = [], []
    for name in header:
        known = word(name)
        if known in STUDENT:
            columns.append("student" if name == named[0] else "also")
        elif known in PROBLEM or not name:
            columns.append("problem" if name else "")
        elif known in CODE:
            columns.append("" if "code" in columns else "code")
        elif (unfit := _unfit(name, questions)) is None:
            columns.append(name)
        else:
            columns.append("")
            others.append((name, unfit))
    answered = any(name not in {"student", "also", "problem", "code", ""} for name in columns)
    for _, unfit in others:
        if not answered or not isinstance(unfit, UnknownError):
            raise fault(source, str(unfit), unfit.hint, line=line)
    if not answered:
        raise fault(source, "no column holds answers", _FORM, line=line)
    for name in columns:
        if name not in ("", "also") and columns.count(name) > 1:
            raise fault(source, f"two columns are called `{name}`", "keep one of them", line=line)
    return columns, _passed_over(
        [name for name, _ in others], "" if named else "; the one of names is called `student`"
    )


def _unfit(name: str, questions: Questions) -> UnfitError | None:
    try:
        find(questions, name)
    except UnfitError as error:
        return error
    return None


def _passed_over(names: Sequence[str], hint: str) -> str:
    """A note on columns that are not read."""
    if not names:
        return ""
    listed = ", ".join(shortened(name) for name in names[:_MOST_NAMED]) + " …" * (len(names) > _MOST_NAMED)
    which = f"the column {listed} is" if len(names) == 1 else f"the columns {listed} are"
    return f"{which} not read: no quantity of the problem is called so{hint}"


def _row(
    cells: Sequence[str], columns: Sequence[str], questions: Questions, source: str, line: int, separators: str
) -> Answers:
    if len(cells) > len(columns) and any(cells[len(columns) :]):
        message = f"{len(cells)} values where the header has {len(columns)}"
        hint = f"write {separators} between values, and a point in decimal numbers or quotes around them"
        raise fault(source, message, hint, line=line)
    filling = Filling(questions, source)
    # an id in front of a name, wherever they stand
    for name, cell in sorted(zip(columns, cells, strict=False), key=lambda pair: pair[0] == "also"):
        if name in ("student", "also"):
            if "\n" in cell:
                raise fault(source, "a quotation mark is not closed", "write every name on one line", line=line)
            filling.name(cell)
        elif name == "problem":
            filling.problem(cell, line)
        elif name == "code":
            filling.code = cell
        elif name and cell:
            filling.take(name, Scalar(cell, line, quoted=True))
    done = filling.done()
    return replace(done, source=f"{source} line {line}")


# ---- Markdown

_LONGEST = 60
"""Characters before the colon of a field."""
_AROUND = "*`_\\\uff3f \t\u3000\xa0"


def read_markdown(text: str, questions: Questions, source: str) -> Answers:
    """The answers in the tables of a Markdown text: quantities in the first column, answers in the last."""
    filling = Filling(questions, source)
    lines = text.splitlines()
    for line, fields in _fields(lines):
        for name, value in fields.items():
            if name in STUDENT:
                filling.name(value)
            elif name in PROBLEM:
                filling.problem(value, line)
            elif name in CODE:
                filling.code = filling.code or value.strip("` ")
    tables = list(_tables(lines))
    found = [table for table in tables if any(_is_quantity(cells[0], questions) for _, cells in table)]
    if not found:
        seen = "no table" if not tables else "no table that names a quantity of the problem"
        raise fault(source, f"there is {seen}", _FORM)
    for table in found:
        for line, cells in table:
            filling.take(_unmarked(cells[0]), Scalar(_unmarked(cells[-1]), line, quoted=True), line)
    return filling.done()


def _fields(lines: Sequence[str]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The lines `student: …`, plain, bold or in a list; their values without the blank of the form, `____`."""
    for number, line in enumerate(lines, 1):
        colon = re.search("[:：]", line[:_LONGEST])
        if colon is not None and "|" not in line and (value := line[colon.end() :].strip(_AROUND)):
            yield number, {word(line[: colon.start()].lstrip(">*#- \t")): value}


def _tables(lines: Sequence[str]) -> Iterator[list[tuple[int, list[str]]]]:
    """The rows below the header of each table, with their lines."""
    start = None
    for number, line in enumerate([*lines, ""]):
        if start is None and _is_rule(line):
            start = number + 1
        elif start is not None and "|" not in line:
            rows = [(place + 1, _cells(lines[place])) for place in range(start, number)]
            yield [(place, cells) for place, cells in rows if len(cells) > 1 and cells[0]]
            start = None


def _is_rule(line: str) -> bool:
    """Whether this is the line `|---|---|` below a header."""
    cells = _cells(line)
    return len(cells) > 1 and all(re.fullmatch(":?-+:?", cell) for cell in cells)


def _cells(line: str) -> list[str]:
    inside = line.strip().removeprefix("|")
    return [cell.strip() for cell in inside.removesuffix("|").split("|")]


def _is_quantity(cell: str, questions: Questions) -> bool:
    try:
        find(questions, _unmarked(cell))
    except UnfitError:
        return False
    return True


def _unmarked(cell: str) -> str:
    r"""A cell without the signs of Markdown around its text, and without the backslashes of `W1\_new`."""
    return re.sub(r"\\([_\[\]~*\-])", r"\1", cell).strip("`$* ")
