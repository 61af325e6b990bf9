"""Exam files: several problems with their marks under one title."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from stepwise import resources
from stepwise.asking import questions_of
from stepwise.errors import Fault, SpecError, UnsupportedError, nearest
from stepwise.problem.check import check_fields
from stepwise.problem.choices import number_of
from stepwise.problem.faults import Faults, View, suggestion
from stepwise.problem.filekind import EXAM_FILE
from stepwise.problem.load import load_problem, read_text, shipped_problems
from stepwise.problem.model import Problem
from stepwise.problem.nodes import Scalar, shortened
from stepwise.problem.settings import MOST_MARKS, MOST_NAMED, read_ask, read_languages, read_title, read_vary
from stepwise.problem.spec import Num, Vary
from stepwise.problem.yamltree import read_tree
from stepwise.sheets.series import Assignment, Question

MOST_QUESTIONS = 50
_FIELD = "questions"
_ALIKE = 0.8
_LONGEST = 500
"""Characters of a problem's name."""


class QuestionFields(Struct, forbid_unknown_fields=True):
    """One question of an exam."""

    problem: Annotated[str, Meta(description="write a problem file beside the exam, or the name of a shipped problem")]
    marks: Annotated[Num, Meta(description="What the question is worth as a whole.")] | UnsetType = UNSET
    vary: Annotated[Vary, Meta(description="In place of the problem's own block.")] | UnsetType = UNSET
    ask: (
        Annotated[list[str], Meta(max_length=MOST_NAMED, description="The quantities that are asked for.")] | UnsetType
    ) = UNSET


class ExamFields(Struct, forbid_unknown_fields=True):
    """An exam for stepwise."""

    questions: Annotated[
        list[QuestionFields],
        Meta(min_length=1, max_length=MOST_QUESTIONS, description="write a list: `- {problem: xor-mlp, marks: 10}`"),
    ]
    title: Annotated[str | dict[str, str], Meta(description="Text, or {en: …, zh: …}.")] | UnsetType = UNSET
    language: Annotated[str, Meta(description="en, zh, or en+zh.")] | UnsetType = UNSET


def shipped_exams() -> tuple[str, ...]:
    """The names of the exams that ship with stepwise."""
    return resources.names("problems/exams", ".yaml")


def _found(given: str) -> Path:
    """The file that is meant: itself, or the shipped exam of that name."""
    if given in shipped_exams() and not Path(given).exists():
        return resources.resource("problems") / "exams" / f"{given}.yaml"
    return Path(given)


def is_exam(path: str | os.PathLike[str]) -> bool:
    """Whether this is an exam: the name of a shipped one, or a file that has questions, or nearly so, and no inputs."""
    file = _found(os.fspath(path))
    try:
        if not file.is_file():
            return False
        root, _ = read_tree(read_text(file, str(file), EXAM_FILE), str(file), EXAM_FILE)
    except (SpecError, OSError, ValueError):
        return False
    return any(nearest(name, (_FIELD,), _ALIKE) for name in root.fields) and "inputs" not in root.fields


def read_exam(path: str | os.PathLike[str]) -> Assignment:
    """The exam in a file, or the shipped one of that name. Its problems are those beside it, then those that ship.

    Raises SpecError with everything that is wrong, each fault with its line.
    """
    source = os.fspath(path)
    file = _found(source)
    root, found = read_tree(read_text(file, source, EXAM_FILE), source, EXAM_FILE)
    faults = Faults()
    for fault in found:
        faults.add(fault.message, path=fault.path, line=fault.line, hint=fault.hint)
    view = View(root, "", faults)
    check_fields(view, __name__, "ExamFields")
    if faults.shortened:
        faults.raise_any(source)
    name = file.stem
    title, languages = read_title(view.get("title"), name), read_languages(view.get("language"))
    views = view.get(_FIELD)
    questions = [_question(one, file.parent) for one in (views.items() if views is not None else ())]
    faults.raise_any(source)
    whole = [one for one in questions if one is not None]
    if not view.has("language"):
        named = [language for language in title if language]
        languages = tuple(named) if len(named) == 1 else whole[0].problem.languages
    return Assignment(name, tuple(whole), title, languages)


def _question(view: View, folder: Path) -> Question | None:
    """One question; None where something is wrong with it."""
    named, marks = view.get("problem"), view.get("marks")
    worth = number_of(marks) if marks is not None and marks.sound else None
    if marks is not None and worth is not None and not 0 < worth.value <= MOST_MARKS:
        marks.add(f"{worth.text} marks", f"write a number above 0, at most {MOST_MARKS:,}")
    if named is None or not named.sound or not isinstance(named.node, Scalar):
        return None
    problem = _problem(named, folder)
    if problem is None:
        return None
    ask, vary = read_ask(view.get("ask")), view.good("vary")
    try:
        questions_of(problem, ask)
    except UnsupportedError as error:
        (view.get("ask") or named).add(str(error))
    return Question(problem, read_vary(vary) if vary is not None else None, ask, worth.value if worth else None)


def _problem(named: View, folder: Path) -> Problem | None:
    """The problem of that name; what is wrong with it is wrong with the question."""
    text = named.text[:_LONGEST]
    beside = folder / text
    try:
        here = beside.is_file()
    except (OSError, ValueError):
        here = False
    if not here and text not in shipped_problems():
        files = (path.name for ending in ("*.yaml", "*.yml", "*.json") for path in folder.glob(ending))
        near = suggestion(text, [*shipped_problems(), *files])
        hint = f"did you mean `{near}`?" if near else "`stepwise problems` lists those that ship"
        named.add(f"there is no file {shortened(text)} beside the exam, and no shipped problem of this name", hint)
        return None
    if here and is_exam(beside):
        named.add(f"{shortened(text)} is an exam, not a problem", "name the problems one by one")
        return None
    try:
        return load_problem(beside if here else text)
    except SpecError as error:
        for line in _told(error):
            named.add(line)
        return None


def _told(error: SpecError) -> Sequence[str]:
    return [Fault(one.message, one.path, one.line, one.hint).text(error.source) for one in error.faults]
