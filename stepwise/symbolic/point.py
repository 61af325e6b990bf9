"""A derivative checked in numbers: at one point, by two ways that do not share their working."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from msgspec.structs import replace

from stepwise.expressions import (
    At,
    Case,
    Cases,
    Compare,
    Const,
    Derivative,
    Expr,
    Func,
    Mul,
    Named,
    Neg,
    Ref,
    Unknown,
    rebuild,
)
from stepwise.symbolic.atoms import Atoms, length
from stepwise.symbolic.model import Relation, Remark, Step
from stepwise.symbolic.subject import Subject
from stepwise.symbolic.values import (
    DECIMALS,
    MOST_DECIMALS,
    Values,
    constant,
    exact_value,
    floats,
    names_of,
    number,
    put,
    rounded,
    rounded_text,
    spelled_out,
    terminating,
)

PLACES = tuple(Fraction(place) for place in ("0", "1", "-1", "2", "-2", "1/2", "3"))
"""Where a check is made, the best first."""
FURTHER = tuple(Fraction(place) for place in ("5", "-5", "10", "-10", "20", "-20", "1/10", "9/10"))
"""Where else, for a function that is as good as constant near 0."""
WIDTH = Fraction(1, 1000)
"""How far to each side the difference quotient goes."""
DIGITS = 8
LONGEST = 40
"""Nodes of a formula that is written once more with numbers."""


class Check:
    """The check of one derivative: `short` is its last form, `raw` what the rules gave."""

    def __init__(
        self,
        subject: Subject,
        f: Named,
        raw: Expr,
        short: Expr,
        atoms: Atoms,
        where: Compare | None = None,
        earlier: tuple[Compare, ...] = (),
    ) -> None:
        self._subject, self._f, self._raw, self._atoms = subject, f, raw, atoms
        self._short: Expr = self._without_letters(short)
        self._where = where
        self._earlier = earlier
        """Conditions of the branches before: where one of them holds, that branch is the function."""
        self.telling = False
        """Whether f′ at the point is neither 0 nor 1, which says little."""

    def parts(self, corners: Sequence[Fraction]) -> list[Step | Remark]:
        """The lines; none where the function has no value at any of the places."""
        places = self._places(corners)
        if not self._subject.own:
            return self._parts(places[0]) if places else []
        # of a function that somebody typed only a check that really has two ways, and numbers to compare
        found = (self._parts(place) for place in places if self._shows(place))
        return next((parts for parts in found if len(parts) > 1 and not _one_way(parts)), [])

    def _shows(self, place: Fraction) -> bool:
        """Whether f′ is more than 0.0000 when it is printed."""
        return self._derivative(place) == 0 or abs(self._derivative(place)) > 10 ** (1 - DECIMALS)

    def _parts(self, place: Fraction) -> list[Step | Remark]:
        values = self._subject.at(constant(place))
        parts: list[Step | Remark] = [*self._values(values), self._by_formula(values)]
        if self._raw != self._short and not names_of(self._raw):
            parts.append(self._by_rules(values))
        else:
            parts += self._by_difference(place)
        last = parts[-1]
        if isinstance(last, Step) and last.rule == "check_formula":
            parts[-1] = replace(last, rule="check_only")
        else:
            parts.append(Remark("check.agree", {"value": self._result(values)[0]}))
        opening = Remark("check.at", {"where": Relation(self._subject.by, "=", constant(place))})
        key = "check.example" if self._subject.labels or self._subject.own else "check.default"
        defaults = [Remark(key, {"where": Relation(Ref(n), "=", v)}) for n, v in self._subject.defaults.items()]
        return [opening, *defaults, *parts]

    def _without_letters(self, tree: Expr) -> Expr:
        """u, v … of the working spelt out."""

        def change(node: Expr) -> Expr | None:
            spelt = isinstance(node, Named) and isinstance(node.symbol, Ref) and node != self._f
            return self._without_letters(node.meaning) if spelt else None  # type: ignore[attr-defined]

        result: Expr = rebuild(tree, change)
        return result

    def _places(self, corners: Sequence[Fraction]) -> list[Fraction]:
        """Points that are no corners, those first where f′ says something."""
        usable = []
        usual = (*PLACES, *FURTHER) if self._subject.own else PLACES
        if isinstance(self._subject.tree, Mul) and self._subject.tree.left == self._subject.by:
            # at 1 one would not see the factor z
            usual = tuple(sorted(usual, key=lambda at: abs(at) == 1))
        for place in self._subject.places or usual:
            near = [place, place - WIDTH, place + WIDTH]
            if not self._inside(place):
                continue
            if all(abs(place - corner) > WIDTH for corner in corners) and all(self._finite(at) for at in near):
                usable.append(place)
        telling = [at for at in usable if self._tells(at)]
        self.telling = bool(telling)
        return [*telling, *(at for at in usable if at not in telling)]

    def _tells(self, at: Fraction) -> bool:
        """f′ is neither 0 nor 1 there, nor both z and f 0, where most of a formula falls away."""
        slope = self._derivative(at)
        value = float(number(self._f, floats(self._subject.at(constant(at)))))
        return min(abs(slope), abs(slope - 1)) > 1e-3 and (at != 0 or value != 0)

    def _inside(self, place: Fraction) -> bool:
        """Whether a place, with some room beside it, belongs to the branch."""
        if self._where is None:
            return True
        beside = [place, place - WIDTH, place + WIDTH]
        before = (Case(when, Const("0")) for when in self._earlier)
        value = Cases((*before, Case(self._where, Const("1"))), Const("0"))
        return all(number(value, floats(self._subject.at(constant(at)))) == 1 for at in beside)

    def _derivative(self, at: Fraction) -> float:
        return float(number(self._short, floats(self._subject.at(constant(at)))))

    def _finite(self, at: Fraction) -> bool:
        from math import isfinite

        values = floats(self._subject.at(constant(at)))
        return all(
            isfinite(v) and abs(v) < 1e4 for v in (float(number(self._f, values)), float(number(self._short, values)))
        )

    # ---- names with numbers

    def _meaning(self, tree: Expr, values: Values) -> Expr:
        for letter, value in values.items():
            tree = At(tree, letter, value)
        return tree

    def _at(self, name: Named, values: Values) -> Named:
        """f(0) for f(z), σ(0) for σ(βz)."""
        if isinstance(name.symbol, Derivative):
            return Named(name.symbol, self._meaning(name, values))
        if not isinstance(name.symbol, Unknown):
            return Named(Unknown(self._subject.head, (values[self._subject.by.name],)), self._meaning(name, values))
        args = tuple(self._shown(put(arg, values)) for arg in name.symbol.args)
        return Named(Unknown(name.symbol.name, args), self._meaning(name, values))

    def _shown(self, tree: Expr) -> Expr:
        value = exact_value(tree, {}, self._atoms)
        return tree if value is None else constant(value)

    @property
    def prime(self) -> Named:
        """f′(z), to be taken at a number; ∂L/∂y is written as it is."""
        goal = self._subject.goal_of(self._f)
        return Named(goal if self._subject.labels else Unknown(self._subject.prime, (self._subject.by,)), goal)

    # ---- the numbers

    def _result(self, values: Values) -> tuple[Expr, bool]:
        """f′ at the point, and whether it is rounded."""
        exact = exact_value(self._short, values, self._atoms)
        if exact is not None and terminating(exact):
            return constant(exact), False
        return rounded(float(number(self._short, floats(values)))), True

    def _printed(self, tree: Expr, values: Values, decimals: int) -> tuple[Expr, bool]:
        exact = exact_value(tree, values, self._atoms)
        if exact is not None and terminating(exact):
            return constant(exact), False
        return rounded(float(number(tree, floats(values))), decimals), True

    def _decimals(self, values: Values) -> int:
        """As many decimals of f(z) and the like as the last line needs to come out as printed."""
        result, about = self._result(values)
        if not about:
            return DECIMALS
        for decimals in range(DECIMALS, MOST_DECIMALS):
            if rounded_text(float(number(self._filled(values, decimals), floats(values)))) == _text(result):
                return decimals
        return MOST_DECIMALS

    def _filled(self, values: Values, decimals: int) -> Expr:
        """The short form with numbers in place of names and letters."""
        filled: Expr = rebuild(
            self._short,
            lambda node: self._printed(node, values, decimals)[0] if isinstance(node, Named) else None,
        )
        return put(filled, values)

    # ---- the lines

    def _values(self, values: Values) -> list[Step]:
        """σ(0) = 1/(1 + e^0) = 0.5, for each name of the short form."""
        steps = []
        decimals = self._decimals(values)
        done: list[Named] = []
        for name in names_of(self._short):
            printed, about = self._printed(name, values, decimals)
            inner: Expr = rebuild(
                name.meaning, lambda node: self._printed(node, values, decimals)[0] if node in done else None
            )
            rounded_inside = any(self._printed(part, values, decimals)[1] for part in names_of(name.meaning))
            filled = put(inner, values)
            known = filled == printed or (isinstance(filled, Func) and filled.name == "Phi")
            stages = (printed,) if known else (filled, printed)
            steps.append(
                _step(
                    "value",
                    self._at(name, values),
                    stages,
                    about=about,
                    inside=rounded_inside,
                    f=self._at(name, values),
                )
            )
            done.append(name)
        return steps

    def _by_formula(self, values: Values) -> Step:
        result, about = self._result(values)
        decimals = self._decimals(values)
        filled = self._filled(values, decimals)
        inside = any(self._printed(name, values, decimals)[1] for name in names_of(self._short))
        bare = filled.arg if isinstance(filled, Neg) else filled
        trivial = isinstance(bare, Const) and not inside and not about
        stages = (result,) if trivial or length(filled) > LONGEST else (filled, result)
        return _step("check_formula", self._at(self.prime, values), stages, about=about, inside=inside)

    def _by_rules(self, values: Values) -> Step:
        result, about = self._result(values)
        filled = put(spelled_out(self._raw), values)
        exact = exact_value(self._raw, values, self._atoms)
        fraction = [Const(str(exact))] if exact is not None and exact.denominator > 1 and not about else []
        stages = tuple(dict.fromkeys([filled, *fraction, result]))
        return _step("check_rules", self._at(self.prime, values), stages, about=about)

    def _by_difference(self, place: Fraction) -> list[Step]:
        """(f(z + h) − f(z − h))/(2h)"""
        for step, digits in ((WIDTH, DIGITS), (WIDTH / 100, DIGITS + 2)) if self._subject.own else ((WIDTH, DIGITS),):
            found = self._quotient(place, step, digits)
            if found:
                return found
        return []

    def _quotient(self, place: Fraction, step: Fraction, digits: int) -> list[Step]:
        above, below = (self._subject.at(constant(place + side * step)) for side in (1, -1))
        width = constant(2 * step)
        left = (self._at(self._f, above) - self._at(self._f, below)) / width
        one, other = (self._printed(self._f, at, digits) for at in (above, below))
        filled = (one[0] - other[0]) / width
        values = self._subject.at(constant(place))
        result, _ = self._result(values)
        quotient = float(number(filled, {}))
        if rounded_text(quotient) != rounded_text(float(number(result, {}))):
            return []
        exact = abs(quotient - float(number(result, {}))) < 1e-12
        last = result if exact else Const(rounded_text(quotient))
        return [_step("check_difference", left, (filled, last), about=not exact, inside=one[1] or other[1])]


def _step(rule: str, left: Expr, stages: tuple[Expr, ...], *, about: bool, inside: bool = False, **slots: Expr) -> Step:
    """A line of numbers; `inside`: the first stage has rounded numbers in it."""
    if len(stages) > 1 and stages[-1] == stages[-2] and inside:
        stages, about = stages[:-1], True
    several = len(stages) > 1
    if inside and several and exact_value(stages[-2], {}, Atoms()) == exact_value(stages[-1], {}, Atoms()) is not None:
        about = False
    rounded_first = (1,) if inside and several else ()
    return Step(rule, left, stages, slots, about=about or (inside and not several), rounded=rounded_first)


def _one_way(parts: list[Step | Remark]) -> bool:
    return any(isinstance(part, Step) and part.rule == "check_only" for part in parts)


def _text(tree: Expr) -> str:
    assert isinstance(tree, Const)
    return tree.text
