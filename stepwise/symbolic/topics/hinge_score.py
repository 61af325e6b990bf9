"""The hinge loss of a linear score, as in a support vector machine: its subgradient by cases."""

from __future__ import annotations

from stepwise.expressions import Case, Cases, Compare, Const, Entry, Expr, Matrix, Named, Series, column, ref
from stepwise.operations import svm
from stepwise.operations.losses.hinge import HINGE, HINGE_OF_MARGIN, MARGIN
from stepwise.symbolic.engine import of_layer, of_one, partial
from stepwise.symbolic.model import Deduction, Passage, Relation, Remark, Slots, Step, Topic

NAME = "hinge_score"
ZERO, ONE, Y, B = Const("0"), Const("1"), ref("y"), ref("b")
W = [Entry("w", k, 0) for k in range(2)]
X = [Entry("x", k, 0) for k in range(2)]
WEIGHTS, INPUTS = Named(ref("w"), column(*W)), Named(ref("x"), column(*X))
SCORE = Named(ref("s"), W[0] * X[0] + W[1] * X[1] + B)
M = Named(ref("m"), of_one(MARGIN, {"y": Y, "a": SCORE}))
LOSS = Named(ref("L"), of_one(HINGE_OF_MARGIN, {"margin": M}))
INSIDE = Compare(M, "<", ONE)


def _where_inside(value: Expr) -> Cases:
    return Cases((Case(INSIDE, value),), ZERO)


def _gradient(margin: Expr, label: Expr, inputs: Expr) -> Expr:
    """The gradient of the weights as the engine computes it for one sample."""
    return of_layer(svm.data_gradients("column", many=False).tree, {"margin": margin, "y": label, "x": inputs})


def _by_cases() -> Step:
    """The loss as a function of the margin alone."""
    m = ref("m")
    loss = of_one(HINGE_OF_MARGIN, {"margin": m})
    cases = Cases((Case(Compare(m, "<", ONE), 1 - m),), ZERO)
    return Step("hinge_score.definition", Named(ref("L"), loss), (loss, cases), {"one": ONE})


def _definition() -> Passage:
    letters: Slots = {"x": INPUTS, "y": Y, "plus": Const("1"), "minus": Const("-1"), "w": WEIGHTS, "b": B}
    score = svm.score("column", bias=True).tree
    return Passage(
        "pair.definition",
        (
            Remark("hinge_score.letters", letters),
            Step("hinge_score.score", SCORE, (of_layer(score, {"w": WEIGHTS, "x": INPUTS, "b": B}), SCORE.meaning)),
            Step("hinge_score.margin", M, (M.meaning,), {"y": Y, "s": SCORE}),
            _by_cases(),
        ),
    )


def _by_margin() -> Passage:
    left = partial(LOSS, M)
    corner: Slots = {"m": Relation(M, "=", ONE), "zero": ZERO, "minus": Const("-1")}
    return Passage(
        "hinge_score.by_margin",
        (
            Step("hinge_score.slope", left, (_where_inside(Const("-1")),), {"minus": Const("-1"), "zero": ZERO}),
            Remark("hinge_score.corner", corner),
        ),
    )


def _by_score() -> Passage:
    left = partial(LOSS, SCORE)
    record = of_one(HINGE.derivative(ONE), {"margin": M, "y": Y})
    return Passage(
        "pair.by_score",
        (
            Step("hinge_score.chain", left, (partial(LOSS, M) * partial(M, SCORE),), {"s": SCORE, "m": M}),
            Step("hinge_score.margin_slope", partial(M, SCORE), (Y,), {"y": Y}),
            Step("hinge_score.score_slope", left, (record,)),
        ),
    )


def _by_parameters() -> Passage:
    weights = Named(ref("gw"), column(*(partial(LOSS, w) for w in W)))
    gradient = _gradient(M, Y, INPUTS)
    bias = of_layer(svm.BIAS_GRADIENTS.tree, {"margin": M, "y": Y})
    slots: Slots = {"w": W[0], "x": X[0]}
    return Passage(
        "hinge_score.by_parameters",
        (
            Step("hinge_score.weight", partial(SCORE, W[0]), (X[0],), slots),
            Step("hinge_score.entry", partial(LOSS, W[0]), (partial(LOSS, SCORE) * X[0], _where_inside(-(Y * X[0])))),
            Step("hinge_score.likewise", partial(LOSS, W[1]), (_where_inside(-(Y * X[1])),), {"w": W[1]}),
            Step("hinge_score.vector", weights, (weights.meaning, gradient), {"y": Y, "x": INPUTS}),
            Step("hinge_score.bias", partial(LOSS, B), (partial(LOSS, SCORE) * ONE, bias), {"b": B, "one": ONE}),
        ),
    )


# ---- two samples, one beyond its margin and one on the wrong side


def _sample(inputs: tuple[str, str], label: str, score: str, margin: str) -> tuple[Remark | Step, ...]:
    x, y, w = [Const(text) for text in inputs], Const(label), Const("0.4")
    s = Named(ref("s"), Series((w * x[0], w * x[1])))
    m = Named(ref("m"), y * s)
    inside = margin.startswith("-")
    gradient = Named(ref("gw"), _gradient(m, y, column(*x)))
    put_in = column(*(-(y * one) for one in x)) if inside else column(ZERO, ZERO)
    slots: Slots = {"x": Relation(ref("x"), "=", Matrix((tuple(x),)).T), "y": Relation(Y, "=", y)}
    relation = Relation(Const(margin), "<" if inside else r"\ge", ONE)
    steps: tuple[Remark | Step, ...] = (
        Remark("hinge_score.sample", slots),
        Step("hinge_score.sample_score", s, (s.meaning, Const(score))),
        Step("hinge_score.sample_margin", m, (y * Const(score), Const(margin))),
    )
    key = "hinge_score.violated" if inside else "hinge_score.safe"
    found = (put_in, column(*x)) if inside else (put_in,)
    return (*steps, Step(key, gradient, found, {"case": relation, "one": ONE}))


def _example() -> Passage:
    given: Slots = {
        "w": Relation(ref("w"), "=", Matrix(((Const("0.4"), Const("0.4")),)).T),
        "b": Relation(B, "=", ZERO),
    }
    first = _sample(("1", "2"), "1", "1.2", "1.2")
    second = _sample(("2", "1"), "-1", "1.2", "-1.2")
    return Passage("pair.example", (Remark("hinge_score.given", given), *first, *second))


def _build() -> Deduction:
    meaning = Passage("pair.meaning", (Remark("hinge_score.meaning", {"x": ref("x"), "y": Y, "l2": "l2"}),))
    passages = (_definition(), _by_margin(), _by_score(), _by_parameters(), _example(), meaning)
    return Deduction(NAME, NAME, passages, {"gw": r"\nabla_{w} L"})


TOPICS = (Topic(NAME, NAME, _build),)
