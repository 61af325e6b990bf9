"""Drawing initial weights from a seed: the same numbers on every machine and with every version of every library.

Random bits are SHA-256 of scheme, seed, layer and a counter, so that no generator of another project can change them.
"""

from __future__ import annotations

import numpy as np

from stepwise.operations.initialisation import SCHEMES, spread
from stepwise.problem.model import Array, Draw, Given

DECIMALS = 4
"""Drawn numbers are rounded when they are drawn: what is printed is what is given."""


def uniforms(key: str, count: int) -> Array:
    """`count` numbers evenly spread over the open interval (0, 1), from 52 bits each."""
    from hashlib import sha256  # only where something is drawn: these two cost 5 ms at start

    blocks = b"".join(sha256(f"{key}/{block}".encode()).digest() for block in range((count + 3) // 4))
    bits = np.frombuffer(blocks, dtype=">u8")[:count] >> np.uint64(12)
    numbers: Array = (bits.astype(np.float64) + 0.5) * 2.0**-52
    return numbers


def drawn(draw: Draw, layer: int, inputs: int, units: int, shape: tuple[int, int]) -> Given:
    """The weights of one layer, filled row by row, each with the text that is printed."""
    scheme, count = SCHEMES[draw.scheme], shape[0] * shape[1]
    if scheme.distribution == "zeros":
        texts = np.full(shape, "0", dtype=np.object_)
        return Given(shape, np.zeros(shape), texts)
    width = spread(draw.scheme, inputs, units)
    numbers = uniforms(f"{draw.scheme}/{draw.seed}/{layer}", count)
    if scheme.distribution == "uniform":
        values = (2.0 * numbers - 1.0) * width
    else:
        from statistics import NormalDist

        quantile = NormalDist().inv_cdf
        values = np.array([quantile(float(number)) for number in numbers]) * width
    printed = [_printed(float(value)) for value in values]
    texts = np.array(printed, dtype=np.object_).reshape(shape)
    return Given(shape, np.array([float(text) for text in printed]).reshape(shape), texts)


def _printed(value: float) -> str:
    text = f"{value:.{DECIMALS}f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.") else text
