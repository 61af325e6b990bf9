"""A problem as a problem file: YAML as a person would write it, which reads back as the same problem."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from stepwise.document.plain import one_line, wrapped
from stepwise.problem import Problem
from stepwise.problem.nodes import Scalar, to_plain

_ORDER = (
    "code", "title", "model", "architecture", "weights", "biases", "inputs", "labels", "lr", "train", "rounding",
    "notation", "language", "vary", "marks", "marking", "ask", "preprocess",
)  # fmt: skip
"""The fields in the order in which a problem is told; others follow."""
_OPEN = frozenset({"title", "architecture"})
"""Fields that are never written on one line."""
_WIDEST = 88
"""Columns of a line; longer lists go on in the next one."""
_LEVELS_IN_LINE = 2
"""Lists of this depth may stand on one line: a matrix, but not the matrices of all layers."""


def problem_yaml(problem: Problem, title_comment: str | None = None) -> str:
    """The problem file of `problem`: typed numbers as typed, numbers of data files as numbers.

    `title_comment` becomes a comment in the first line. `load_problem` reads an equal `Problem.document` from it.
    """
    lines = [str(wrapped(one_line(title_comment), "# ", "# ", _WIDEST))] if title_comment else []
    document = problem.document
    known = [name for name in _ORDER if name in document]
    for name in (*known, *(name for name in document if name not in _ORDER)):
        lines += _field(name, document[name], "", is_open=name in _OPEN)
    return "\n".join(lines) + "\n"


def _field(name: str, value: Any, indent: str, *, is_open: bool = False) -> Iterator[str]:
    """`name: value`, in one line where that is easily read."""
    key = _scalar(name)
    if not isinstance(value, Mapping | list) or not value:
        yield f"{indent}{key}: {_flow(value) if isinstance(value, Mapping | list) else _scalar(value, in_list=False)}"
        return
    whole = f"{indent}{key}: {_flow(value)}"
    if not is_open and not _is_told(value) and _depth(value) <= _LEVELS_IN_LINE and len(whole) <= _WIDEST:
        yield whole
        return
    if isinstance(value, list) and _depth(value) == 1:
        yield from _wrapped_list(f"{indent}{key}: ", value, f"{indent}  ")
        return
    yield f"{indent}{key}:"
    if isinstance(value, list):
        yield from _items(value, f"{indent}  ")
    else:
        for inner, part in value.items():
            yield from _field(inner, part, f"{indent}  ")


def _is_told(value: Any) -> bool:
    """Whether it is a list of fields (layers), which has a line for each."""
    return isinstance(value, list) and any(isinstance(part, Mapping) for part in value)


def _items(values: list[Any], indent: str) -> Iterator[str]:
    """A list with one entry below the other."""
    for value in values:
        whole = f"{indent}- {_flow(value)}"
        if len(whole) <= _WIDEST or not isinstance(value, Mapping | list) or not value:
            yield whole
        elif isinstance(value, list) and _depth(value) == 1:
            yield from _wrapped_list(f"{indent}- ", value, f"{indent}   ")
        else:
            inside = list(
                _items(value, f"{indent}  ")
                if isinstance(value, list)
                else (line for name, part in value.items() for line in _field(name, part, f"{indent}  "))
            )
            first, *rest = inside
            yield f"{indent}- {first[len(indent) + 2 :]}"
            yield from rest


def _wrapped_list(start: str, values: list[Any], indent: str) -> Iterator[str]:
    """`[1, 2, 3]` over several lines."""
    line = f"{start}["
    for place, value in enumerate(values):
        text = _flow(value) + ("]" if place == len(values) - 1 else ",")
        if len(line) + len(text) + 1 > _WIDEST and line.strip():
            yield line.rstrip()
            line = indent
        line += text + " "
    yield line.rstrip()


def _depth(value: Any) -> int:
    """How many lists or fields lie inside one another."""
    if isinstance(value, Mapping):
        return 1 + max(map(_depth, value.values()), default=0)
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list) else 0


def _flow(value: Any) -> str:
    """The value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(name)}: {_flow(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    return _scalar(value)


def _scalar(value: Any, *, in_list: bool = True) -> str:
    """One value: unquoted where it then reads as the same."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return repr(value)
    if _reads_as_itself(value, in_list=in_list):
        return value
    if "\n" in value:
        return json.dumps(value, ensure_ascii=False)
    return "'" + value.replace("'", "''") + "'"


def _reads_as_itself(text: str, *, in_list: bool) -> bool:
    """Whether the unquoted text is this text again and no number or null: in a list and as a name, or behind a name."""
    if to_plain(Scalar(text)) != text or "\n" in text:
        return False
    whole, expected = (f"[{text}, {{{text}: 0}}]", [text, text, "0"]) if in_list else (f"x: {text}", ["x", text])
    try:
        events = list(yaml.parse(whole, Loader=yaml.SafeLoader))
    except yaml.YAMLError:
        return False
    found = [event for event in events if isinstance(event, yaml.ScalarEvent)]
    plain = not any(event.style or event.tag or event.anchor for event in found)
    # what starts and ends around the scalars: the stream, the document, the list and the fields
    return plain and [event.value for event in found] == expected and len(events) == len(found) + (8 if in_list else 6)
