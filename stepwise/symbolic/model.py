"""A derivation on paper as data: passages of steps, each a chain of equal expressions with the rule that was used.

Expressions are the trees that operations are made of, with letters for operands (`Ref`), letters with an index
(`Entry`), names for formulas (`Named`) and derivatives still to be taken (`Derivative`). The page writes them, sympy
proves every equality between them (`proof.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct, field

from stepwise.expressions import Expr


class Word(Struct, frozen=True):
    """Another sentence or name of the catalogue, by its key: `activation.sigmoid`."""

    key: str


class Relation(Struct, frozen=True):
    """`left sign right` in a sentence: i = j, y_j > t_j. The sign is LaTeX; `right` may go on: 0 < z < 6."""

    left: Expr
    sign: str
    right: Expr | Relation


Slots = Mapping[str, Expr | Relation | int | str | Word]
"""What goes into a sentence: mathematics, a count, plain text, or a word of the catalogue."""


class Facts(Struct, frozen=True):
    """What holds in a step beyond algebra, and is said in its sentence.

    `positive` and `negative` letters; index letters that are the `same` or `different`; `sums_to_one`: the letter of a
    vector whose entries add up to 1; `inputs`: index letters that go from 1 to n, the inputs of a layer.
    """

    positive: frozenset[str] = frozenset()
    negative: frozenset[str] = frozenset()
    same: tuple[tuple[str, str], ...] = ()
    different: tuple[tuple[str, str], ...] = ()
    sums_to_one: str = ""
    inputs: tuple[str, ...] = ()


class Step(Struct, frozen=True):
    """`left = right[0] = right[1] = …`, all of them equal, by the rule `rule` (a key of the words, under `rule.`).

    `slots` are for that sentence. `about`: the last expression is a rounded number, so ≈ stands before it.
    """

    rule: str
    left: Expr
    right: tuple[Expr, ...]
    slots: Slots = field(default_factory=dict)
    facts: Facts = Facts()
    about: bool = False
    rounded: tuple[int, ...] = ()
    """Places (from 1) of expressions before the last that hold rounded numbers, so that ≈ stands before them too."""


class Remark(Struct, frozen=True):
    """A sentence between the steps: a key of the words, under `remark.`."""

    key: str
    slots: Slots = field(default_factory=dict)


class Passage(Struct, frozen=True):
    """Steps and remarks under one heading: a key of the words, under `passage.`."""

    title: str
    parts: tuple[Step | Remark, ...]
    slots: Slots = field(default_factory=dict)


class Deduction(Struct, frozen=True):
    """A whole derivation: its title (a key under `title.`), and its passages.

    `symbols` maps a letter to its LaTeX where that is not what the letter looks like (`f` → σ(z)).
    """

    name: str
    title: str
    passages: tuple[Passage, ...]
    symbols: Mapping[str, str] = field(default_factory=dict)
    slots: Slots = field(default_factory=dict)

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(part for passage in self.passages for part in passage.parts if isinstance(part, Step))


class Topic(Struct, frozen=True):
    """Something that can be derived: the name users type, and what makes its derivation."""

    name: str
    title: str
    """A key of the words, under `title.`; its derivation bears the same."""
    build: Callable[[], Deduction]
    slots: Slots = field(default_factory=dict)
    group: str = "network"
    """Where it stands in the list of all: a key of the words, under `group.`."""
