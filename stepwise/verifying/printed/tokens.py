"""Printed LaTeX mathematics as tokens. What carries no meaning (spacing, boldness, shapes under factors) is dropped."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from stepwise.verifying.printed.values import Num, PrintedError
from stepwise.verifying.printed.vocabulary import (
    CHARACTERS,
    COMMANDS,
    FIRST_ARGUMENT_DROPPED,
    FUNCTIONS,
    GREEK,
    IGNORED,
    NAMED,
)

NUMBER = re.compile(
    r"(?P<digits>\d+(?:\.\d+)?|\.\d+)"
    r"(?:(?P<sci>(?:\\[,;!:]|\s)*(?:\\times|\\cdot|×)(?:\\[,;!:]|\s)*10\s*\^\s*(?:\{\s*(?P<ten>[+-]?\d+)\s*\}|(?P<one>\d)))"
    r"|\\mathrm\{e\}(?:\{(?P<typed>[+-]?\d+)\}|(?P<bare>[+-]?\d+)))?"
    r"(?P<percent>(?:\\,|\s)*\\%)?"
)
# A power of ten that stands alone is a printed number too; 10² is a square.
POWER_OF_TEN = re.compile(r"10\s*\^\s*\{\s*(?P<ten>-\d+|[3-9]|\d\d+)\s*\}")
COMMAND = re.compile(r"\\([A-Za-z]+\*?|.)", re.DOTALL)
TRANSPOSE = re.compile(r"\^\s*(?:T|\\top|\{\s*(?:T|\\top|\\mathsf\s*\{?T\}?)\s*\})")
ROW_SPACE = re.compile(r"\s*\[\s*-?[\d.]+\s*[a-z]+\s*\]")
# e^{(1)} is the symbol e of a layer or a sample, not an exponential.
EXPONENTIAL = re.compile(r"\s*\^(?!\s*\{\s*\(\d+\)\s*\})")


class Token(NamedTuple):
    """One token, with its place on the page."""

    kind: str
    text: str
    start: int
    end: int
    num: Num | None = None


def group_end(source: str, start: int) -> int:
    """The index after the group that opens at start."""
    depth = 0
    i = start
    while i < len(source):
        if source[i] == "\\":
            i += 2
            continue
        depth += (source[i] == "{") - (source[i] == "}")
        i += 1
        if depth == 0:
            return i
    raise PrintedError(f"unclosed brace: {source[start : start + 40]}")


def tokenise(source: str, base: int = 0) -> list[Token]:
    """The tokens of one formula; base is its place on the page."""
    return _Tokeniser(source, base).run()


class _Tokeniser:
    def __init__(self, source: str, base: int) -> None:
        self.source, self.base, self.i = source, base, 0
        self.out: list[Token] = []

    def run(self) -> list[Token]:
        while self.i < len(self.source):
            character = self.source[self.i]
            if character.isspace() or character == "~":
                self.i += 1
            elif character.isdecimal() or (character == "." and self.source[self.i + 1 : self.i + 2].isdecimal()):
                self._number()
            elif character == "\\":
                self._command()
            else:
                self._character(character)
        return self.out

    def _emit(self, kind: str, text: str, length: int, num: Num | None = None) -> None:
        start = self.base + self.i
        self.out.append(Token(kind, text, start, start + length, num))
        self.i += length

    def _number(self) -> None:
        if alone := POWER_OF_TEN.match(self.source, self.i):
            ten = Fraction(10) ** int(alone["ten"])
            num = Num(ten, quantum=ten, scientific=True, start=self.base + self.i, text=alone[0])
            self._emit("num", alone[0], len(alone[0]), num)
            return
        match = NUMBER.match(self.source, self.i)
        if match is None:
            raise PrintedError(f"no number: {self.source[self.i : self.i + 20]}")
        digits = match["digits"]
        exponent = int(match["ten"] or match["one"] or match["typed"] or match["bare"] or 0)
        unit = Fraction(10) ** exponent / (100 if match["percent"] else 1)
        decimals = len(digits.partition(".")[2])
        num = Num(
            Fraction(digits) * unit,
            quantum=unit / 10**decimals,
            scientific=match["sci"] is not None,
            start=self.base + self.i,
            text=match[0],
        )
        self._emit("num", match[0], len(match[0]), num)

    def _character(self, character: str) -> None:
        if character == "^" and self.out and self.out[-1].kind in ("close", "end"):
            match = TRANSPOSE.match(self.source, self.i)
            if match:
                self._emit("transpose", "T", len(match[0]))
                return
        if character == "{" and (empty := re.compile(r"\{\s*\}").match(self.source, self.i)):
            self.i += len(empty[0])
        elif character == "e" and EXPONENTIAL.match(self.source, self.i + 1):
            self._emit("e", "e", 1)
        elif character.isalpha():
            self._emit("letter", character, 1)
        else:
            kind, text = CHARACTERS.get(character, ("unknown", character))
            self._emit(kind, text, 1)

    def _command(self) -> None:
        match = COMMAND.match(self.source, self.i)
        if match is None:
            raise PrintedError("a backslash at the end")
        name, length = match[1], len(match[0])
        if name in ("left", "right") and self.source[self.i + length : self.i + length + 1] == ".":
            self._emit("open" if name == "left" else "close", ".", length + 1)
        elif name == "\\":
            self._emit("row", "", 2)
            if space := ROW_SPACE.match(self.source, self.i):
                self.i += len(space[0])
        elif name in IGNORED:
            self.i += length
        elif name in COMMANDS:
            self._emit(*COMMANDS[name], length)
        elif name in FUNCTIONS:
            self._emit("function", name, length)
        elif name in GREEK:
            self._emit("letter", name, length)
        else:
            self._command_with_argument(name, length)

    def _command_with_argument(self, name: str, length: int) -> None:
        if name in ("underbrace", "overbrace"):
            self._brace(length)
        elif name in FIRST_ARGUMENT_DROPPED:
            self.i = self._argument(self.i + length)[1]
        elif name in ("begin", "end"):
            start, end = self._argument(self.i + length)
            environment = self.source[start + 1 : end - 1]
            if name == "begin" and environment in ("array", "alignedat"):
                end = self._argument(end)[1]
            self._emit(name, environment, end - self.i)
        elif name in NAMED:
            self._named(*self._argument(self.i + length))
        else:
            self._emit("unknown", "\\" + name, length)

    def _argument(self, i: int) -> tuple[int, int]:
        while self.source[i : i + 1].isspace():
            i += 1
        if self.source[i : i + 1] != "{":
            raise PrintedError(f"an argument in braces is missing: {self.source[self.i : i + 20]}")
        return i, group_end(self.source, i)

    def _brace(self, length: int) -> None:
        start, end = self._argument(self.i + length)
        self.out += tokenise(self.source[start:end], self.base + start)
        self.i = end
        label = re.compile(r"\s*[_^]\s*(?=\{)").match(self.source, end)
        if label:
            self.i = group_end(self.source, label.end())

    def _named(self, start: int, end: int) -> None:
        """Words: a function's name, the letter e, a number in bold, a remark, or the name of something."""
        content = self.source[start + 1 : end - 1]
        word = content.strip()
        if not any(c.isalpha() for c in content):
            if word:
                self.out += tokenise(content, self.base + start + 1)
            self.i = end
        elif word in FUNCTIONS:
            self._emit("function", word, end - self.i)
        elif word == "e" and EXPONENTIAL.match(self.source, end):
            self._emit("e", "e", end - self.i)
        elif any(c.isspace() for c in content) or not word[0].isalnum():
            self._emit("break", word, end - self.i)
        else:
            self._emit("letter", word, end - self.i)
