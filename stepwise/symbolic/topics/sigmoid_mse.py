"""One sigmoid output with squared error: the slope of the sigmoid stays in the error term, and makes it vanish."""

from __future__ import annotations

from stepwise.expressions import Const, Derivative, Expr, Named, exp, ref
from stepwise.operations.losses.binary_cross_entropy import BINARY_CROSS_ENTROPY
from stepwise.operations.losses.mse import MSE
from stepwise.symbolic.engine import of_one, partial
from stepwise.symbolic.model import Deduction, Passage, Relation, Remark, Slots, Step, Topic
from stepwise.symbolic.topics.sigmoid_binary_cross_entropy import (
    A_BY_Z,
    ONE,
    SLOPE,
    ZERO,
    A,
    Y,
    Z,
    sigmoid_parts,
    slope_of,
)

NAME = "sigmoid_mse"
HALF = Const("1/2")
OPERANDS = {"a": A, "y": Y}
LOSS = Named(ref("L"), of_one(MSE.each(HALF), OPERANDS))
ERROR = of_one(MSE.derivative(HALF), OPERANDS) * SLOPE


def _definition(sigmoid: Step) -> Passage:
    loss = Step("sigmoid_mse.definition", LOSS, (LOSS.meaning,), {"half": HALF})
    return Passage("pair.definition", (Remark("pair.letters", {"z": Z, "a": A, "y": Y}), sigmoid, loss))


def _by_output() -> Passage:
    right = (HALF * (2 * (A - Y)), of_one(MSE.derivative(HALF), OPERANDS))
    step = Step("sigmoid_mse.by_output", partial(LOSS, A), right, {"one": ONE, "half": HALF})
    return Passage("pair.by_output", (step,))


def _by_score() -> Passage:
    left = partial(LOSS, Z)
    chain = Step("pair.chain", left, (partial(LOSS, A) * A_BY_Z,), {"z": Z, "a": A})
    return Passage("pair.by_score", (chain, Step("sigmoid_mse.result", left, (ERROR,), {"slope": SLOPE})))


# ---- a neuron of one input


def _sigmoid_at(score: Expr) -> Named:
    return Named(ref("a"), 1 / (1 + exp(-score)))


def _example() -> Passage:
    """x = 2, w = 0.5, y = 1: every factor of the chain rule, and the gradient of the weight."""
    x, w = Const("2"), Const("0.5")
    score = Named(Z, w * x + ZERO)
    a = Named(ref("a"), 1 / (1 + exp(-(w * x))))
    difference = Named(partial(ref("L"), ref("a")), a - ONE)
    slope = Named(partial(ref("a"), Z), slope_of(a))
    error = Named(partial(ref("L"), Z), difference * slope)
    gradient = Named(partial(ref("L"), ref("w")), error * x)
    number = Const("0.731")
    given: Slots = {
        "x": Relation(ref("x"), "=", x),
        "w": Relation(ref("w"), "=", w),
        "b": Relation(ref("b"), "=", ZERO),
        "y": Relation(Y, "=", ONE),
    }
    return Passage(
        "pair.example",
        (
            Remark("sigmoid_mse.given", given),
            Step("sigmoid_mse.score", score, (w * x + ZERO, ONE)),
            Step("sigmoid_mse.output", a, (1 / (1 + exp(-ONE)), number), about=True),
            Step("pair.first_factor", difference, (number - ONE, Const("-0.269")), rounded=(1,)),
            Step("pair.second_factor", slope, (number * (1 - number), Const("0.197")), rounded=(1,), about=True),
            Step("pair.product", error, (Const("-0.269") * Const("0.197"), Const("-0.053")), rounded=(1,), about=True),
            Step(
                "sigmoid_mse.weight",
                gradient,
                (Const("-0.053") * x, Const("-0.106")),
                {"w": ref("w"), "x": ref("x")},
                rounded=(1,),
            ),
        ),
    )


# ---- where it vanishes


def _saturated() -> Passage:
    """The label is 1, and the output is more and more wrong."""
    return Passage(
        "sigmoid_mse.saturated",
        (
            Remark("sigmoid_mse.vanishing", {"slope": SLOPE, "zero": ZERO, "one": ONE, "a": A}),
            *_wrong_at("-5", "0.0067", "-0.9933", "-0.0066"),
            *_wrong_at("-10", "0.000045", "-0.999955", "-0.000045"),
            Remark("sigmoid_mse.comparison"),
            *_largest(),
        ),
    )


def _wrong_at(score: str, output: str, difference: str, error: str) -> tuple[Step, ...]:
    a = _sigmoid_at(Const(score))
    squared = Named(ref("delta_MSE"), (a - ONE) * slope_of(a))
    entropy = Named(ref("delta_BCE"), of_one(BINARY_CROSS_ENTROPY.fused["sigmoid"], {"a": a, "y": ONE}))
    number = Const(output)
    power = exp(Const(score.removeprefix("-")))
    return (
        Step(
            "sigmoid_mse.wrong",
            a,
            (1 / (1 + power), number),
            {"z": Relation(Z, "=", Const(score)), "y": Relation(Y, "=", ONE)},
            about=True,
        ),
        Step(
            "sigmoid_mse.wrong_squared",
            squared,
            (Const(difference) * (number * Const(difference.removeprefix("-"))), Const(error)),
            rounded=(1,),
            about=True,
        ),
        Step("sigmoid_mse.wrong_entropy", entropy, (number - ONE, Const(difference)), rounded=(1,)),
    )


def _largest() -> tuple[Step | Remark, ...]:
    a = ref("a")
    size = Named(ref("size"), (1 - a) * slope_of(a))
    third = Const("1") / Const("3")
    at_third = Named(ref("size"), (1 - third) * slope_of(third))
    return (
        Step("sigmoid_mse.size", size, ((1 - a) * slope_of(a), a * (1 - a) ** 2), {"y": Relation(Y, "=", ONE)}),
        Step(
            "sigmoid_mse.size_slope",
            Derivative(size, a),
            ((1 - a) ** 2 - 2 * (a * (1 - a)), (1 - a) * (1 - 3 * a)),
            {"a": Relation(a, "=", third)},
        ),
        Step(
            "sigmoid_mse.size_value",
            at_third,
            (third * (1 - third) ** 2, Const("4") / Const("27"), Const("0.148")),
            {},
            about=True,
        ),
        Remark("sigmoid_mse.largest", {"a": third}),
    )


def _build() -> Deduction:
    sigmoid, slope = sigmoid_parts()
    passages = (
        _definition(sigmoid),
        _by_output(),
        Passage("pair.slope", (slope,)),
        _by_score(),
        _example(),
        _saturated(),
    )
    symbols = {
        "delta_MSE": r"\delta_{\mathrm{MSE}}",
        "delta_BCE": r"\delta_{\mathrm{BCE}}",
        "size": r"|\delta_{\mathrm{MSE}}|",
    }
    return Deduction(NAME, NAME, passages, symbols)


TOPICS = (Topic(NAME, NAME, _build),)
