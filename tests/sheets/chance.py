"""The generator of numbers and the field of 32 elements once more, from their definitions alone."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Sequence

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""


def counter_of(signs: str) -> int:
    """The number that eight characters of five bits stand for."""
    return int("".join(f"{ALPHABET.index(sign):05b}" for sign in signs), 2)


def signs_of(counter: int) -> str:
    """The eight characters of a counter."""
    bits = f"{counter:040b}"
    return "".join(ALPHABET[int(bits[start : start + 5], 2)] for start in range(0, 40, 5))


def words(counter: int) -> Iterator[int]:
    """The random words of a candidate: four of 64 bits from each SHA-256 of its counter and the number of the block."""
    block = 0
    while True:
        yield from struct.unpack(">4Q", hashlib.sha256(b"stepwise candidate %d/%d" % (counter, block)).digest())
        block += 1


def tried(seed: str, problem: str, place: int) -> int:
    """The counter that a seed tries for a problem in some place, counted from 0."""
    digest = hashlib.sha256(f"stepwise seed {seed}/{problem}/{place}".encode()).hexdigest()
    return int(digest[:16], 16) % 2**40


def picked(counter: int, grids: Sequence[Sequence[str]]) -> list[str]:
    """The number that a candidate has in each place."""
    return [grid[word % len(grid)] for grid, word in zip(grids, words(counter), strict=False)]


def tenths(first: int, last: int, unit: int = 10) -> list[str]:
    """All tenths (or other parts) between two whole numbers of them, without 0: -0.9 to 0.9 is `tenths(-9, 9)`."""
    decimals = len(str(unit)) - 1
    return [f"{place / unit:.{decimals}f}" for place in range(first, last + 1) if place]


def vanishes(signs: str) -> bool:
    """Whether Σ aⁱ·cᵢ is 0, the last character first: elements are bits of polynomials modulo x⁵ + x² + 1, a is x."""
    total = 0
    for sign in signs:
        total *= 2
        if total >= 32:
            total ^= 0b100101
        total ^= ALPHABET.index(sign)
    return total == 0
