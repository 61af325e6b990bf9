"""Our own source of chance: SHA-256 of a counter. The same numbers on every machine and with every version of Python.

A *candidate* is one draw of all numbers of a problem. It is known by its counter of 40 bits, which is all that decides
about its numbers. A seed only says in which order counters are tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import numpy as np
import numpy.typing as npt

BITS = 40
"""Bits of a counter: eight characters of five bits."""
_SPAN = 1 << BITS
_WORDS = 4
"""Words of 64 bits in one hash."""

Words = npt.NDArray[np.uint64]


def counters(seed: str, first: int, count: int) -> list[int]:
    """The counters that a seed tries, from its `first` (counted from 0) on."""
    hashes = (sha256(f"stepwise seed {seed}/{place}".encode()).digest() for place in range(first, first + count))
    return [int.from_bytes(digest[:8], "big") % _SPAN for digest in hashes]


def words(candidates: Sequence[int], count: int) -> Words:
    """`count` random words of 64 bits for each candidate, one candidate a row."""
    blocks = range(-(-count // _WORDS))
    found = b"".join(
        sha256(f"stepwise candidate {counter}/{block}".encode()).digest() for counter in candidates for block in blocks
    )
    return np.frombuffer(found, dtype=">u8").astype(np.uint64).reshape(len(candidates), -1)[:, :count]
