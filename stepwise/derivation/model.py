"""The derivation: every line of a calculation in the order a teacher writes it, without a single number."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct, field

from stepwise.expressions import Expr, value_refs
from stepwise.notation.symbols import Symbol
from stepwise.operations.operation import Mistakes, none

PREPARATION, FORWARD, LOSS, BACKWARD, UPDATE, AFTER = (
    "preparation",
    "forward",
    "loss",
    "backward",
    "update",
    "after",
)


class GivenQuantity(Struct, frozen=True):
    """A quantity that is given. `rank` is the number of axes it has for the user: 0 number, 1 vector, 2 matrix."""

    id: str
    symbol: Symbol
    rank: int


class Step(Struct, frozen=True, eq=False, dict=True):
    """One line: quantity `id` is `operation` of the `operands`.

    `tree` is the operation's expression with quantity ids for slots. A step without a symbol is a line inside a formula
    and is written as its own formula; `group` is the step whose formula that is. `role` says what the quantity is to a
    reader (`z`, `activation`, `delta` …), `variant` which one (`sigmoid`, `fused` …).
    """

    id: str
    operation: str
    tree: Expr
    operands: tuple[str, ...]
    phase: str
    layer: int | None
    role: str
    variant: str
    group: str
    rank: int
    symbol: Symbol | None
    head: str = ""
    """The formula's function by name, as LaTeX: `\\sigma`."""
    digits_of: str = ""
    """The id whose number of digits this line takes (η∇W rounds like W_new)."""
    make_mistakes: Callable[[], Mistakes] = none
    """What gives `mistakes`: only who marks answers pays for them."""

    @cached_property
    def mistakes(self) -> Mistakes:
        """The mistakes people make in this line, with quantity ids for slots like `tree`."""
        return self.make_mistakes()

    @cached_property
    def numbers_from(self) -> tuple[str, ...]:
        """The operands whose numbers enter the value."""
        return value_refs(self.tree)


class Derivation(Struct, frozen=True, eq=False, dict=True):
    """`before` once, `each` for every iteration, `after` once.

    `carried` maps a parameter to what it becomes; `history` names the quantities that are kept of every iteration.
    """

    givens: Mapping[str, GivenQuantity]
    before: tuple[Step, ...]
    each: tuple[Step, ...]
    after: tuple[Step, ...]
    carried: Mapping[str, str]
    history: tuple[str, ...] = ()
    formulas: dict[Hashable, Any] = field(default_factory=dict)
    """Kept for the pages that are written of this derivation: what they say of a line whatever its numbers are."""

    def __iter__(self) -> Iterator[Step]:
        yield from self.before
        yield from self.each
        yield from self.after

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        return {step.id: step for step in self}
