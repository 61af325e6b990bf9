"""The negative log-likelihood −ln σ of a score, or of the output of a sigmoid: the error term is σ − 1."""

from __future__ import annotations

from stepwise.expressions import Const, Expr, Func, Named, Total, ref
from stepwise.operations.activations.sigmoid import SIGMOID
from stepwise.operations.losses.neg_log_sigmoid import NEG_LOG_SIGMOID
from stepwise.symbolic.engine import entry, of_one, partial
from stepwise.symbolic.model import Deduction, Facts, Passage, Relation, Remark, Slots, Step, Topic
from stepwise.symbolic.topics.sigmoid_binary_cross_entropy import (
    A_BY_Z,
    ONE,
    SLOPE,
    ZERO,
    A,
    Z,
    sigmoid_parts,
    slope_of,
)

OF_SCORE, OF_OUTPUT = "identity_neg_log_sigmoid", "sigmoid_neg_log_sigmoid"

# ---- after a sigmoid: L = −ln a

LOSS = Named(ref("L"), of_one(NEG_LOG_SIGMOID.each_after["sigmoid"], {"a": A}))
BY_OUTPUT = of_one(NEG_LOG_SIGMOID.derivative_after["sigmoid"], {"a": A})
ERROR = of_one(NEG_LOG_SIGMOID.fused["sigmoid"], {"a": A})


def _of_output() -> Deduction:
    sigmoid, slope = sigmoid_parts()
    left = partial(LOSS, Z)
    opening = (
        Remark("neg_log.letters", {"z": Z, "a": A}),
        sigmoid,
        Step("neg_log.definition", LOSS, (LOSS.meaning,), {"one": ONE}),
    )
    passages = (
        Passage("pair.definition", opening),
        Passage("pair.by_output", (Step("neg_log.logarithm", partial(LOSS, A), (BY_OUTPUT,), {"ln": Func("ln", A)}),)),
        Passage("pair.slope", (slope,)),
        Passage(
            "pair.by_score",
            (
                Step("pair.chain", left, (partial(LOSS, A) * A_BY_Z,), {"z": Z, "a": A}),
                Step("neg_log.cancel", left, (BY_OUTPUT * SLOPE, -(1 - A), ERROR), {"a": A}),
            ),
        ),
        _example(ref("a"), Z, NEG_LOG_SIGMOID.fused["sigmoid"]),
        Passage("pair.meaning", (Remark("neg_log.label", {"one": ONE}), *_signs(Z, A))),
    )
    return Deduction(OF_OUTPUT, OF_OUTPUT, passages)


def _example(output: Expr, score: Expr, fused: Expr) -> Passage:
    number = Const("0.8")
    a = Named(output, number)
    by_output = Named(partial(ref("L"), output), of_one(NEG_LOG_SIGMOID.derivative_after["sigmoid"], {"a": a}))
    slope = Named(partial(output, score), slope_of(a))
    error = Named(partial(ref("L"), score), by_output * slope)
    short = of_one(fused, {"a": number, "prob": number})
    return Passage(
        "pair.example",
        (
            Remark("neg_log.given", {"a": Relation(output, "=", number)}),
            Step("neg_log.first_factor", by_output, (-(1 / number), Const("-1.25"))),
            Step("neg_log.second_factor", slope, (number * (1 - number), Const("0.16"))),
            Step("pair.product", error, (Const("-1.25") * Const("0.16"), Const("-0.2"))),
            Step("pair.formula", error, (short, Const("-0.2"))),
        ),
    )


def _signs(score: Expr, output: Expr) -> tuple[Remark, ...]:
    return (Remark("neg_log.signs", {"s": score, "p": output, "zero": ZERO, "one": ONE}),)


# ---- of a score s = Σ u_k h_k: L = −ln σ(s)

U, H = entry("u"), entry("h")
S = Named(ref("s"), Total("i", "n", U("i") * H("i")))
P = Named(ref("p"), of_one(SIGMOID.output({}), {"z": S}))
"""σ(s)"""
SCORE_LOSS = Named(ref("L"), of_one(NEG_LOG_SIGMOID.each(ONE), {"a": S, "prob": P}))
SCORE_ERROR = of_one(NEG_LOG_SIGMOID.fused["identity"], {"prob": P})
EACH_INPUT = Facts(inputs=("k",))


def _of_score() -> Deduction:
    slots: Slots = {"s": S, "h": ref("h"), "p": P, "u": ref("u"), "n": ref("n")}
    opening = (
        Remark("neg_log.score_letters", slots),
        Step("neg_log.score", S, (S.meaning,)),
        Step("pair.sigmoid", P, (P.meaning,)),
        Step("neg_log.definition", SCORE_LOSS, (SCORE_LOSS.meaning,), {"one": ONE}),
    )
    passages = (
        Passage("pair.definition", opening),
        _by_score(),
        _to_vectors(),
        _example(ref("p"), ref("s"), NEG_LOG_SIGMOID.fused["identity"]),
        Passage("pair.meaning", (*_signs(S, P), Remark("neg_log.own_letters", {"a": ref("a"), "s": S}))),
    )
    return Deduction(OF_SCORE, OF_SCORE, passages, {"p": r"\sigma(s)"})


def _by_score() -> Passage:
    left, by_p, slope = partial(SCORE_LOSS, S), partial(SCORE_LOSS, P), partial(P, S)
    found, power = -(1 / P), Func("exp", -S)
    return Passage(
        "pair.by_score",
        (
            Step("pair.chain", left, (by_p * slope,), {"z": S, "a": P}),
            Step("neg_log.logarithm", by_p, (found,), {"ln": Func("ln", P)}),
            Step("pair.slope", slope, (power / (1 + power) ** 2, slope_of(P)), {"topic": "sigmoid"}),
            Step("neg_log.cancel", left, (found * slope_of(P), -(1 - P), SCORE_ERROR), {"a": P}),
        ),
    )


def _to_vectors() -> Passage:
    """One step further, to the weights of the score and to the hidden outputs."""
    by_u, by_h = partial(SCORE_LOSS, U("k")), partial(SCORE_LOSS, H("k"))
    chain_u, chain_h = (partial(SCORE_LOSS, S) * partial(S, letter("k")) for letter in (U, H))
    slots: Slots = {"u": U("k"), "h": H("k")}
    return Passage(
        "neg_log.further",
        (
            Step("neg_log.weights", by_u, (chain_u, SCORE_ERROR * H("k")), slots, EACH_INPUT),
            Step("neg_log.hidden", by_h, (chain_h, SCORE_ERROR * U("k")), slots, EACH_INPUT),
            Remark("neg_log.vectors", {"u": SCORE_ERROR * ref("h"), "h": SCORE_ERROR * ref("u")}),
        ),
    )


TOPICS = (Topic(OF_OUTPUT, OF_OUTPUT, _of_output), Topic(OF_SCORE, OF_SCORE, _of_score))
