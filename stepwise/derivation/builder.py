"""Steps from operations: parts that are lines of their own become steps, slots become quantity ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from msgspec.structs import replace

from stepwise.derivation.model import GivenQuantity, Step
from stepwise.expressions import Expr, Ref, bind, orient, refs, shape_of, split
from stepwise.notation.symbols import Symbol
from stepwise.operations.mistakes import mistakes_of
from stepwise.operations.operation import Mistakes, Operation

Shape = tuple[int, int]


class Builder:
    """Collects the steps of one derivation.

    Axes are stood in for by numbers that differ from each other (2 for the inputs, 3 for the first layer …), so that
    every line is checked to fit, and a vector that happens to have one entry still counts as a vector.
    """

    def __init__(self, layout: str) -> None:
        self.layout = layout
        self.givens: dict[str, GivenQuantity] = {}
        self.shapes: dict[str, Shape] = {}
        self.ranks: dict[str, int] = {}
        self._steps: list[Step] = []

    def given(self, name: str, shape: Shape, symbol: Symbol) -> None:
        self.shapes[name] = shape
        self.givens[name] = GivenQuantity(name, symbol, _rank(shape))

    def knows(self, name: str) -> bool:
        return name in self.shapes

    def add(
        self,
        name: str,
        operation: Operation,
        operands: Mapping[str, str],
        *,
        phase: str,
        role: str,
        symbol: Symbol | None,
        layer: int | None = None,
        variant: str = "",
        head: str = "",
        digits_of: str = "",
        suffix: str = "",
        group: str = "",
    ) -> None:
        """Add the line `name`, and before it the lines inside its formula.

        `group` names a later line that this one prepares (default: it stands for itself).
        `operands` maps slots to quantity ids; a slot that is not in it is a line of the same layer made before.
        """
        ending = f"{'' if layer is None else layer}{suffix}"
        tree, lines = split(orient(operation.tree, self.layout), lambda line: f"{line}{ending}")
        # these stand in the tree by their ids already: one_minus1 is not the slot of one_minus11
        operands = {**operands, **{line: line for line, _ in lines}}
        for part_name, part in lines:
            if not self.knows(part_name):
                bare = part_name.removesuffix(ending)
                mistakes = partial(self._mistakes, operation, bare, operands, ending)
                inner = (phase, layer, bare, "", name, None, "", digits_of, ending, mistakes)
                self._append(part_name, bare, part, operands, *inner)
        mistakes = partial(self._mistakes, operation, "", operands, ending)
        args = (phase, layer, role, variant, group or name, symbol, head, digits_of, ending, mistakes)
        self._append(name, operation.name, tree, operands, *args)

    def _mistakes(self, operation: Operation, line: str, operands: Mapping[str, str], ending: str) -> Mistakes:
        """The mistakes of one line of an operation with quantity ids for slots; its `Line` parts are those lines."""
        found = []
        for mistake in mistakes_of(operation):
            if mistake.line == line:
                tree, parts = split(orient(mistake.tree, self.layout), lambda part: f"{part}{ending}")
                named = {**operands, **{part: part for part, _ in parts}}
                found.append(replace(mistake, tree=self._bound(tree, named, ending)))
        return tuple(found)

    def _append(
        self,
        name: str,
        operation: str,
        tree: Expr,
        operands: Mapping[str, str],
        phase: str,
        layer: int | None,
        role: str,
        variant: str,
        group: str,
        symbol: Symbol | None,
        head: str,
        digits_of: str,
        ending: str,
        mistakes: Callable[[], Mistakes],
    ) -> None:
        bound = self._bound(tree, operands, ending)
        shape = shape_of(bound, self.shapes)
        self.shapes[name] = shape
        self._steps.append(
            Step(
                id=name,
                operation=operation,
                tree=bound,
                operands=refs(bound),
                phase=phase,
                layer=layer,
                role=role,
                variant=variant,
                group=group,
                rank=_rank(shape),
                symbol=symbol,
                head=head,
                digits_of=digits_of,
                make_mistakes=mistakes,
            )
        )

    def _bound(self, tree: Expr, operands: Mapping[str, str], ending: str) -> Expr:
        """The tree with quantity ids for slots."""
        return bind(tree, {slot: Ref(self._quantity(slot, operands, ending)) for slot in refs(tree)})

    def _quantity(self, slot: str, operands: Mapping[str, str], ending: str) -> str:
        if slot in operands:
            return operands[slot]
        return f"{slot}{ending}" if self.knows(f"{slot}{ending}") else slot

    def take(self) -> tuple[Step, ...]:
        """The steps since the last call."""
        steps, self._steps = tuple(self._steps), []
        return steps


def _rank(shape: Shape) -> int:
    return sum(length != 1 for length in shape)
