"""Softmax with squared error: the error term through the Jacobian, in the form the engine computes."""

from __future__ import annotations

from stepwise.expressions import Const, Expr, Index, Matrix, Named, Total, column, ref
from stepwise.operations.activations.softmax import SOFTMAX
from stepwise.operations.losses.cross_entropy import CROSS_ENTROPY
from stepwise.operations.losses.mse import MSE
from stepwise.symbolic.engine import entry, of_layer, of_unit, partial
from stepwise.symbolic.model import Deduction, Passage, Relation, Remark, Slots, Step, Topic
from stepwise.symbolic.topics.softmax import I_IS_J, I_IS_NOT_J, ONE, ZERO, Z, definition, jacobian_of, output

NAME = "softmax_mse"
HALF = Const("1/2")
Y = entry("y")


def _output(place: Index) -> Named:
    return output(place, "a")


A_I, A_J = _output("i"), _output("j")
LOSS = Named(ref("L"), of_unit(MSE.each(HALF), {"a": _output, "y": Y}, "i", summed="i"))
BY_SCORE = partial(LOSS, Z("j"))
SLOPE = partial(A_I, Z("j"))


def _gradient(place: Index) -> Named:
    """g_i = ∂L/∂a_i, as the engine computes it."""
    return Named(entry("g")(place), of_unit(MSE.derivative(HALF), {"a": _output, "y": Y}, place))


G_I, G_J = _gradient("i"), _gradient("j")


def backward() -> Expr:
    """How the engine makes the error term from the gradient that arrives at a softmax."""
    assert SOFTMAX.backward is not None
    return SOFTMAX.backward


def _definition() -> Passage:
    slots: Slots = {"C": ref("C"), "a": A_I.symbol, "y": Y("i"), "z": Z("i"), "i": ref("i")}
    loss = Step("softmax_mse.definition", LOSS, (LOSS.meaning,), {"half": HALF})
    return Passage("pair.definition", (Remark("softmax_mse.letters", slots), definition("a"), loss))


def _by_outputs() -> Passage:
    step = Step("softmax_mse.by_output", partial(LOSS, A_I), (HALF * (2 * (A_I - Y("i"))), G_I.meaning), {"one": ONE})
    return Passage("pair.by_output", (step, Remark("softmax_mse.name", {"g": G_I.symbol})))


def _by_scores() -> Passage:
    chain = (Total("i", "C", partial(LOSS, A_I) * SLOPE), Total("i", "C", G_I * SLOPE))
    split = G_J * partial(A_J, Z("j")) + Total("i", "C", G_I * SLOPE, but="j")
    put_in = G_J * (A_J * (1 - A_J)) - Total("i", "C", G_I * (A_I * A_J), but="j")
    factor = A_J * (G_J - A_J * G_J - Total("i", "C", A_I * G_I, but="j"))
    result = of_unit(backward(), {"a": _output, "g": _gradient}, "j", summed="i")
    cases: Slots = {"same": I_IS_J, "different": I_IS_NOT_J}
    return Passage(
        "pair.by_score",
        (
            Step("softmax_mse.chain", BY_SCORE, chain, {"z": Z("j"), "a": A_I.symbol}),
            Step("softmax_mse.split", BY_SCORE, (split,), cases),
            Remark("softmax_mse.cases", {"own": A_J * (1 - A_J), "other": -(A_I * A_J), **cases}),
            Step("softmax_mse.put_in", BY_SCORE, (put_in,)),
            Step("softmax_mse.factor", BY_SCORE, (factor,), {"a": A_J.symbol}),
            Step("softmax_mse.result", BY_SCORE, (result,), {"term": A_J * G_J, "different": I_IS_NOT_J}),
        ),
    )


def _all_scores() -> Passage:
    """The same for three classes at once."""
    a = column(*(output(k, "a", 3) for k in range(3)))
    y = column(*(Y(k) for k in range(3)))
    vector = Named(ref("a"), a)
    g = Named(ref("g"), of_layer(MSE.derivative(HALF), {"a": vector, "y": Named(ref("y"), y)}))
    loss = Named(ref("L"), of_layer(MSE.each(HALF), {"a": a, "y": y}))
    delta = Named(ref("delta"), column(*(partial(loss, Z(k)) for k in range(3))))
    jacobian = jacobian_of(vector)
    return Passage(
        "softmax_mse.all_scores",
        (
            Step(
                "softmax_mse.jacobian",
                delta,
                (jacobian.T @ g, jacobian @ g),
                {"g": Relation(g, "=", g.meaning), "g_name": g},
            ),
            Step("softmax_mse.elementwise", delta, (of_layer(backward(), {"a": vector, "g": g}),), {"g_name": g}),
        ),
    )


# ---- numbers


OUTPUTS = ("0.98", "0.01", "0.01")
LABELS = ("0", "1", "0")


def _example() -> Passage:
    """A network that is sure of the wrong class."""
    a = [Named(entry("a")(k), Const(text)) for k, text in enumerate(OUTPUTS)]
    y = [Const(text) for text in LABELS]
    g_texts = ("0.98", "-0.99", "0.01")
    vector, labels = Named(ref("a"), column(*a)), Named(ref("y"), column(*y))
    g = Named(ref("g"), of_layer(MSE.derivative(HALF), {"a": vector, "y": labels}))
    numbers = [Named(entry("g")(k), of_layer(MSE.derivative(HALF), {"a": a[k], "y": y[k]})) for k in range(3)]
    differences = column(*(one.meaning - label for one, label in zip(a, y, strict=True)))
    products = [one.meaning * Const(text) for one, text in zip(a, g_texts, strict=True)]
    inner = Named(
        Total("i", 3, entry("a")("i") * entry("g")("i")), a[0] * numbers[0] + a[1] * numbers[1] + a[2] * numbers[2]
    )
    delta = Named(ref("delta"), of_layer(backward(), {"a": vector, "g": g}))
    put_in = column(*(one.meaning * (Const(text) - Const("0.9506")) for one, text in zip(a, g_texts, strict=True)))
    crossed = Named(ref("delta_CE"), of_layer(CROSS_ENTROPY.fused["softmax"], {"a": vector, "y": labels}))
    slots: Slots = {"a": _transposed("a", OUTPUTS), "y": _transposed("y", LABELS)}
    return Passage(
        "pair.example",
        (
            Remark("softmax_mse.given", slots),
            Step("softmax_mse.gradient", g, (differences, column(*(Const(text) for text in g_texts)))),
            Step("softmax_mse.inner", inner, (products[0] + products[1] + products[2], Const("0.9506"))),
            Step(
                "softmax_mse.delta",
                delta,
                (put_in, column(*(Const(t) for t in ("0.0288", "-0.0194", "-0.0094")))),
                about=True,
            ),
            Step("softmax_mse.cross_entropy", crossed, (column(*(Const(text) for text in g_texts)),)),
            Remark("softmax_mse.small", {"mse": Const("-0.0194"), "ce": Const("-0.99"), "zero": ZERO}),
        ),
    )


def _transposed(letter: str, texts: tuple[str, ...]) -> Relation:
    return Relation(ref(letter), "=", Matrix((tuple(Const(text) for text in texts),)).T)


def _build() -> Deduction:
    passages = (_definition(), _by_outputs(), _by_scores(), _all_scores(), _example())
    return Deduction(NAME, NAME, passages, {"delta_CE": r"\delta_{\mathrm{CE}}"})


TOPICS = (Topic(NAME, NAME, _build),)
