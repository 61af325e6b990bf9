"""What is said, before it is in any language: the key of a sentence and what goes into its slots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Math:
    """Inline mathematics in a sentence, as LaTeX."""

    latex: str


@dataclass(frozen=True)
class Phrase:
    """A sentence of the catalogue. Slots hold mathematics, lists of it, counted numbers, texts of
    the problem, or other phrases."""

    key: str
    slots: Mapping[str, Slot] = field(default_factory=dict)


Slot = Math | Phrase | int | str | tuple[Math, ...]


@dataclass(frozen=True)
class Instruction:
    """One numbered step of an algorithm, and the steps inside it."""

    what: Phrase
    inside: tuple[Phrase, ...] = ()


def phrase(key: str, **slots: Slot) -> Phrase:
    return Phrase(key, slots)
