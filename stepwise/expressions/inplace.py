"""The same lines again and again, worked in place: NumPy's calls are listed once, for arrays of known shapes, and every
line has memory that it writes into each time. Fresh memory for large arrays costs as much as the arithmetic in it.

Nothing is calculated otherwise than by `evaluate`: each node is the call that `FloatArithmetic` makes for it, with the
place for its result. A node without such a call, and a precaution that is needed, are left to `evaluate` itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Mapping, Sequence
from functools import partial
from math import isfinite
from typing import Any

import numpy as np

from stepwise.expressions.calls import (
    OF_TWO,
    Edge,
    FloatArray,
    Place,
    any_beyond,
    call_of_one,
    goes_along,
    put,
    to_check,
)
from stepwise.expressions.entries import shape_of
from stepwise.expressions.evaluate import evaluate
from stepwise.expressions.floats import COMPARE, FloatArithmetic, all_finite
from stepwise.expressions.rewrite import refs
from stepwise.expressions.tree import (
    Cases,
    Compare,
    Const,
    Expr,
    Fill,
    Largest,
    MatMul,
    Max,
    Ref,
    Sum,
    Transpose,
)

Shape = tuple[int, int]
Call = Callable[[], object]

_FLOATS = FloatArithmetic()
_FEW = 1024


class InPlace:
    """Lines in order, with the memory of their results.

    `held` are operands that stay where they are: given numbers, and the parameters, which a line may write over
    (`into`: the line's name → the array); `moving` are those that every `work` brings, by name with their shapes.
    Of the `results` those in `wanted` hold until the next `work`; the others may have been written over.
    """

    def __init__(
        self,
        lines: Sequence[tuple[str, Expr]],
        held: Mapping[str, FloatArray],
        moving: Mapping[str, Shape],
        into: Mapping[str, FloatArray],
        wanted: Collection[str] = (),
    ) -> None:
        self._shapes: dict[str, Shape] = {name: (array.shape[0], array.shape[1]) for name, array in held.items()}
        self._shapes |= moving
        self._shapes_of: dict[Expr, Shape] = {}
        self._places = {name: Place(array) for name, array in held.items()}
        self._moving = {name: Place() for name in moving}
        self._turned = {name: Place() for name in moving}
        self._places |= self._moving
        written = {id(array) for array in into.values()}
        self._constant = {name for name, array in held.items() if id(array) not in written}
        self._spare: dict[Shape, list[Place]] = {}
        self._calls: list[Call] = []
        self.results: dict[str, FloatArray] = {}
        lasting = {*wanted, *into}
        for at, (name, tree) in enumerate(lines):
            needed = lasting.union(*(refs(later) for _, later in lines[at + 1 :]))
            self._line(name, tree, into.get(name, self._used_up(tree, needed)))
        self._checked = [self.results[name].reshape(-1) for name in to_check(lines) if name not in into]

    def work(self, moving: Mapping[str, FloatArray]) -> str | None:
        """Work every line with these operands; the name of the first result that is not finite.

        A parameter is not looked at: the results of the next time would not be finite either.
        """
        for name, place in self._moving.items():
            place.array = moving[name]
            self._turned[name].array = place.array.T
        for call in self._calls:
            call()
        for numbers in self._checked:
            # of few numbers, a call more would cost as much as the look at them
            if not isfinite(np.dot(numbers, numbers)) and not all_finite(numbers):
                return next(name for name, result in self.results.items() if not np.isfinite(result).all())
        return None

    def _used_up(self, tree: Expr, needed: Container[str]) -> FloatArray | None:
        """The memory of an operand that nobody needs after this line, where the line can be written over it."""
        for name in refs(tree) if goes_along(tree) else ():
            if name in self.results and name not in needed and self._shapes[name] == self._shape(tree):
                return self.results[name]
        return None

    def _line(self, name: str, tree: Expr, into: FloatArray | None) -> None:
        shape = self._shapes[name] = self._shape(tree)
        result = Place(np.empty(shape) if into is None else into)
        # a part of the line must not be written over an operand that the line has yet to read
        found = self._value(tree, result if into is None or goes_along(tree) else None)
        if found is not result:
            self._call(np.positive, found, result)
            self._give_back(found)
        self._places[name], self.results[name] = result, result.array

    # ---- nodes; each gives the place of its value, which is `target` where it can be

    def _value(self, node: Expr, target: Place | None = None) -> Place:
        if isinstance(node, Ref) and node.name in self._places:
            return self._places[node.name]
        if self._constant.issuperset(refs(node)):
            return Place(np.broadcast_to(evaluate(node, self._operands(node)(), _FLOATS), self._shape(node)))
        if isinstance(node, Transpose):
            return self._transposed(node)
        if type(node) in OF_TWO:
            return self._of_two(node, target)
        call = call_of_one(node)
        if call is not None:
            return self._of_one(node, call, target)
        if isinstance(node, Fill):
            return Place(np.full(self._shape(node), evaluate(node.value, {}, _FLOATS)))
        if isinstance(node, Cases) and node.note and all(isinstance(case.when.right, Const) for case in node.cases):
            return self._precaution(node, target)
        if isinstance(node, Cases) and not node.note:
            return self._cases(node, target)
        return self._left_to_evaluate(node, target)

    def _transposed(self, node: Transpose) -> Place:
        if isinstance(node.arg, Ref):
            name = node.arg.name
            return self._turned[name] if name in self._turned else Place(self._places[name].array.T)
        inner, turned = self._value(node.arg), Place()
        self._calls.append(lambda: setattr(turned, "array", inner.array.T))
        return turned

    def _of_two(self, node: Any, target: Place | None) -> Place:
        call, result = OF_TWO[type(node)], target or self._spare_place(node)
        # a product of matrices reads its operands while it writes
        room = None if isinstance(node, MatMul) else result
        left = self._value(node.left, room if self._shape(node.left) == self._shape(node) else None)
        room = None if left is result or self._shape(node.right) != self._shape(node) else room
        right = self._value(node.right, room)
        if isinstance(node, Max) or (result.array.size <= _FEW and not isinstance(node, MatMul)):
            left, right = self._spread(left, node.left, node), self._spread(right, node.right, node)
        self._call(call, left, right, result)
        return self._done(result, left, right)

    def _spread(self, place: Place, operand: Expr, node: Expr) -> Place:
        """A constant as a whole array, where NumPy is quicker on two alike: few numbers, and in a maximum."""
        if place.array is None or place.array.size > 1 or not self._constant.issuperset(refs(operand)):
            return place
        return Place(np.array(np.broadcast_to(place.array, self._shape(node))))

    def _of_one(self, node: Any, call: Callable[..., Any], target: Place | None) -> Place:
        result = target or self._spare_place(node)
        # a sum reads its operand while it writes
        arg = self._value(node.arg, None if isinstance(node, Sum | Largest) else result)
        self._call(call, arg, result)
        return self._done(result, arg)

    def _cases(self, node: Cases, target: Place | None) -> Place:
        """The last case first, each over what it does not hold for."""
        result = target or self._spare_place(node)
        otherwise = self._value(node.otherwise, result)
        if otherwise is not result:
            self._call(np.positive, otherwise, result)
        for case in reversed(node.cases):
            holds, value = self._condition(case.when, self._shape(node)), self._value(case.value)
            self._call(put, value, holds, result)
            self._done(result, value)
        return self._done(result, otherwise)

    def _condition(self, when: Compare, shape: Shape) -> Place:
        left, right = self._value(when.left), self._value(when.right)
        holds = Place(np.empty(shape, dtype=bool))
        self._call(COMPARE[when.relation], left, right, holds)
        return self._done(holds, left, right)

    def _precaution(self, node: Cases, target: Place | None) -> Place:
        """Whether it is needed is told by the largest and the smallest number; what then is left to `evaluate`."""
        edges = [self._edge(case.when) for case in node.cases]
        before, self._calls = self._calls, []
        usual = self._value(node.otherwise, target)
        calls, self._calls = self._calls, before
        operands, shape = self._operands(node), self._shape(node)
        own = usual is target or usual.free
        result = usual if own else Place()

        def call() -> None:
            if any_beyond(edges):
                found = np.broadcast_to(evaluate(node, operands(), _FLOATS), shape)
                if own:
                    np.copyto(result.array, found)
                else:
                    result.array = found
                return
            for one in calls:
                one()
            if not own:
                result.array = usual.array

        self._calls.append(call)
        return result

    def _edge(self, when: Compare) -> Edge:
        """What a condition asks for; the largest of some numbers is one of them."""
        place = self._value(when.left.arg if isinstance(when.left, Largest) else when.left)
        return Edge(place, when.relation, float(evaluate(when.right, {}, _FLOATS)))

    def _left_to_evaluate(self, node: Expr, target: Place | None) -> Place:
        result, operands = target or self._spare_place(node), self._operands(node)
        self._calls.append(lambda: np.copyto(result.array, evaluate(node, operands(), _FLOATS)))
        return result

    # ---- memory

    def _shape(self, node: Expr) -> Shape:
        found = self._shapes_of.get(node)
        if found is None:
            found = self._shapes_of[node] = shape_of(node, self._shapes)
        return found

    def _call(self, call: Callable[..., object], *places: Place) -> None:
        """Note a call; the last of the places is that of its result."""
        *operands, result = places
        if all(place.stays for place in places):
            self._calls.append(partial(call, *(place.array for place in operands), out=result.array))
        elif len(operands) == 1:
            (only,) = operands
            self._calls.append(lambda: call(only.array, out=result.array))
        else:
            left, right = operands
            self._calls.append(lambda: call(left.array, right.array, out=result.array))

    def _operands(self, node: Expr) -> Callable[[], dict[str, Any]]:
        places = {name: self._places[name] for name in refs(node)}
        return lambda: {name: place.array for name, place in places.items()}

    def _spare_place(self, node: Expr) -> Place:
        spare = self._spare.setdefault(self._shape(node), [])
        return spare.pop() if spare else Place(np.empty(self._shape(node)), free=True)

    def _give_back(self, place: Place) -> None:
        if place.free:
            self._spare.setdefault(place.array.shape, []).append(place)

    def _done(self, result: Place, *operands: Place) -> Place:
        """The operands are read: memory lent to them may be lent again."""
        for place in operands:
            if place is not result:
                self._give_back(place)
        return result
