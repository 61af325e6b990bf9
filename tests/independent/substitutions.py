"""How many entries of a page have the numbers put in, each for itself."""

from __future__ import annotations

from itertools import zip_longest

from stepwise.verifying.printed.chains import Chain, is_equality, page_chains
from stepwise.verifying.printed.pages import Segment, read_segments
from stepwise.verifying.printed.tokens import Token
from stepwise.verifying.printed.values import Num, grid
from stepwise.verifying.printed.vocabulary import MATRICES


def substitutions(text: str) -> int:
    """The entries whose result follows a formula of their own numbers, or stands beside the condition that decides it.

    A matrix whose every cell is such a formula counts its cells (those behind dots do not count); a product of matrices
    does not count, for no entry has its own numbers there.
    """
    total = 0
    chains = page_chains(text).chains
    following: Chain | None
    for chain, following in zip_longest(chains, chains[1:]):
        if any(is_equality(relation) for relation in chain.relations):
            own = _in_chain(chain)
            total += own or int(following is not None and _is_condition(following) and _ends_in_number(chain))
    return total


def _in_chain(chain: Chain) -> int:
    segments = read_segments(chain)
    last = segments[-1]
    if not last.printed:
        return 0
    return max((_own_numbers(segment) for segment in segments[:-1]), default=0)


def _own_numbers(segment: Segment) -> int:
    """The entries that are formulas of numbers in one segment."""
    if segment.symbolic or segment.error or segment.printed:
        return 0
    if segment.value is None or isinstance(segment.value, Num):
        return 1
    if not _is_one_matrix(segment.tokens):
        return 0
    rows, columns = grid(segment.value).shape
    return _cells_without_dots(segment.tokens) if segment.dotted else rows * columns


def _is_one_matrix(tokens: list[Token]) -> bool:
    """Is the segment one matrix from its first token to its last?"""
    depth = 0
    for i, token in enumerate(tokens):
        depth += (token.kind == "begin") - (token.kind == "end")
        if depth == 0:
            return i == len(tokens) - 1 and token.kind == "end" and token.text in MATRICES
    return False


def _cells_without_dots(tokens: list[Token]) -> int:
    """The cells of a matrix that are more than dots."""
    cells: list[list[Token]] = [[]]
    for token in tokens[1:-1]:
        if token.kind in ("column", "row"):
            cells.append([])
        else:
            cells[-1].append(token)
    return sum(any(token.kind != "dots" for token in cell) for cell in cells)


def _ends_in_number(chain: Chain) -> bool:
    last = read_segments(chain)[-1]
    return last.printed and isinstance(last.value, Num)


def _is_condition(chain: Chain) -> bool:
    return bool(chain.relations) and not any(is_equality(relation) for relation in chain.relations)
