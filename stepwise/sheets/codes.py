"""Codes such as `XOR-7F3K9QDM-E`: which problem, which candidate, and a character that finds typing errors.

The eight characters in the middle are the candidate's counter in Crockford's base 32 (no I, L, O, U; read without
regard to case, O as 0, I and L as 1). The last character checks them: a weighted sum over the field of 32 elements, so
that any one wrong character and any two exchanged ones are noticed. Where the problem does not ship with stepwise, two
characters of a hash of it stand before the check character: a file that was changed since draws other numbers.
"""

from __future__ import annotations

import json
import re
import unicodedata
from hashlib import sha256

from msgspec import Struct

from stepwise.errors import UnsupportedError
from stepwise.problem.nodes import listed

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 8
_PRINT = 2
"""Characters of a problem's fingerprint."""
_FIELD = 0b100101
"""x⁵ + x² + 1, by which the field of 32 elements is made."""
_AS_TYPED = str.maketrans("OILoil", "011011")
_LIKE = "XOR-7F3K9QDM-E"
_FIRST_WORD = 4
"""Letters of a problem's first word in its codes; of the others the first letter stands."""
_KIND_OF_MODEL = frozenset({"mlp", "network"})
"""Last words that say nothing more."""


class Code(Struct, frozen=True):
    """A code, read: the problem's prefix, the candidate's counter, the fingerprint ("" for a shipped problem)."""

    prefix: str
    counter: int
    fingerprint: str = ""

    @property
    def text(self) -> str:
        signs = _signs(self.counter)
        return f"{self.prefix}-{signs}-{self.fingerprint}{check_character(signs + self.fingerprint)}"


def prefix_of(name: str) -> str:
    """What the codes of a problem begin with: `XOR` for xor-mlp, `SOFTR` for softmax-regression; at most 8 letters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    found = re.findall("[A-Za-z0-9]+", plain)
    if len(found) > 1 and found[-1].lower() in _KIND_OF_MODEL:
        found.pop()
    if not found:
        return "P"
    short: str = found[0][:_FIRST_WORD] + "".join(word[0] for word in found[1:])
    return short[:_LENGTH].upper()


def fingerprint_of(content: object) -> str:
    """Two characters that change when the content does (in 1,023 of 1,024 cases)."""
    text = json.dumps(listed(content), ensure_ascii=False, sort_keys=True, default=str)
    digest = sha256(text.encode()).digest()
    return "".join(ALPHABET[byte % 32] for byte in digest[:_PRINT])


def check_character(signs: str) -> str:
    """The character that makes Σ aⁱ·cᵢ vanish in the field of 32 elements, where a generates it."""
    total, power = 0, 1
    for sign in reversed(signs):
        power = _double(power)
        total ^= _times(power, ALPHABET.index(sign))
    return ALPHABET[total]


def read_code(text: str) -> Code:
    """The code in a text as people type it. Raises UnsupportedError where it is none, or mistyped."""
    typed = re.sub(r"[-\s\u2010-\u2015\u2212－_]+", "-", unicodedata.normalize("NFKC", text.strip()))
    prefix, middle, last = (*typed.split("-"), "", "", "")[:3]
    signs, end = middle.translate(_AS_TYPED).upper(), last.translate(_AS_TYPED).upper()
    known = set(ALPHABET)
    if typed.count("-") != 2 or len(signs) != _LENGTH or len(end) not in (1, 1 + _PRINT) or not {*signs, *end} <= known:
        raise UnsupportedError(f"{_short(text)} is no code (write it as it stands on the sheet: {_LIKE})")
    if check_character(signs + end[:-1]) != end[-1]:
        raise UnsupportedError(f"the code {_short(text)} is mistyped: its last character does not fit (look again)")
    counter = 0
    for sign in signs:
        counter = counter * 32 + ALPHABET.index(sign)
    return Code(prefix.upper(), counter, end[:-1])


def _signs(counter: int) -> str:
    return "".join(ALPHABET[(counter >> 5 * place) % 32] for place in reversed(range(_LENGTH)))


def _double(element: int) -> int:
    element <<= 1
    return element ^ _FIELD if element > 31 else element


def _times(left: int, right: int) -> int:
    total = 0
    while right:
        if right & 1:
            total ^= left
        left, right = _double(left), right >> 1
    return total


def _short(text: str) -> str:
    line = " ".join(text.split())
    return repr(line if len(line) <= 40 else f"{line[:39]}…")
