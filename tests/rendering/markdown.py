"""A Markdown page cut into prose, code and mathematics, and what must hold for each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tests.tooling import run_node

Kind = Literal["code", "escaped", "display", "inline", "prose"]

# The first alternative that fits wins: code shields its dollars, an escaped dollar opens nothing.
_TOKEN = re.compile(
    r"""
    (?P<code>      ^(?P<fence>`{3,}|~{3,})[^\n]*\n (?:.*?\n)?? (?P=fence)[ ]*$
                 | (?<!`)(?P<ticks>`+)(?!`) .+? (?<!`)(?P=ticks)(?!`) )
  | (?P<escaped>   \\[\\$`] )
  | (?P<display>   \$\$ .+? \$\$ )
  | (?P<inline>    \$ (?=[^\s$]) (?:\\.|[^$\\\n])*? (?<![\s]) \$ (?!\d) )
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_LINK_TARGET = re.compile(r"(?<=\])\([^()\s]*\)|<?\bhttps?://[^\s)>]+>?")
_CHINESE = re.compile(r"[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]+")
_WORD = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")

# Latin words that stand in Chinese prose because the field writes them so.
NAMES_IN_CHINESE = frozenset(
    {
        # activations: the names of the functions
        *("sigmoid", "Sigmoid", "tanh", "ReLU", "Leaky", "ELU", "Swish", "GELU", "softplus", "Softplus"),
        *("softmax", "Softmax", "Mish", "mish"),
        # abbreviations that Chinese textbooks use beside or instead of the long name
        *("MSE", "SVM", "MLP", "SGD", "NumPy"),
        # logic functions and a way of coding labels, which have no shorter Chinese name
        *("XOR", "AND", "OR", "one-hot"),
        # people after whom something is named; Pegasos is an algorithm
        *("Xavier", "He", "Pegasos"),
    }
)


@dataclass(frozen=True)
class Piece:
    """A stretch of a page: what it is, and its text (mathematics without its dollars)."""

    kind: Kind
    text: str


def pieces(page: str) -> list[Piece]:
    """The page cut up, in order; nothing is lost but the dollars."""
    found: list[Piece] = []
    at = 0
    for match in _TOKEN.finditer(page):
        if match.start() > at:
            found.append(Piece("prose", page[at : match.start()]))
        found.append(_piece(match))
        at = match.end()
    if at < len(page):
        found.append(Piece("prose", page[at:]))
    return found


def _piece(match: re.Match[str]) -> Piece:
    text = match.group()
    if match["display"] is not None:
        return Piece("display", text[2:-2])
    if match["inline"] is not None:
        return Piece("inline", text[1:-1])
    return Piece("code" if match["code"] is not None else "escaped", text)


def formulas(page: str) -> list[Piece]:
    """The mathematics of a page."""
    return [piece for piece in pieces(page) if piece.kind in ("display", "inline")]


def prose(page: str) -> str:
    """The page without mathematics, code and addresses; each leaves a blank."""
    kept = (piece.text if piece.kind in ("prose", "escaped") else " " for piece in pieces(page))
    return _LINK_TARGET.sub(" ", "".join(kept))


def stray_dollars(page: str) -> list[str]:
    """Lines of prose with a dollar that neither opens nor closes mathematics."""
    rest = "".join(piece.text if piece.kind == "prose" else "·" for piece in pieces(page))
    return [line for line in rest.split("\n") if "$" in line]


def foreign_words(page: str, language: str) -> list[str]:
    """Words of the other language in the prose: Chinese on an `en` page, Latin words on a `zh` page."""
    text = prose(page)
    if language == "en":
        return _CHINESE.findall(text)
    words = _WORD.findall(text)
    return [word for word in words if len(word) > 1 and word not in NAMES_IN_CHINESE]


def katex_errors(pages: Mapping[str, str]) -> list[str]:
    """What KaTeX (strict) says against the formulas of all pages, in one run of node."""
    sent = [
        {"id": name, "tex": piece.text, "display": piece.kind == "display"}
        for name, page in pages.items()
        for piece in formulas(page)
    ]
    return [f"{error['id']}: {error['error']}: {error['tex']}" for error in run_node("katex_check.js", sent)]


def raw_html(pages: Mapping[str, str]) -> list[str]:
    """HTML tags that a Markdown reader would pass on to the browser."""
    sent = [
        {"id": name, "text": "".join("M" if p.kind in ("display", "inline") else p.text for p in pieces(page))}
        for name, page in pages.items()
    ]
    return [f"{tag['id']}: {tag['html']}" for tag in run_node("html_check.js", sent)]
