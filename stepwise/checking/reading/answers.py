"""A student's answers from fields and values, wherever these were written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from stepwise.asking import Asked, Questions
from stepwise.checking.model import Answer, Answers
from stepwise.checking.reading.keys import Place as Entry
from stepwise.checking.reading.keys import UnfitError, find, place_name
from stepwise.checking.reading.shaping import EntryError, answer_from, answer_of, one_number
from stepwise.checking.reading.typed import NOTHING, Typed, plain
from stepwise.errors import AnswerError, Fault
from stepwise.problem import shipped_problems
from stepwise.problem.faults import suggestion
from stepwise.problem.nodes import MapNode, Node, Scalar, from_plain, kind, shortened

FIELDS = ("problem", "student", "code", "answers")
STUDENT = (
    *("student", "student id", "student number", "id", "name", "student name"),
    *("学号", "学生", "学生编号", "姓名", "名字", "学生姓名", "编号"),
)
"""What the student's name is called; of several the first of these counts."""
PROBLEM = ("problem", "题目", "问题")
CODE = ("code", "试卷代码", "代码", "题目代码")
_ANSWERS = ("answers", "答案")
STANDARD_INPUT = "standard input"
_LONGEST_NAME = 100
_OF_PROBLEMS = frozenset({"architecture", "inputs", "weights", "layers", "model"})


def fault(source: str, message: str, hint: str = "", *, path: str = "", line: int | None = None) -> AnswerError:
    """What is wrong with an answer file, where, and what to write instead."""
    return AnswerError(Fault(message, path, line, hint).text(source))


def word(text: str) -> str:
    """The name of a field or a column without case, underscores and the signs of Markdown."""
    return re.sub(r"[\s_]+", " ", plain(text).strip("*` ")).casefold()


class Filling(Struct):
    """One student's answers while they are read. Everything wrong is an AnswerError that names `source`."""

    questions: Questions
    source: str
    student: str = ""
    notes: list[str] = field(default_factory=list)
    code: str = ""
    also: list[str] = field(default_factory=list)
    _whole: dict[str, Answer] = field(default_factory=dict)
    _entries: dict[str, dict[Entry, tuple[Typed, int | None]]] = field(default_factory=dict)

    def take(self, key: str, node: Node, line: int | None = None) -> None:
        """What is written for one quantity, or for one number of it."""
        try:
            asked, entry = find(self.questions, key)
        except UnfitError as error:
            raise fault(self.source, str(error), error.hint, line=line or node.line) from None
        try:
            if entry is not None:
                self._take_entry(asked, entry, one_number(node), line or node.line)
            elif (answer := answer_of(node, asked)) is not None:
                if asked.id in self._whole:
                    raise EntryError("this is given twice", "keep one of them")
                self._whole[asked.id] = answer
        except EntryError as error:
            path = f"{asked.id}{error.place}" if entry is None else key
            raise fault(self.source, str(error), error.hint, path=path, line=error.line or line or node.line) from None

    def _take_entry(self, asked: Asked, entry: Entry, typed: Typed, line: int | None) -> None:
        if entry in self._entries.get(asked.id, {}):
            raise EntryError("this is given twice", "keep one of them")
        if typed.text:
            self._entries.setdefault(asked.id, {})[entry] = (typed, line)

    def name(self, text: str) -> None:
        """The student's number or name, in any script; behind the first one it is another name of the student."""
        known = shortened(text, _LONGEST_NAME)
        if not self.student:
            self.student = known
        elif known not in ("", self.student):
            self.also.append(known)

    def problem(self, text: str, line: int | None = None) -> None:
        """The problem that the answers are meant for: another one that ships is an error, any other name is noted."""
        problem = self.questions.problem
        own = {_bare(name) for name in (problem.name, problem.source, *problem.title.values())}
        if not text.strip() or _bare(text) in own:
            return
        what = shortened(text)
        if _bare(text) in shipped_problems() and problem.source != STANDARD_INPUT:
            hint = f"check them against {what}, or correct the line `problem:`"
            raise fault(self.source, f"these are answers to {what}, not to {problem.name}", hint, line=line)
        self.notes.append(f"the file says that it answers {what}, and was taken for {problem.name}")

    def done(self) -> Answers:
        """The answers, in the order of the calculation."""
        for name, entries in self._entries.items():
            self._whole[name] = self._with(self.questions.quantities[name], entries)
        values = {name: self._whole[name] for name in self.questions.quantities if name in self._whole}
        return Answers(self.student, self.source, values, tuple(self.notes), self.code, tuple(self.also))

    def _with(self, asked: Asked, entries: Mapping[Entry, tuple[Typed, int | None]]) -> Answer:
        answer = self._whole.get(asked.id) or answer_from([NOTHING] * (asked.shape[0] * asked.shape[1]), asked)
        for place, (typed, line) in entries.items():
            if answer.texts[place]:
                message = f"{place_name(asked, place)} is given twice"
                raise fault(self.source, message, "keep one of them", line=line)
            answer.values[place], answer.halves[place], answer.texts[place] = typed
        return answer


def _bare(name: str) -> str:
    """A problem's name without folder, ending and case; words joined in whatever way."""
    stem = re.sub(r"\.(ya?ml|json)$", "", name.strip().replace("\\", "/").rpartition("/")[2], flags=re.IGNORECASE)
    return re.sub(r"[\s_-]+", "-", stem.casefold())


def answers_of_document(root: MapNode, questions: Questions, source: str) -> Answers:
    """The answers in the fields of a file: `problem`, `student`, `code`, `answers`."""
    filling = Filling(questions, source)
    named = _named(root, filling)
    for name in (*PROBLEM, *STUDENT, *CODE):
        node = named.get(name, Scalar(""))
        if not isinstance(node, Scalar):
            raise fault(source, f"{kind(node)} stands where one text belongs", path=name, line=node.line)
        if not node.is_null and name in PROBLEM:
            filling.problem(node.text, node.line)
        elif not node.is_null and name in CODE:
            filling.code = filling.code or node.text.strip()
        elif not node.is_null:
            filling.name(node.text)
    answers = next((named[name] for name in _ANSWERS if name in named), Scalar(""))
    if isinstance(answers, Scalar) and not answers.text.strip("~ "):
        answers = MapNode({}, answers.line)
    if not isinstance(answers, MapNode):
        hint = f"write a line for each quantity under it: `{_example(questions)}: …`"
        if isinstance(answers, Scalar) and "：" in answers.text:
            hint += ", with the colon of an English keyboard, not `：`"
        raise fault(source, f"{kind(answers)} stands where fields belong", hint, path="answers", line=answers.line)
    take_all(filling, answers)
    return filling.done()


def _named(root: MapNode, filling: Filling) -> dict[str, Node]:
    """The fields of a file by their names in small letters; two fields of answers are an error, and unknown ones."""
    named: dict[str, Node] = {}
    for name, node in root.fields.items():
        known = word(name)
        if known not in {*FIELDS, *STUDENT, *PROBLEM, *CODE, *_ANSWERS}:
            raise _unknown_field(name, root, filling)
        if known in named or (known in _ANSWERS and not named.keys().isdisjoint(_ANSWERS)):
            message = "the answers are given twice" if known in _ANSWERS else "this field is given twice"
            raise fault(filling.source, message, "keep one of them", path=name, line=root.key_lines.get(name))
        named[known] = node
    return named


def take_all(filling: Filling, answers: MapNode) -> None:
    """Every quantity of a mapping; a mapping without any is an error."""
    if not answers.fields:
        hint = "`stepwise blank PROBLEM` writes a form to fill in"
        raise fault(filling.source, "there are no answers", hint, line=answers.line)
    for key, node in answers.fields.items():
        filling.take(key, node, answers.key_lines.get(key))


def _unknown_field(name: str, root: MapNode, filling: Filling) -> AnswerError:
    line = root.key_lines.get(name)
    if len(_OF_PROBLEMS & set(root.fields)) > 1:
        return fault(filling.source, "this is a problem file, not an answer file", "give the student's file")
    try:
        find(filling.questions, name)
    except UnfitError:
        near = suggestion(name, FIELDS)
        hint = f"did you mean `{near}`?" if near else f"write one of: {', '.join(FIELDS)}"
        return fault(filling.source, "unknown field", hint, path=shortened(name), line=line)
    hint = "indent it below a line `answers:`"
    return fault(filling.source, f"`{shortened(name)}` stands outside of `answers`", hint, line=line)


def _example(questions: Questions) -> str:
    return next((one.id for one in questions.asked), "z1")


def answers_from(given: Mapping[str, Any], questions: Questions, student: str = "") -> Answers:
    """Answers out of a program: numbers, texts, lists and NumPy arrays by quantity id, or the data of an answer file.

    A float counts as typed with the digits of its `repr`; `None` is no answer. Raises AnswerError like a file would.
    """
    source = "answers"
    try:
        root = from_plain(_lists(given))
    except ValueError as error:
        raise fault(source, str(error), "remove brackets") from None
    if not isinstance(root, MapNode):
        raise fault(source, "answers are given by quantity", f'pass a dict such as {{"{_example(questions)}": …}}')
    if any(word(name) in _ANSWERS for name in root.fields):
        found = answers_of_document(root, questions, source)
        return replace(found, student=student or found.student)
    filling = Filling(questions, source, student)
    take_all(filling, root)
    return filling.done()


def _lists(value: Any, depth: int = 0) -> Any:
    """The same with arrays as lists; what is nested too deeply stays as it is, and is refused by the reader."""
    if isinstance(value, str | Path | int | float | None) or depth > 50:
        return value
    if isinstance(value, Mapping):
        return {str(key): _lists(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_lists(item, depth + 1) for item in value]
    return value.tolist() if isinstance(value, np.ndarray) or hasattr(value, "tolist") else value
