"""What a Chinese keyboard writes between the answers of a YAML file, as YAML reads it."""

from __future__ import annotations

import re

_OPEN, _CLOSE, _COMMA = "【〔［（", "】〕］）", "，、；"
_TOKEN = re.compile(
    rf"""(?P<kept>(?<![^\s\[{{,:{_OPEN}{_COMMA}])(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')|(?<!\S)\#.*)"""
    rf"|(?P<open>[\[{_OPEN}])|(?P<close>[\]{_CLOSE}])|[{_COMMA}]"
)
"""Texts in quotes and comments, which are kept, and the signs of lists."""
_ENDING = re.compile(r"\]\s?[，、；。]\s*$")
_BLANKS = str.maketrans("\u3000\xa0", "  ")
_ANSWERS = re.compile(r"""(["']?)(?:answers|答案)\1\s*:""", re.IGNORECASE)
_FIELD = re.compile(r"[^\s#\-\[\]{}]")
_QUANTITY = re.compile(r"""([ \u3000\xa0]+)["']?[^\W\d][\w.]*(?:\[[0-9, ]*\])?["']?\s*:""")
_COLON = re.compile(
    r"""(?:(?:problem|code|student(?:[ _](?:id|name|number))?|id|name|answers"""
    r"""|题目|问题|(?:试卷|题目)?代码|学号|(?:学生)?(?:编号|姓名)|学生|名字|答案)"""
    r"""|(?P<quantity>[ \u3000\xa0]+["']?[^\W\d][\w.]*(?:\[[0-9,， ]*\])?["']?))(?P<colon>\s*：)""",
    re.IGNORECASE,
)
"""A field, or a quantity below one, with the colon of a Chinese keyboard."""
_AFTER_NAME = re.compile("^(\\w+:)[\u3000\xa0]")


def with_english_signs(text: str) -> str:
    """The same YAML text, line by line: in lists below `answers:` its commas and brackets, and its blanks, are ASCII.

    So is the colon behind the name of a field, and below `answers:` of a quantity.
    Outside of brackets signs stay: there `0，8；-0，3` is a text, which may have decimal commas.
    """
    if text.isascii():
        return text
    lines = text.split("\n")
    indent = _indent(lines) if "\u3000" in text or "\xa0" in text else ""
    inside, depth = False, 0
    for place, line in enumerate(lines):
        line = lines[place] = _with_colon(line, inside, depth)
        if depth == 0 and _FIELD.match(line):
            inside = _ANSWERS.match(line) is not None
        if not inside:
            lines[place] = _AFTER_NAME.sub(r"\1 ", line)
        elif not line.lstrip().startswith("#"):
            if depth and _QUANTITY.match(line):
                depth = 0  # a bracket was not closed: YAML says so
            lines[place], depth = _listed(line if line.isascii() else _indented(line, indent), depth)
    return "\n".join(lines)


def _with_colon(line: str, inside: bool, depth: int) -> str:
    """A line with `: ` behind its name. Texts in a value, and what is no field, keep their colons."""
    found = _COLON.match(line) if depth == 0 or line[:1].strip() else None
    if found is None or (found["quantity"] and not inside):
        return line
    rest = line[found.end() :].lstrip()
    return line[: found.start("colon")] + (f": {rest}" if rest else ":")


def _indent(lines: list[str]) -> str:
    """The blanks before a quantity in a file where some lines are indented with others."""
    ordinary = (match[1] for line in lines if (match := _QUANTITY.match(line)) and match[1].isascii())
    return next(ordinary, "  ")


def _indented(line: str, indent: str) -> str:
    """A line with ordinary blanks; a quantity that is indented with others is indented as those that are not."""
    found = _QUANTITY.match(line)
    if found and not found[1].isascii():
        line = indent + line[found.end(1) :]
    return line.translate(_BLANKS)


def _listed(line: str, depth: int) -> tuple[str, int]:
    """A line that starts inside of so many brackets, and the number of them that it leaves open."""
    if line.isascii() and not re.search("[\"'#]", line):
        return line, max(0, depth + line.count("[") - line.count("]"))

    def written(found: re.Match[str]) -> str:
        nonlocal depth
        sign, before = found[0], depth
        if found["kept"] or (not before and sign != "["):
            return sign
        depth += bool(found["open"]) - bool(found["close"])
        return "[" if found["open"] else "]" if found["close"] else ","

    line = _TOKEN.sub(written, line)
    return line if depth else _ENDING.sub("]", line), depth
