"""What is said, before it is in any language: the key of a sentence and what goes into its slots."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field


class Math(Struct, frozen=True):
    """Inline mathematics in a sentence, as LaTeX."""

    latex: str


class Code(Struct, frozen=True):
    """A quantity id in a sentence, as it is typed."""

    text: str


class Foreign(Struct, frozen=True):
    """A text that somebody else wrote (a name, a file, a typed number), in a sentence of ours."""

    text: str


class Translated(Struct, frozen=True):
    """A text that somebody else wrote, by language; a sentence takes that of its own."""

    texts: Mapping[str, str]


class Slots(dict[str, "Slot"]):
    """What goes into the slots of a sentence, by name. Nothing changes it, so that it can be remembered by."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(self.items()))


class Phrase(Struct, frozen=True):
    """A sentence of the catalogue. Slots hold mathematics, ids, foreign texts, lists of these, counted numbers,
    texts of the problem, or other phrases."""

    key: str
    slots: Mapping[str, Slot] = field(default_factory=Slots)


Slot = Math | Code | Foreign | Translated | Phrase | int | str | tuple["Slot", ...]


class Instruction(Struct, frozen=True):
    """One numbered step of an algorithm, and the steps inside it."""

    what: Phrase
    inside: tuple[Phrase, ...] = ()


def phrase(key: str, **slots: Slot) -> Phrase:
    return Phrase(key, Slots(slots))
