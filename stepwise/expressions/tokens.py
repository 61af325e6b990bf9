"""A typed formula cut into numbers, names and signs."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from msgspec import Struct

LONGEST = 1000
"""Characters of a formula."""
_MOST_DIGITS = 20
_MOST_TENS = 30
_BLANK = re.compile(r"[ \t\r\n\u00a0\u3000\u2009]+")
_NUMBER = re.compile(r"(?P<digits>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE](?P<ten>[+-]?[0-9]+))?")
_NAME = re.compile(r"[^\W\d²³¹⁰⁴-⁹][^\W²³¹⁰⁴-⁹]*")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SIGNS = {"−": "-", "–": "-", "×": "*", "·": "*", "⋅": "*", "∗": "*", "÷": "/", "∕": "/"}
_PLAIN = frozenset("+-*/^(),")
_INSTEAD = {
    "|": "write abs(z)",
    "√": "write sqrt(z)",
    "²": "write ^2",
    "³": "write ^3",
    "%": "write 50% as 0.5",
    "=": "write only what the function is, as in z*tanh(z)",
    "[": "use ( and )",
    "]": "use ( and )",
    "{": "use ( and )",
    "}": "use ( and )",
    "\\": "write tanh(z), not LaTeX",
    "<": "write max, min or abs for cases",
    ">": "write max, min or abs for cases",
    "'": "write the formula without quotes inside",
    '"': "write the formula without quotes inside",
    "∞": "write a finite number",
}


class ParseError(ValueError):
    """Why a text is no formula: `message`, the `column` (from 1), and a `hint` what to write."""

    def __init__(self, message: str, column: int, hint: str = "") -> None:
        self.message, self.column, self.hint = message, column, hint
        super().__init__(f"column {column}: {message}" + (f" ({hint})" if hint else ""))


class Token(Struct, frozen=True):
    """One number, name or sign, or the end."""

    kind: Literal["number", "name", "sign", "end"]
    text: str
    column: int


def tokens_of(text: str) -> list[Token]:
    """The tokens of a formula, and the end; ParseError for what is neither number, name nor sign."""
    if len(text) > LONGEST:
        raise ParseError(f"the formula is longer than {LONGEST} characters", LONGEST + 1, "write a simpler one")
    text = text.translate(_FULL_WIDTH)
    found: list[Token] = []
    at = 0
    while at < len(text):
        if blank := _BLANK.match(text, at):
            at = blank.end()
            continue
        token, at = _token(text, at)
        found.append(token)
    return [*found, Token("end", "", len(text) + 1)]


def _token(text: str, at: int) -> tuple[Token, int]:
    if number := _NUMBER.match(text, at):
        return _number(number), number.end()
    if name := _NAME.match(text, at):
        return Token("name", name[0], at + 1), name.end()
    if text.startswith("**", at):
        return Token("sign", "^", at + 1), at + 2
    sign = _SIGNS.get(text[at], text[at])
    if sign in _PLAIN:
        return Token("sign", sign, at + 1), at + 1
    raise ParseError(f"{quoted(text[at])} does not belong into a formula", at + 1, _INSTEAD.get(text[at], ""))


def _number(found: re.Match[str]) -> Token:
    digits, ten = found["digits"], found["ten"]
    column = found.start() + 1
    if len(digits) > _MOST_DIGITS:
        raise ParseError(f"a number of more than {_MOST_DIGITS} digits", column, "write fewer")
    if ten is not None and (len(ten) > 4 or abs(int(ten)) > _MOST_TENS):
        raise ParseError("this number is too large or too small", column, "between 1e-30 and 1e30")
    return Token("number", found[0].lower(), column)


def quoted(text: str) -> str:
    """A part of the formula in a message: short, and one that cannot be printed by its code."""
    if len(text) == 1 and unicodedata.category(text)[0] in "CZM":
        return f"character U+{ord(text):04X}"
    shown = "".join(one if one.isprintable() else "?" for one in text)
    return f"`{shown if len(shown) <= 30 else shown[:29] + '…'}`"
