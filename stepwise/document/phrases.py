"""What is said, before it is in any language: the key of a sentence and what goes into its slots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Math:
    """Inline mathematics in a sentence, as LaTeX."""

    latex: str


@dataclass(frozen=True)
class Code:
    """A quantity id in a sentence, as it is typed."""

    text: str


@dataclass(frozen=True)
class Foreign:
    """A text that somebody else wrote (a name, a file, a typed number), in a sentence of ours."""

    text: str


@dataclass(frozen=True)
class Translated:
    """A text that somebody else wrote, by language; a sentence takes that of its own."""

    texts: Mapping[str, str]


@dataclass(frozen=True)
class Phrase:
    """A sentence of the catalogue. Slots hold mathematics, ids, foreign texts, lists of these, counted numbers,
    texts of the problem, or other phrases."""

    key: str
    slots: Mapping[str, Slot] = field(default_factory=dict)


Slot = Math | Code | Foreign | Translated | Phrase | int | str | tuple["Slot", ...]


@dataclass(frozen=True)
class Instruction:
    """One numbered step of an algorithm, and the steps inside it."""

    what: Phrase
    inside: tuple[Phrase, ...] = ()


def phrase(key: str, **slots: Slot) -> Phrase:
    return Phrase(key, slots)
