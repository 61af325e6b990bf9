"""One sigmoid output with binary cross-entropy: the slope of the sigmoid cancels."""

from __future__ import annotations

from stepwise.expressions import Const, Derivative, Expr, Func, Named, ref
from stepwise.operations.activations.sigmoid import SIGMOID
from stepwise.operations.losses.binary_cross_entropy import BINARY_CROSS_ENTROPY
from stepwise.symbolic.engine import of_one, partial
from stepwise.symbolic.model import Deduction, Passage, Relation, Remark, Slots, Step, Topic

NAME = "sigmoid_binary_cross_entropy"
Z, Y, ONE, ZERO = ref("z"), ref("y"), Const("1"), Const("0")
A = Named(ref("a"), of_one(SIGMOID.output({}), {"z": Z}))
OPERANDS = {"a": A, "y": Y, "z": Z}
A_BY_Z = partial(A, Z)


def slope_of(output: Expr) -> Expr:
    """The derivative of the sigmoid as the engine computes it from its output."""
    assert SIGMOID.derivative is not None
    return of_one(SIGMOID.derivative({}), {"a": output})


SLOPE = slope_of(A)


def sigmoid_parts() -> tuple[Step, Step]:
    """The output and its derivative."""
    return (
        Step("pair.sigmoid", A, (A.meaning,)),
        Step("pair.slope", A_BY_Z, (Func("exp", -Z) / (1 + Func("exp", -Z)) ** 2, SLOPE), {"topic": "sigmoid"}),
    )


LOSS = Named(ref("L"), of_one(BINARY_CROSS_ENTROPY.each(ONE), OPERANDS))
ERROR = of_one(BINARY_CROSS_ENTROPY.fused["sigmoid"], OPERANDS)


def _build() -> Deduction:
    sigmoid, slope = sigmoid_parts()
    opening = (
        Remark("pair.letters", {"z": Z, "a": A, "y": Y}),
        sigmoid,
        Step("sigmoid_bce.definition", LOSS, (LOSS.meaning,), {"one": ONE, "zero": ZERO}),
    )
    return Deduction(
        NAME,
        NAME,
        (
            Passage("pair.definition", opening),
            _by_output(),
            Passage("pair.slope", (slope,)),
            _by_score(),
            _example(),
            _meaning(),
        ),
    )


def _by_output() -> Passage:
    left, one_minus = partial(LOSS, A), 1 - A
    logs = Derivative(Func("ln", A), A, partial=True), Derivative(Func("ln", one_minus), A, partial=True)
    record = of_one(BINARY_CROSS_ENTROPY.derivative(ONE), OPERANDS)
    common = (A * (1 - Y) - Y * (1 - A)) / (A * (1 - A))
    return Passage(
        "pair.by_output",
        (
            Step("sigmoid_bce.sum", left, (-(Y * logs[0] + (1 - Y) * logs[1]),), {"y": Y, "rest": 1 - Y}),
            Step("sigmoid_bce.log", logs[1], (1 / one_minus * -ONE, -(1 / one_minus)), {"inner": one_minus}),
            Step("sigmoid_bce.put_in", left, (-(Y / A - (1 - Y) / (1 - A)), record)),
            Step("sigmoid_bce.common", left, (common,), {"denominator": A * (1 - A)}),
            Step(
                "sigmoid_bce.multiplied",
                left,
                ((A - A * Y - Y + A * Y) / (A * (1 - A)), ERROR / (A * (1 - A))),
                {"term": A * Y},
            ),
        ),
    )


def _by_score() -> Passage:
    left = partial(LOSS, Z)
    return Passage(
        "pair.by_score",
        (
            Step("pair.chain", left, (partial(LOSS, A) * A_BY_Z,), {"z": Z, "a": A}),
            Step("sigmoid_bce.cancel", left, (ERROR / (A * (1 - A)) * SLOPE, ERROR), {"slope": SLOPE}),
        ),
    )


def _at(letter: str, text: str) -> Named:
    return Named(ref(letter), Const(text))


def _example() -> Passage:
    a, y = _at("a", "0.8"), _at("y", "1")
    by_output = Named(partial(ref("L"), ref("a")), of_one(BINARY_CROSS_ENTROPY.derivative(ONE), {"a": a, "y": y}))
    slope = Named(partial(ref("a"), Z), slope_of(a))
    error = Named(partial(ref("L"), Z), by_output * slope)
    number, rest = Const("0.8"), 1 - Const("0.8")
    short = of_one(BINARY_CROSS_ENTROPY.fused["sigmoid"], {"a": number, "y": ONE})
    return Passage(
        "pair.example",
        (
            Remark("pair.given", {"a": Relation(ref("a"), "=", number), "y": Relation(Y, "=", ONE)}),
            Step("pair.first_factor", by_output, ((1 - ONE) / rest - 1 / number, Const("-1.25"))),
            Step("pair.second_factor", slope, (number * rest, Const("0.16"))),
            Step("pair.product", error, (Const("-1.25") * Const("0.16"), Const("-0.2"))),
            Step("pair.formula", error, (short, Const("-0.2"))),
        ),
    )


def _meaning() -> Passage:
    error = Named(ref("delta"), ERROR)
    slots: Slots = {"one": Relation(Y, "=", ONE), "zero": Relation(Y, "=", ZERO), "z": Z}
    slope: Slots = {"slope": SLOPE, "error": error.meaning}
    return Passage("pair.meaning", (Remark("sigmoid_bce.signs", slots), Remark("sigmoid_bce.slope", slope)))


TOPICS = (Topic(NAME, NAME, _build),)
