"""Softmax with cross-entropy: from −t_j/y_j over the two cases of softmax to y_j − t_j, checked in three ways."""

from __future__ import annotations

from stepwise.expressions import Const, Derivative, Expr, Func, Index, Matrix, Named, Total, Unknown, bind, column, ref
from stepwise.operations.losses.cross_entropy import CROSS_ENTROPY
from stepwise.symbolic.engine import entry, of_unit, partial
from stepwise.symbolic.model import Deduction, Facts, Passage, Relation, Remark, Slots, Step, Topic
from stepwise.symbolic.topics.softmax import (
    AT_I,
    AT_J,
    I_IS_J,
    I_IS_NOT_J,
    ONE,
    ZERO,
    Z,
    cases,
    definition,
    output,
    two_cases,
)

NAME = "softmax_cross_entropy"
OWN_LETTERS: Slots = {"a": ref("a"), "y": ref("y"), "label": ref("y"), "t": ref("t"), "K": ref("K"), "C": ref("C")}
"""What other pages call the same."""
T = entry("t")
Y_I, Y_J = output("i"), output("j")
ONE_HOT = Facts(sums_to_one="t")
FACTOR = Const("1")
"""A cross-entropy has no factor; its record asks for one."""

LOSS = Named(ref("L"), of_unit(CROSS_ENTROPY.each(FACTOR), {"a": output, "y": T}, "i", summed="i"))
ERROR = of_unit(CROSS_ENTROPY.fused["softmax"], {"a": output, "y": T}, "j")
BY_SCORE = partial(LOSS, Z("j"))
TERM = -(T("i") / Y_I)


def by_output(place: Index) -> Expr:
    """∂L/∂y as the engine computes it."""
    return of_unit(CROSS_ENTROPY.derivative(FACTOR), {"a": output, "y": T}, place)


def _loss() -> Passage:
    slots: Slots = {"C": ref("C"), "t": T("i"), "y": Y_I.symbol, "one": ONE, "i": AT_I}
    return Passage(
        "pair.definition",
        (Remark("cross_entropy.letters", slots), Step("cross_entropy.definition", LOSS, (LOSS.meaning,))),
    )


# ---- part 1: by the outputs


def _by_outputs() -> Passage:
    left, y, t = partial(LOSS, Y_J), Y_J, T("j")
    total = Total("i", "C", T("i") * Func("ln", Y_I))
    one, log = t * Func("ln", y), Func("ln", y)
    slots: Slots = {"t": t, "y": y.symbol, "j": AT_J}
    return Passage(
        "cross_entropy.by_outputs",
        (
            Step("cross_entropy.constant", left, (partial(-total, y), -partial(total, y)), slots),
            Step("cross_entropy.one_term", left, (-partial(one, y), -(t * partial(log, y))), slots),
            *_logarithms(),
            Step("cross_entropy.logarithm", left, (-(t * (1 / y)), by_output("j")), {"ln": log}),
        ),
    )


def _logarithms() -> tuple[Remark | Step, ...]:
    """Which logarithm is meant, and what another one would give."""
    x, a = ref("x"), ref("a")
    # a letter with a name is not the variable itself: so d/dx stands in front, as it does for ln x
    written = Named(x, x)
    common = Named(Unknown(r"\log_{10}", (written,)), Func("ln", x) / Func("ln", Const("10")))
    general = Named(Unknown(r"\log_{a}", (written,)), Func("ln", x) / Func("ln", a))
    known = Facts(positive=frozenset({"x", "a"}))
    return (
        Remark("cross_entropy.base", {"log": Unknown(r"\log", (x,)), "ln": Func("ln", x), "e": ref("e")}),
        Step("cross_entropy.natural", _by(Func("ln", x), x), (1 / x,), {"e": ref("e")}, known),
        Step("cross_entropy.common", _by(common, x), (1 / (x * Func("ln", Const("10"))),), {"ten": Const("10")}, known),
        Step("cross_entropy.general", _by(general, x), (1 / (x * Func("ln", a)),), {"a": a}, known),
    )


def _by(function: Expr, x: Expr) -> Expr:
    return Derivative(function, x)


# ---- part 2: by the scores


def _chain() -> Passage:
    summed = Total("i", "C", partial(LOSS, Y_I) * partial(Y_I, Z("j")))
    put_in = Total("i", "C", TERM * partial(Y_I, Z("j")))
    return Passage(
        "cross_entropy.by_scores",
        (
            Remark("cross_entropy.scores", {"z": Z("i")}),
            definition(),
            Step("cross_entropy.chain", BY_SCORE, (summed,), {"z": Z("j"), "y": Y_I.symbol}),
            Step("cross_entropy.part_one", BY_SCORE, (put_in,)),
            *two_cases(),
        ),
    )


def _put_back() -> Passage:
    own, other = partial(Y_J, Z("j")), partial(Y_I, Z("j"))
    term = -(T("j") / Y_J)
    slots: Slots = {"same": I_IS_J, "different": I_IS_NOT_J, "rest": ref("C") - 1}
    split = term * own + Total("i", "C", TERM * other, but="j")
    put_in = term * (Y_J * (1 - Y_J)) + Total("i", "C", TERM * -(Y_I * Y_J), but="j")
    cancelled = -(T("j") * (1 - Y_J)) + Total("i", "C", T("i") * Y_J, but="j")
    return Passage(
        "cross_entropy.put_back",
        (
            Remark("cross_entropy.put_back", slots),
            Step("cross_entropy.split", BY_SCORE, (split,)),
            Step("cross_entropy.put_in", BY_SCORE, (put_in,)),
            Step("cross_entropy.cancel", BY_SCORE, (cancelled,), {"own": Y_J.symbol, "other": Y_I.symbol}),
        ),
    )


def _simplify() -> Passage:
    t, y = T("j"), Y_J
    rest = Total("i", "C", T("i"), but="j")
    return Passage(
        "cross_entropy.simplify",
        (
            Step("cross_entropy.expand", BY_SCORE, (-t + t * y + y * rest,), {"y": y.symbol}),
            Step("cross_entropy.one_hot", rest, (1 - t,), {"one": ONE, "j": AT_J}, ONE_HOT),
            Step("cross_entropy.insert", BY_SCORE, (-t + t * y + y * (1 - t), -t + t * y + y - t * y), {}, ONE_HOT),
            Step("cross_entropy.result", BY_SCORE, (-t + y, ERROR), {"term": t * y}, ONE_HOT),
        ),
    )


# ---- the check


def _number(letter: str, place: int, text: str) -> Named:
    return Named(entry(letter)(place), Const(text))


LABELS = [_number("t", place, text) for place, text in enumerate(("0", "1", "0"))]
OUTPUTS = [_number("y", place, text) for place, text in enumerate(("0.2", "0.7", "0.1"))]


def _given() -> Remark:
    t, y = (Matrix((tuple(one.meaning for one in given),)).T for given in (LABELS, OUTPUTS))
    slots: Slots = {
        "t": Relation(ref("t"), "=", t),
        "y": Relation(ref("y"), "=", y),
        "j": Relation(AT_J, "=", Const("2")),
    }
    return Remark("cross_entropy.given", slots)


def _slope(place: int) -> Named:
    """∂y_i/∂z_2, which means what the two cases say."""
    y, own = OUTPUTS[place], OUTPUTS[1]
    return Named(partial(y.symbol, Z(1)), y * (1 - y) if place == 1 else -(y * own))


def _by_terms() -> Passage:
    slopes = [_slope(place) for place in range(3)]
    lefts = [-(t / y) * slope for t, y, slope in zip(LABELS, OUTPUTS, slopes, strict=True)]
    first = (-(ZERO / Const("0.2")) * -(Const("0.2") * Const("0.7")), ZERO)
    second = (
        -(ONE / Const("0.7")) * (Const("0.7") * (1 - Const("0.7"))),
        Const("-1.429") * Const("0.7") * Const("0.3"),
        Const("-0.300"),
    )
    third = (-(ZERO / Const("0.1")) * -(Const("0.1") * Const("0.7")), ZERO)
    total = (ZERO + Const("-0.300") + ZERO, Const("-0.300"))
    return Passage(
        "cross_entropy.by_terms",
        (
            _given(),
            Step("cross_entropy.term", lefts[0], first, {"i": Relation(AT_I, "=", ONE), "case": I_IS_NOT_J}),
            Step("cross_entropy.own_term", lefts[1], second, _two(), about=True, rounded=(2,)),
            Step("cross_entropy.term", lefts[2], third, {"i": Relation(AT_I, "=", Const("3")), "case": I_IS_NOT_J}),
            Step("cross_entropy.total", _error(), total, rounded=(1,)),
        ),
    )


def _two() -> Slots:
    return {"i": Relation(AT_I, "=", Const("2")), "case": I_IS_J}


def _error() -> Named:
    """∂L/∂z_2 at the given numbers, which means the terms of the chain rule added up."""
    terms = [-(t / y) * _slope(place) for place, (t, y) in enumerate(zip(LABELS, OUTPUTS, strict=True))]
    return Named(partial(ref("L"), Z(1)), terms[0] + terms[1] + terms[2])


def _by_forms() -> tuple[Passage, Passage]:
    t, y = LABELS[1], OUTPUTS[1]
    others = LABELS[0] + LABELS[2]
    intermediate = (
        -(t * (1 - y)) + others * y,
        -(ONE * (1 - Const("0.7"))) + (ZERO + ZERO) * Const("0.7"),
        -(ONE * Const("0.3")) + ZERO,
        Const("-0.3"),
    )
    final = (bind(CROSS_ENTROPY.fused["softmax"], {"a": y, "y": t}), Const("0.7") - ONE, Const("-0.3"))
    return (
        Passage("cross_entropy.by_form", (Step("cross_entropy.intermediate", _error(), intermediate),)),
        Passage(
            "cross_entropy.by_formula",
            (Step("cross_entropy.final", _error(), final), Remark("cross_entropy.agree")),
        ),
    )


def _meaning() -> Passage:
    y, t, z = Y_J.symbol, T("j"), Z("j")
    vector = Named(ref("delta"), column(*(bind(CROSS_ENTROPY.fused["softmax"], {"a": a, "y": b}) for a, b in _pairs())))
    found = column(Const("0.2"), Const("-0.3"), Const("0.1"))
    put_in = column(*(a.meaning - b.meaning for a, b in _pairs()))
    return Passage(
        "pair.meaning",
        (
            Remark("cross_entropy.too_high", {"more": Relation(y, ">", t), "z": z}),
            Remark("cross_entropy.too_low", {"less": Relation(y, "<", t), "z": z}),
            Step("cross_entropy.vector", vector, (put_in, found)),
            Remark("cross_entropy.size", {"zero": ZERO}),
            Remark("cross_entropy.own_letters", OWN_LETTERS),
        ),
    )


def _pairs() -> list[tuple[Named, Named]]:
    return list(zip(OUTPUTS, LABELS, strict=True))


def _build() -> Deduction:
    passages = (
        _loss(),
        _by_outputs(),
        _chain(),
        *cases(),
        _put_back(),
        _simplify(),
        _by_terms(),
        *_by_forms(),
        _meaning(),
    )
    return Deduction(NAME, NAME, passages)


TOPICS = (Topic(NAME, NAME, _build),)
