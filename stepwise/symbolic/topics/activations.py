"""The derivative of every activation that works unit by unit, from its definition to what the solver computes."""

from __future__ import annotations

from functools import partial

from stepwise.expressions import Const, Expr, Fill, Line, Ref, bind, rebuild, walk
from stepwise.operations.activation import Activation
from stepwise.operations.activations import ACTIVATIONS
from stepwise.symbolic.engine import of_one
from stepwise.symbolic.function import Convention, derivation
from stepwise.symbolic.model import Deduction, Topic, Word
from stepwise.symbolic.subject import Subject

_STAND_IN = "2/7"
"""The value of a parameter in the trees that its letter replaces: none that a record treats in a way of its own."""


def in_letters(tree: Expr, letters: tuple[str, ...]) -> Expr:
    """A tree of a record with letters for its parameters, and without precautions and lines."""

    def change(node: Expr) -> Expr | None:
        if isinstance(node, Const) and node.symbol in letters:
            return Ref(node.symbol)
        return node.value if isinstance(node, Fill) else None

    named: Expr = rebuild(tree, change)
    return of_one(named, {})


def subject_of(record: Activation) -> Subject:
    """The function of a record, with its numeric choices (a value at 0) as they are by default."""
    names = _letters(record)
    return Subject(record.head, in_letters(record.output(_parameters(record)), names), parameters={
        name: record.parameters[name] for name in names
    })  # fmt: skip


def derivative_of(record: Activation) -> Expr:
    """f′ as the solver computes it, in z and a: the lines it uses spelt out."""
    assert record.derivative is not None
    names, parameters = _letters(record), _parameters(record)
    lines = {node.name: in_letters(node, names) for node in walk(record.output(parameters)) if isinstance(node, Line)}
    return bind(in_letters(record.derivative(parameters), names), lines)


def _letters(record: Activation) -> tuple[str, ...]:
    """The parameters that are letters of the formula."""
    return tuple(name for name in record.parameters if name != "at_zero")


def _parameters(record: Activation) -> dict[str, Const]:
    return {
        name: Const(_STAND_IN, name) if name in _letters(record) else Const(text)
        for name, text in record.parameters.items()
    }


def _deduction(record: Activation) -> Deduction:
    slots = {"name": Word(f"activation.{record.name}")}
    return derivation(record.name, "function", subject_of(record), slots, Convention(derivative_of(record)))


TOPICS = tuple(
    Topic(
        record.name, "function", partial(_deduction, record), {"name": Word(f"activation.{record.name}")}, "activations"
    )
    for record in ACTIVATIONS.values()
    if record.per_unit
)
