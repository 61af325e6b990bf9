"""softmax: the derivative of every output by every score, in two cases, and the Jacobian."""

from __future__ import annotations

from stepwise.expressions import Const, Expr, Index, Matrix, Named, Total, bind, column, exp, ref
from stepwise.operations.activations.softmax import SOFTMAX
from stepwise.symbolic.engine import entry, of_unit, partial
from stepwise.symbolic.model import Deduction, Facts, Passage, Relation, Remark, Slots, Step, Topic

Z = entry("z")
SUM = Total("k", "C", exp(Z("k")))
ZERO, ONE = Const("0"), Const("1")
AT_I, AT_J = ref("i"), ref("j")
I_IS_J, I_IS_NOT_J = Relation(AT_I, "=", AT_J), Relation(AT_I, r"\ne", AT_J)
DIFFERENT = Facts(different=(("i", "j"),))


def output(place: Index, letter: str = "y", size: Index = "C") -> Named:
    """y_i, which means e^{z_i}/Σ_k e^{z_k}; with another letter for the outputs where a page calls them otherwise."""
    return Named(entry(letter)(place), of_unit(SOFTMAX.output({}), {"z": Z}, place, size=size))


def definition(letter: str = "y") -> Step:
    y = output("i", letter)
    return Step("softmax.definition", y, (y.meaning,), {"one": ONE})


def cases(letter: str = "y") -> tuple[Passage, Passage]:
    """Both cases, i = j and i ≠ j, by the quotient rule."""
    return _same(letter), _different(letter)


def _same(letter: str) -> Passage:
    y, e = output("i", letter), exp(Z("i"))
    left = partial(y, Z("i"))
    steps = (
        Step("softmax.quotient", left, ((e * SUM - e * e) / SUM**2,), {"e": e}),
        Step("softmax.factor", left, (e * (SUM - e) / SUM**2,), {"e": e}),
        Step("softmax.split", left, (e / SUM * ((SUM - e) / SUM),)),
        Step("softmax.recognise", left, (e / SUM * (1 - e / SUM), y * (1 - y)), {"y": y.symbol, "one": ONE}),
    )
    return Passage("softmax.same", steps, {"case": I_IS_J})


def _different(letter: str) -> Passage:
    y, other, e, e_other = output("i", letter), output("j", letter), exp(Z("i")), exp(Z("j"))
    left = partial(y, Z("j"))
    slots: Slots = {"e": e, "z": Z("j"), "zero": ZERO}
    steps = (
        Step("softmax.quotient_other", left, ((ZERO * SUM - e * e_other) / SUM**2,), slots, DIFFERENT),
        Step("softmax.split_other", left, (-(e / SUM * (e_other / SUM)),), {}, DIFFERENT),
        Step("softmax.recognise_other", left, (-(y * other),), {"y": y.symbol, "other": other.symbol}, DIFFERENT),
    )
    return Passage("softmax.different", steps, {"case": I_IS_NOT_J})


def two_cases(letter: str = "y") -> tuple[Remark | Step, ...]:
    """Why there are two cases, and what both need: the derivative of the sum."""
    names: Slots = {"z": Z("j"), "i": AT_I, "j": AT_J, "case": I_IS_J}
    return (
        Remark("softmax.two_cases", names),
        Step(
            "softmax.denominator",
            partial(SUM, Z("j")),
            (exp(Z("j")),),
            {"z": Z("j"), "k": Relation(ref("k"), "=", AT_J)},
        ),
    )


def jacobian_of(vector: Expr) -> Expr:
    """The Jacobian as the engine computes it, diag(y) − y yᵀ."""
    assert SOFTMAX.jacobian is not None
    return bind(SOFTMAX.jacobian("column"), {"a": vector})


def _jacobian() -> Passage:
    y = [output(k, size=3) for k in range(3)]
    derivatives = Matrix(tuple(tuple(partial(one, Z(k)) for k in range(3)) for one in y))
    entries = Matrix(tuple(tuple(one * (1 - one) if one is other else -(one * other) for other in y) for one in y))
    name = Named(ref("J"), derivatives)
    vector = Named(ref("y"), column(*y))
    slots: Slots = {"i": AT_I, "j": AT_J, "n": 3}
    return Passage(
        "softmax.jacobian",
        (
            Remark("softmax.jacobian", slots),
            Step("softmax.entries", name, (derivatives, entries)),
            Step("softmax.compact", name, (jacobian_of(column(*y)), jacobian_of(vector))),
        ),
    )


def _meaning() -> Passage:
    y, other = output("i"), output("j")
    left = Total("j", "C", partial(y, Z("j")))
    step = Step(
        "softmax.row",
        left,
        (
            y * (1 - y) - Total("j", "C", y * other, but="i"),
            y * (1 - Total("j", "C", other)),
            y * (ONE - ONE),
            ZERO,
        ),
        {"i": AT_I, "y": y.symbol, "one": ONE},
    )
    return Passage(
        "softmax.meaning",
        (
            step,
            Remark("softmax.shift", {"z": Z("j")}),
            Remark("softmax.signs", {"z": Z("j"), "y": other.symbol, "one": ONE, "zero": ZERO}),
            Remark("softmax.own_letters", {"a": ref("a"), "y": ref("y"), "K": ref("K"), "C": ref("C")}),
        ),
    )


def _example() -> Passage:
    numbers = [Const("0.2"), Const("0.7"), Const("0.1")]
    put_in = Matrix(
        tuple(tuple(one * (1 - one) if one is other else -(one * other) for other in numbers) for one in numbers)
    )
    values = [["0.16", "-0.14", "-0.02"], ["-0.14", "0.21", "-0.07"], ["-0.02", "-0.07", "0.09"]]
    found = Matrix(tuple(tuple(Const(text) for text in row) for row in values))
    vector = Named(ref("y"), column(*numbers))
    slots: Slots = {"y": Relation(vector, "=", Matrix((tuple(numbers),)).T)}
    steps = (
        Step("softmax.numbers", Named(ref("J"), jacobian_of(vector)), (put_in, found), slots),
        Remark("softmax.numbers", {"zero": ZERO, "half": Const("0.5")}),
    )
    return Passage("pair.example", steps)


def _build() -> Deduction:
    letters: Slots = {"C": ref("C"), "z": Z("i"), "y": entry("y")("i"), "i": AT_I, "j": AT_J}
    opening = Passage("pair.definition", (Remark("softmax.letters", letters), definition(), *two_cases()))
    passages = (opening, *cases(), _jacobian(), _meaning(), _example())
    return Deduction("softmax", "softmax", passages, {"J": r"\frac{\partial y}{\partial z}"})


TOPICS = (Topic("softmax", "softmax", _build, group="activations"),)
