"""Find the formulas of a Markdown or LaTeX page and split them into chains `lhs = numbers put in = result`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from stepwise.verifying.printed.tokens import Token, tokenise
from stepwise.verifying.printed.values import PrintedError
from stepwise.verifying.printed.vocabulary import ROWS

_FENCE = re.compile(r"^( *)(`{3,}|~{3,}).*?^ *\2[`~]*[ \t]*$", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)")
_COMMENT = re.compile(r"(?<!\\)%[^\n]*")
_VERBATIM = re.compile(r"\\begin\{(verbatim|lstlisting|minted)\}.*?\\end\{\1\}|\\verb\*?([^A-Za-z\s]).*?\2", re.DOTALL)
_DOLLARS = r"(?<!\\)\$\$(?P<display>.+?)(?<!\\)\$\$|(?<![\\$])\$(?P<inline>(?:\\.|[^$\\])+?)\$"
_BRACKETS = r"(?<!\\)\\\[(?P<block>.+?)(?<!\\)\\\]|(?<!\\)\\\((?P<run>.+?)(?<!\\)\\\)"
_ENVIRONMENT = r"\\begin\{(?P<env>equation|align|gather|multline)(?P<star>\*?)\}(?P<body>.+?)\\end\{(?P=env)(?P=star)\}"
_MARKDOWN = re.compile(_DOLLARS, re.DOTALL)
_LATEX = re.compile(f"{_ENVIRONMENT}|{_DOLLARS}|{_BRACKETS}", re.DOTALL)
_STRAY_DOLLAR = re.compile(r"(?<!\\)\$")
_STRAY_BRACKET = re.compile(r"(?<!\\)\\[\[\]()]")
_EQUALITIES = ("=", "≈")
_SEPARATORS = ("space", "comma", "break")


@dataclass(slots=True)
class Chain:
    """Segments with the relations between them (one fewer than segments)."""

    segments: list[list[Token]] = field(default_factory=lambda: [[]])
    relations: list[str] = field(default_factory=list)

    @property
    def start(self) -> int:
        return min((token.start for segment in self.segments for token in segment), default=0)

    @property
    def end(self) -> int:
        return max((token.end for segment in self.segments for token in segment), default=0)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A formula that cannot be read, or what is no formula because it does not end."""

    start: int
    formula: str
    complaint: str


@dataclass(slots=True)
class PageChains:
    """The chains of a page in page order, rows that are nothing but dots, and what could not be read."""

    chains: list[Chain] = field(default_factory=list)
    dotted_rows: int = 0
    unreadable: list[Unreadable] = field(default_factory=list)


class UnclosedError(PrintedError):
    """A formula that does not end: its place, and its first characters."""

    def __init__(self, start: int, formula: str) -> None:
        super().__init__("a formula that is not closed")
        self.start, self.formula = start, formula


def formulas(text: str) -> Iterator[tuple[str, int]]:
    """The formulas of a page with their places. Raises UnclosedError where one is not closed."""
    latex = "\\documentclass" in text or "\\begin{document}" in text or "$" not in text
    blank = [_COMMENT, _VERBATIM] if latex else [_FENCE, _CODE]
    for pattern in blank:
        text = pattern.sub(lambda m: " " * len(m[0]), text)
    preamble = text.find("\\begin{document}")
    text = " " * max(preamble, 0) + text[max(preamble, 0) :]
    rest: list[tuple[int, str]] = []
    last = 0
    for match in (_LATEX if latex else _MARKDOWN).finditer(text):
        rest.append((last, text[last : match.start()]))
        last = match.end()
        group = next(name for name in ("body", "display", "inline", "block", "run") if match.groupdict().get(name))
        yield match[group], match.start(group)
    rest.append((last, text[last:]))
    for start, part in rest:
        stray = _STRAY_DOLLAR.search(part) or (_STRAY_BRACKET.search(part) if latex else None)
        if stray:
            raise UnclosedError(start + stray.start(), part[stray.start() : stray.start() + 60])


def page_chains(text: str) -> PageChains:
    """Every chain of a page."""
    page = PageChains()
    try:
        for source, start in formulas(text):
            try:
                _read(tokenise(source, start), page)
            except PrintedError as error:
                page.unreadable.append(Unreadable(start, " ".join(source.split())[:160], str(error)))
    except UnclosedError as error:
        page.unreadable.append(Unreadable(error.start, " ".join(error.formula.split()), str(error)))
    page.chains.sort(key=lambda chain: chain.start)
    return page


def _depths(tokens: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    """Each token with the number of brackets and environments around it (a bracket is outside itself)."""
    depth = 0
    for token in tokens:
        if token.kind in ("close", "end"):
            depth -= 1
        if depth < 0:
            raise PrintedError("a closing bracket without an opening one")
        yield depth, token
        if token.kind in ("open", "begin"):
            depth += 1
    if depth:
        raise PrintedError("a bracket that is not closed")


def _split(tokens: Sequence[Token], kind: str) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for depth, token in _depths(tokens):
        if depth == 0 and token.kind == kind:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _read(tokens: list[Token], page: PageChains) -> None:
    """Read the rows of aligned environments on their own, and what stands around them as rows too."""
    outer: list[Token] = []
    inner: list[Token] = []
    level = 0
    for token in tokens:
        aligned = token.text in ROWS
        if token.kind == "end" and aligned:
            level -= 1
            if level == 0:
                _read(inner, page)
                inner = []
                outer.append(token._replace(kind="letter"))
                continue
        (inner if level else outer).append(token)
        if token.kind == "begin" and aligned:
            level += 1
            if level == 1:
                outer.pop()
    if level:
        raise PrintedError("an environment that is not closed")
    _read_rows(_joined(outer), page)


def _read_rows(tokens: list[Token], page: PageChains) -> None:
    """Rows of `left & right & left & right …`: a row without a left side goes on with the chain above it."""
    pieces: dict[int, list[Token]] = {}
    found: list[list[Token]] = []
    for row in _split(tokens, "row"):
        cells = [_stripped(cell) for cell in _split(row, "column")]
        if any(cells) and all(token.kind == "dots" for cell in cells for token in cell):
            page.dotted_rows += 1
            continue
        for pair in range(0, len(cells), 2):
            left = cells[pair]
            body = left + (cells[pair + 1] if pair + 1 < len(cells) else [])
            if not body:
                continue
            goes_on = pair in pieces and (len(cells) == 1 or not left) and _continues(row, body)
            _read_pieces(body, goes_on, pair, pieces, found)
    for piece in found:
        page.chains += _chains(piece)


def _read_pieces(
    body: list[Token], goes_on: bool, pair: int, pieces: dict[int, list[Token]], found: list[list[Token]]
) -> None:
    """Split at wide spaces, commas and remarks; what begins with a relation or a sign goes on with what was before."""
    current = pieces[pair] if goes_on else []
    if not goes_on:
        found.append(current)
        pieces[pair] = current
    pending: Token | None = None
    for depth, token in _depths(body):
        if depth == 0 and token.kind in _SEPARATORS:
            pending = token if pending is None or pending.kind == "space" else pending
            continue
        if pending and current and not (pending.kind == "space" and _is_link(token)):
            current = []
            found.append(current)
        pending = None
        current.append(token)
        if depth == 0 and token.kind == "rel":
            pieces[pair] = current


def _continues(row: list[Token], body: list[Token]) -> bool:
    """Does the row begin with a relation, or with `&\\quad`, the sign of a sum that goes on?"""
    if body[0].kind == "rel" or [token.kind for token in row[:2]] == ["column", "space"]:
        return True
    return row[0].kind != "column" and _is_link(body[0])


def _joined(tokens: list[Token]) -> list[Token]:
    """Rows that are broken inside round or square brackets, put together again."""
    result: list[Token] = []
    around: list[str] = []
    broken = False
    for token in tokens:
        broken = broken and token.kind in ("column", "space")
        if token.kind in ("open", "begin"):
            around.append(token.kind)
        elif token.kind in ("close", "end") and around:
            around.pop()
        elif token.kind == "row" and around and around[-1] == "open":
            broken = True
        if not broken:
            result.append(token)
    return result


def _is_link(token: Token) -> bool:
    return token.kind in ("rel", "op")


def _stripped(tokens: list[Token]) -> list[Token]:
    start, end = 0, len(tokens)
    while start < end and tokens[start].kind == "space":
        start += 1
    while end > start and tokens[end - 1].kind == "space":
        end -= 1
    return tokens[start:end]


def _chains(piece: list[Token]) -> list[Chain]:
    """The chains of a piece; a remark such as (0.9 > 0) is read without its brackets."""
    inside = piece[1:-1]
    if len(piece) > 2 and piece[0].kind == "open" and piece[-1].kind == "close" and _has_relation(inside):
        parts: list[list[Token]] = []
        _read_pieces(inside, False, 0, {}, parts)
        return [chain for part in parts for chain in _chains(part)]
    return [_chain(piece)] if piece else []


def _has_relation(inside: list[Token]) -> bool:
    """Is there a relation in these brackets, and is it one pair of brackets, not two side by side?"""
    try:
        return any(token.kind == "rel" for _, token in _depths(inside))
    except PrintedError:
        return False


def _chain(tokens: list[Token]) -> Chain:
    chain = Chain()
    for depth, token in _depths(tokens):
        if depth == 0 and token.kind == "rel":
            chain.relations.append(token.text)
            chain.segments.append([])
        else:
            chain.segments[-1].append(token)
    return chain


def is_equality(relation: str) -> bool:
    return relation in _EQUALITIES
