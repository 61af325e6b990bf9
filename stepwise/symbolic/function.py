"""The whole derivation of a function of one letter: definition, rules, the form through itself, check, meaning."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import isfinite

from msgspec import Struct

from stepwise.expressions import (
    Case,
    Cases,
    Compare,
    Const,
    Derivative,
    Expr,
    Func,
    Named,
    Neg,
    Ref,
    bind,
    rational,
    rebuild,
    refs,
    walk,
)
from stepwise.expressions.settle import opposite
from stepwise.symbolic.atoms import Atoms, length
from stepwise.symbolic.behaviour import Behaviour
from stepwise.symbolic.calculus import Working
from stepwise.symbolic.domain import conditions, refuse_holes
from stepwise.symbolic.ending import Closing
from stepwise.symbolic.gates import known_gates, recognised, with_gates
from stepwise.symbolic.model import Deduction, Passage, Relation, Remark, Slots, Step
from stepwise.symbolic.pieces import Pieces
from stepwise.symbolic.point import Check
from stepwise.symbolic.subject import BY_EXPONENTIALS, Subject
from stepwise.symbolic.values import constant, floats, number, put, spelled_out, vanishes

Part = Step | Remark
_SIGNS = {"<": "<", "<=": "<", ">": ">", ">=": ">"}


class Branch(Struct, frozen=True):
    """A part of the function without corners: where it holds, its name, and its derivative in two forms."""

    where: Compare | None
    f: Named
    raw: Expr
    short: Expr
    working: tuple[Part, ...]
    closing: tuple[Part, ...]


class Convention(Struct, frozen=True):
    """What the solver takes as the derivative, in the letter of the function, and `a` for f."""

    derivative: Expr
    shown: bool = True
    """Whether the page ends with it."""


class Story:
    """One derivation, passage by passage."""

    def __init__(self, subject: Subject, convention: Convention | None = None) -> None:
        self.subject = subject
        self.atoms = Atoms()
        self._convention = convention
        self._tree = self._defined(subject.tree)
        self._f = subject.named(self._tree)

    def _defined(self, tree: Expr) -> Expr:
        """What the derivation starts from: exponentials for tanh, names for inner gates."""
        match tree:
            case Func(name, arg) if name in BY_EXPONENTIALS and arg == self.subject.by:
                return BY_EXPONENTIALS[name](arg)
        return with_gates(tree, self.subject.by)

    @property
    def goal(self) -> Derivative:
        return self.subject.goal_of(self._f)

    def passages(self) -> list[Passage]:
        pieces = Pieces(self.subject.by, self.atoms).of(self._tree)
        if isinstance(pieces, Cases):
            return self._of_cases(pieces)
        branch = self._branch(None, pieces)
        size = Behaviour(self.subject, self._f, branch.short, self.atoms)
        found = [
            Passage("definition", tuple(self._definition(pieces))),
            Passage("rules", branch.working),
            Passage("itself", branch.closing, {"f": self._f}),
            Passage("check", () if size.known and size.constant else tuple(self._check([branch]))),
            Passage("size", () if self.subject.labels else tuple(size.parts())),
            Passage("solver", tuple(self._solver(branch.short))),
        ]
        return [passage for passage in found if passage.parts]

    # ---- definition

    def _definition(self, pieces: Expr) -> list[Part]:
        found: list[Part] = [
            Remark(
                "parameter_own" if self.subject.own else "parameter",
                {"letter": Ref(name), "where": Relation(Ref(name), "=", Const(text))},
            )
            for name, text in self.subject.parameters.items()
            if not self.subject.labels
        ]
        shown = self.subject.tree if isinstance(self.subject.tree, Cases) else self._tree
        found.append(Step("definition", self._f, (shown,), {"f": self._f}))
        for name, known in known_gates(self._tree, self.subject.by, self.atoms).items():
            if known.rule == "Phi":
                found.append(Remark("normal", {"gate": name}))
            else:
                found.append(Step("gate_name", name, (name.meaning,), {"gate": name}))
        if isinstance(pieces, Cases) and pieces != shown:
            found.append(Step("cases", self._f, (pieces,)))
        if self.subject.own:
            found += conditions(self.subject.tree, self.subject.by, self.atoms)
        return found

    # ---- one branch

    def _branch(self, where: Compare | None, tree: Expr) -> Branch:
        by = self.subject.by
        f = self.subject.named(tree)
        goal = self.subject.goal_of(f)
        known = known_gates(tree, by, self.atoms)
        taken = f"{by.name}{''.join(self.subject.parameters)}"
        working = Working(by, self.atoms, known=known, taken=taken, partial=self.subject.labels)
        raw = working.take(goal, tree)
        raw = self._shorter(working, goal, raw)
        inner = recognised(goal, raw, by, self.atoms)
        if self.subject.own:
            raw = self._put_back(working, goal, raw, f)
        ending = Closing(f, goal, raw, by, self.atoms).ending()
        closing = [*(ending.steps if ending else ()), *(inner[:1] if inner else ())]
        short = inner[1] if inner else ending.result if ending else raw
        return Branch(where, f, raw, short, tuple(working.steps), tuple(closing))

    def _put_back(self, working: Working, goal: Expr, raw: Expr, f: Named) -> Expr:
        """The result without the letters u, v … that the working gave to inner parts."""

        def spelt(tree: Expr) -> Expr:
            changed: Expr = rebuild(
                tree,
                lambda node: (
                    spelt(node.meaning)
                    if isinstance(node, Named) and isinstance(node.symbol, Ref) and node != f
                    else None
                ),
            )
            return changed

        found = spelt(raw)
        return raw if found == raw else working.write("put_back", goal, found)

    def _shorter(self, working: Working, goal: Expr, raw: Expr) -> Expr:
        """The result with a common factor taken out, where that is shorter."""
        import sympy

        value = self.atoms.value(raw)
        if value.count_ops() > 40 or not value.is_Add:
            return raw
        other = sympy.factor_terms(value)
        if other.count_ops() >= value.count_ops() or not other.is_Mul:
            return raw
        found = self.atoms.tree(other)
        if length(found) >= length(raw) or _digits(found) > _digits(raw):
            return raw
        return working.write("factor_out", goal, raw, found)

    # ---- cases

    def _of_cases(self, pieces: Cases) -> list[Passage]:
        whens = [case.when for case in pieces.cases]
        sides = [*whens, opposite(whens[-1])]
        trees = [*(case.value for case in pieces.cases), pieces.otherwise]
        branches = [self._branch(when, tree) for when, tree in zip(sides, trees, strict=True)]
        corners = self._places(whens)
        refuse_holes(self.subject, corners)
        joined = Cases(
            tuple(
                Case(when, branch.short)
                for when, branch in zip(self._closed(branches, whens, corners), branches, strict=False)
            ),
            branches[-1].short,
        )
        whole = joined if any(branch.short != branches[0].short for branch in branches) else branches[0].short
        parts: list[Part] = []
        for number_, branch in enumerate(branches):
            parts.append(Remark("branch", {"where": self._where(whens, number_)}))
            parts += [*branch.working, *branch.closing]
        parts.append(Step("together", self.goal, (whole,)))
        size = Behaviour(self.subject, self._f, whole, self.atoms, tuple(corners))
        solved = len(corners) == len(branches) - 1
        sized = not self.subject.labels and (solved or not self.subject.own)
        found = [
            Passage("definition", tuple(self._definition(pieces))),
            Passage("branches", tuple(parts)),
            Passage("corners", tuple(self._corners(branches, corners, whole))),
            Passage("check", () if size.known and size.constant else tuple(self._check(branches, corners))),
            Passage("size", tuple(size.parts()) if sized else ()),
            Passage("solver", tuple(self._solver(whole, unsolved=self.subject.own and not solved))),
        ]
        return [passage for passage in found if passage.parts]

    def _where(self, whens: list[Compare], place: int) -> Relation:
        """z > 0, 0 < z < 6, z < 0: the inside of a branch."""
        if place == 0:
            return Relation(whens[0].left, _SIGNS[whens[0].relation], whens[0].right)
        above = opposite(whens[place - 1])
        if place == len(whens):
            return Relation(above.left, _SIGNS[above.relation], above.right)
        return Relation(whens[place].right, "<", Relation(above.left, "<", above.right))

    def _places(self, whens: list[Compare]) -> list[Fraction]:
        """The places of the corners, where they are numbers."""
        found = []
        for when in whens:
            value = when.right.arg if isinstance(when.right, Neg) else when.right
            if when.left == self.subject.by and isinstance(value, Const) and value.text not in ("pi", "e"):
                found.append(-rational(value.text) if isinstance(when.right, Neg) else rational(value.text))
        return found

    def _closed(self, branches: list[Branch], whens: list[Compare], corners: list[Fraction]) -> list[Compare]:
        """The conditions with each corner on the side whose slope the convention takes."""
        if len(corners) != len(branches) - 1 or self._convention is None:
            return whens
        found = []
        for number_, (when, place) in enumerate(zip(whens, corners, strict=True)):
            at = {self.subject.by.name: constant(place)}
            taken = self._taken_value(at)
            right, left = (self._value(branches[side].raw, at) for side in (number_, number_ + 1))
            relation = when.relation
            if taken is not None and self._finite(right, left) and not self._same(right, left):
                if self._same(taken, left):
                    relation = ">" if relation.startswith(">") else "<"
                elif self._same(taken, right):
                    relation = ">=" if relation.startswith(">") else "<="
            found.append(Compare(when.left, relation, when.right))
        return found

    def _finite(self, *trees: Expr) -> bool:
        values = [number(self.subject.with_defaults(tree), {}) for tree in trees]
        return all(isfinite(float(value)) for value in values)

    def _corners(self, branches: list[Branch], corners: list[Fraction], whole: Expr) -> list[Part]:
        found: list[Part] = []
        if len(corners) != len(branches) - 1:
            return [Remark("corner.unsolved")] if self.subject.own else found
        for number_, place in enumerate(corners):
            right, left = branches[number_], branches[number_ + 1]
            at = {self.subject.by.name: constant(place)}
            values = [self._value(tree, at) for tree in (right.f.meaning, left.f.meaning, right.raw, left.raw)]
            where = Relation(self.subject.by, "=", constant(place))
            slots: Slots = {"where": where, "right": values[2], "left": values[3]}
            if not self._finite(*values):
                found.append(Remark("corner.steep", {"where": where}))
                continue
            if not self._same(values[0], values[1]):
                found.append(Remark("corner.jump", {"where": where, "right": values[0], "left": values[1]}))
            elif self._same(values[2], values[3]):
                found.append(Remark("corner.smooth", {"where": where, "slope": values[2]}))
                continue
            else:
                found.append(
                    self._agreeing(values[2], values[3], slots) or Remark(self._kink(values[2], values[3]), slots)
                )
            found += self._taken(at, whole)
        return found

    def _value(self, tree: Expr, at: Mapping[str, Expr]) -> Expr:
        return self.atoms.tidied(put(spelled_out(tree), at))

    def _same(self, left: Expr, right: Expr) -> bool:
        return vanishes(self.atoms.value(left) - self.atoms.value(right))

    def _kink(self, right: Expr, left: Expr) -> str:
        """Slopes with letters of a typed function may be equal for some values of these."""
        letters = self.subject.own and {*refs(right), *refs(left)}
        return "corner.kink_letters" if letters else "corner.kink"

    def _agreeing(self, right: Expr, left: Expr, slots: Slots) -> Remark | None:
        """Slopes that differ in general, but not for the default parameters."""
        defaults = self.subject.defaults
        if self.subject.own or len(defaults) != 1 or not self._same(put(right, defaults), put(left, defaults)):
            return None
        ((name, value),) = defaults.items()
        equal, other = (Relation(Ref(name), sign, value) for sign in ("=", r"\neq"))
        return Remark("corner.kink_unless", {**slots, "other": other, "equal": equal})

    def _taken_value(self, at: Mapping[str, Expr]) -> Expr | None:
        """What a calculation takes at a corner."""
        if self._convention is None:
            return None
        value = self._value(put(self._convention.derivative, {"a": self._value(self.subject.tree, at), **at}), at)
        return value if self._finite(value) else None

    def _taken(self, at: Mapping[str, Expr], whole: Expr) -> list[Part]:
        value = self._taken_value(at)
        if value is None:
            return []
        where = Relation(self.subject.by, "=", at[self.subject.by.name])
        slots: Slots = {"value": value, "where": where}
        numbers = floats({**self.subject.defaults, **at})
        agrees = abs(float(number(whole, numbers)) - float(number(value, numbers))) < 1e-9
        return [Remark("corner.convention" if agrees else "corner.apart", slots)]

    # ---- check, solver

    def _check(self, branches: list[Branch], corners: list[Fraction] | None = None) -> list[Part]:
        """The first branch where a check says something, else the first that has one."""
        first: list[Part] = []
        for number_, branch in enumerate(branches):
            last = number_ == len(branches) - 1
            before = [other.where for other in (branches[: number_ - 1] if last else branches[:number_])]
            earlier = tuple(when for when in before if when is not None)
            check = Check(self.subject, branch.f, branch.raw, branch.short, self.atoms, branch.where, earlier)
            parts = check.parts(corners or [])
            if parts and check.telling:
                return parts
            first = first or parts
        return first

    def _solver(self, short: Expr, *, unsolved: bool = False) -> list[Part]:
        if self._convention is None or not (self._convention.shown or unsolved):
            return []
        a = Named(Ref("a"), self._f)
        tree = bind(self._convention.derivative, {"a": a})
        if "a" not in refs(self._convention.derivative):
            return [
                Step(
                    "solver_plain",
                    self.goal,
                    (with_gates(self._convention.derivative, self.subject.by),),
                    {"f": self._f},
                )
            ]
        return [Step("solver", self.goal, (with_gates(tree, self.subject.by),), {"a": a, "f": self._f})]


def derivation(
    name: str, title: str, subject: Subject, slots: Slots, convention: Convention | None = None
) -> Deduction:
    """The derivation of a function as a page."""
    return Deduction(name, title, tuple(Story(subject, convention).passages()), slots=slots)


def _digits(tree: Expr) -> int:
    """Of its longest number."""
    return max((len(node.text) for node in walk(tree) if isinstance(node, Const)), default=0)
