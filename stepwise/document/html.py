"""Text as HTML and XML elements, with mathematics between `\\( … \\)` as MathJax reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from stepwise.document.formats import Format

_SIGNS = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "{": "&#123;", "}": "&#125;"}
"""Braces too: learning systems look for fields between them."""
_FIELD = re.compile(r"\{(?=\s*(?:#|=|\d*:))")
"""A brace in mathematics that a learning system could take for the start of a field."""
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def escape_html(text: str) -> str:
    """Plain text that HTML, XML and learning systems all show as it is."""
    return "".join(_SIGNS.get(one, one) for one in _NOT_IN_XML.sub(" ", text))


def inline_math(latex: str) -> str:
    """Mathematics for MathJax; a blank behind a brace changes nothing in it."""
    escaped = _FIELD.sub("{ ", latex).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return rf"\({escaped}\)"


HTML = Format("html", ".html", escape_html, inline_math, lambda name: str(element("code", escape_html(name))))
"""For learning systems; no page of `solve` is written in it."""


def element(name: str, *children: str, attributes: Mapping[str, object] | None = None) -> Markup:
    """`<name attribute="…">children</name>`; the children are markup already."""
    given = "".join(f' {key}="{escape_html(str(value))}"' for key, value in (attributes or {}).items())
    inside = "".join(children)
    return Markup(f"<{name}{given}>{inside}</{name}>") if inside else Markup(f"<{name}{given}/>")


def block(name: str, *children: str, attributes: Mapping[str, object] | None = None) -> Markup:
    """An element with its children on lines of their own."""
    return element(name, "\n", *(f"{child}\n" for child in children), attributes=attributes)


def xml_file(root: Markup) -> str:
    """A file that holds this element."""
    declared = ('version="1.0"', 'encoding="UTF-8"')
    return f"<?xml {' '.join(declared)}?>\n{root}\n"


def table(rows: Sequence[Sequence[str]], header: Sequence[str] = ()) -> Markup:
    """A table of cells that are markup."""
    lines = [element("tr", *(element("th", cell) for cell in header))] if header else []
    lines += [element("tr", *(element("td", cell) for cell in row)) for row in rows]
    return element("table", "\n", block("tbody", *lines), "\n", attributes={"border": 1} if header else None)
