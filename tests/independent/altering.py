"""Spoil one printed result of a page, to see that the checker notices."""

from __future__ import annotations

from random import Random

from stepwise.verifying.printed.chains import page_chains
from stepwise.verifying.printed.pages import equalities, pairs, read_segments
from stepwise.verifying.printed.values import PrintedError


def alter_one_digit(text: str, rng: Random) -> str:
    """The page with one digit changed in one printed result that the checker re-does."""
    places = result_digits(text)
    if not places:
        raise ValueError("the page prints no result that can be re-done")
    place = rng.choice(places)
    digit = rng.choice([d for d in "0123456789" if d != text[place]])
    return text[:place] + digit + text[place + 1 :]


def result_digits(text: str) -> list[int]:
    """The places of all digits of results that the checker re-does."""
    places: set[int] = set()
    for chain in page_chains(text).chains:
        segments = read_segments(chain)
        for i, j, relation in pairs(chain, segments):
            try:
                found = equalities(segments[i], segments[j], relation)
            except PrintedError:
                continue
            for printed in (equality.printed for equality in found):
                if printed.start >= 0:
                    length = len(printed.text.lstrip("-").partition("\\")[0].rstrip())
                    places |= {p for p in range(printed.start, printed.start + length) if text[p].isdecimal()}
    return sorted(places)
