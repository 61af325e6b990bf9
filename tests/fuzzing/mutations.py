"""Inputs made from other inputs: what a slip, a bad copy or malice makes of a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

from .hostile import PIECES
from .limits import LARGEST_INPUT

_WORD = re.compile(rb"[^\s,:;|\[\]{}\"'=]+")
_NUMBER = re.compile(rb"(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w.])")
_BRACKETS = re.compile(rb"\[[^\[\]]*\]|\{[^{}]*\}")
_MOST = 6
"""Changes of one input."""

Change = Callable[[Random, bytes, Sequence[bytes]], bytes]


def mutated(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """An input made of `data`, and of parts of `others`."""
    for _ in range(rng.choice((1, 1, 1, 2, 3, _MOST))):
        data = rng.choice(CHANGES)(rng, data, others)
    return data[:LARGEST_INPUT]


def noise(rng: Random) -> bytes:
    """Bytes of no kind of file."""
    size = rng.choice((0, 1, 7, 60, 400, 5_000))
    signs = rng.choice((bytes(range(256)), b" \n-:[]{}&*!|>'\"%@`#,?a1.", b"0123456789.eE+-/% ,;\n"))
    return bytes(rng.choice(signs) for _ in range(size))


def _span(rng: Random, data: bytes, longest: int = 60) -> tuple[int, int]:
    start = rng.randrange(len(data) + 1)
    return start, min(len(data), start + rng.randint(0, longest))


def _flipped(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8))):
        if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _inserted(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + bytes(rng.randrange(256) for _ in range(rng.choice((1, 2, 5)))) + data[at:]


def _with_piece(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(PIECES) + data[at:]


def _cut(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    start, end = _span(rng, data)
    return data[:start] + data[end:]


def _ended(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _doubled(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    start, end = _span(rng, data)
    return data[:end] + data[start:end] * rng.choice((1, 2, 50, 2_000)) + data[end:]


def _spliced(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    other = rng.choice(others)
    start, end = _span(rng, other, 400)
    at, after = _span(rng, data)
    return data[:at] + other[start:end] + data[after:]


def _crossed(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Lines of two files in turn."""
    ours, theirs = data.split(b"\n"), rng.choice(others).split(b"\n")
    return b"\n".join(rng.choice(pair) for pair in zip(ours, theirs, strict=False)) + b"\n"


def _field_exchanged(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """A top field of one file in place of one in another, or beside it."""
    theirs, ours = (re.split(rb"(?m)^(?=[A-Za-z])", text) for text in (rng.choice(others), data))
    at = rng.randrange(len(ours))
    ours[at : at + rng.randint(0, 1)] = [rng.choice(theirs)]
    return b"".join(ours)


def _replaced(pattern: re.Pattern[bytes], more: Callable[[Random, bytes], bytes]) -> Change:
    def change(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
        found = list(pattern.finditer(data))
        if not found:
            return data
        one = rng.choice(found)
        return data[: one.start()] + more(rng, one[0]) + data[one.end() :]

    return change


def _other_number(rng: Random, number: bytes) -> bytes:
    exponent = rng.choice((-330, -308, -300, -20, -5, 2, 5, 8, 16, 150, 300, 308, 400))
    digits = "".join(rng.choice("0123456789") for _ in range(rng.choice((1, 3, 17, 40))))
    made = (
        f"{digits}e{exponent}",
        f"-{digits}",
        f"0.{digits}",
        f"{digits}/{digits[::-1]}",
        f"{digits}%",
        "0",
        "-1",
        "1e6",
    )
    return rng.choice((number + b"e300", number + b"e-300", b"-" + number, *(text.encode() for text in made)))


def _words_exchanged(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    found = list(_WORD.finditer(data))
    if len(found) < 2:
        return data
    one, two = sorted(rng.sample(found, 2), key=lambda match: match.start())
    return data[: one.start()] + two[0] + data[one.end() : two.start()] + one[0] + data[two.end() :]


def _lines_exchanged(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    lines = data.split(b"\n")
    one, two = rng.randrange(len(lines)), rng.randrange(len(lines))
    other = rng.choice((lines[one], lines[two], b" " * rng.randint(0, 9) + lines[one].strip()))
    lines[one], lines[two] = lines[two], other
    return b"\n".join(lines)


def _nested(rng: Random, part: bytes) -> bytes:
    depth = rng.choice((1, 2, 5, 45, 3_000))
    first, last = rng.choice(((b"[", b"]"), (b"{a: ", b"}"), (b"[0, ", b"]"), (b'{"a": ', b"}"), (b"&a [*a, ", b"]")))
    return first * depth + part + last * rng.choice((depth, depth, depth - 1))


def _as_alias(rng: Random, part: bytes) -> bytes:
    return rng.choice((b"&a " + part, b"*a", b"[*a, *a, *a]", b"&a " + part + b"\nz: *a"))


def _encoded(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    text = data.decode("utf-8", "replace")
    encoding = rng.choice(("utf-16", "utf-16-le", "utf-32", "gb18030", "latin-1", "utf-7", "utf-8-sig", "cp037"))
    return text.encode(encoding, "replace")


def _with_line_ends(rng: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    return data.replace(b"\n", rng.choice((b"\r\n", b"\r", b"\n\n", b"\x85", b"\n\t", b" \n ", "\u2028".encode())))


CHANGES: tuple[Change, ...] = (
    _flipped,
    _inserted,
    _with_piece,
    _with_piece,
    _cut,
    _ended,
    _doubled,
    _spliced,
    _spliced,
    _crossed,
    _field_exchanged,
    _field_exchanged,
    _words_exchanged,
    _words_exchanged,
    _lines_exchanged,
    *(_replaced(_WORD, lambda rng, word: rng.choice(PIECES)),) * 3,
    *(_replaced(_NUMBER, lambda rng, word: rng.choice(PIECES)),) * 3,
    *(_replaced(_NUMBER, _other_number),) * 4,
    _replaced(_WORD, _as_alias),
    _replaced(_BRACKETS, _nested),
    _replaced(_BRACKETS, _as_alias),
    _encoded,
    _with_line_ends,
)
"""The likelier ones stand more often."""
