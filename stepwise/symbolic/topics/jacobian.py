"""∂h/∂x of h = f(Wx + b) as a Jacobian: diag(f′(z)) W, in general and with numbers."""

from __future__ import annotations

from stepwise.expressions import Const, Expr, Index, Matrix, Named, OnDiagonal, Total, Unknown, column, exp, ref
from stepwise.operations.activations.sigmoid import SIGMOID
from stepwise.operations.linear import DIAGONAL, INCOMING, SLOPE, affine, back
from stepwise.symbolic.engine import entry, of_layer, of_one, partial
from stepwise.symbolic.model import Deduction, Passage, Relation, Remark, Slots, Step, Topic
from stepwise.symbolic.topics.layer import AT_I, AT_J, OF_INPUT, ZERO, B, X, _score, _weight

NAME = "jacobian"
H, Z = entry("h"), entry("z")


def _matrix(name: str, rows: tuple[tuple[Expr, ...], ...]) -> Named:
    return Named(ref(name), Matrix(rows))


# ---- what a Jacobian is


def _definitions() -> Passage:
    x = [X(k) for k in range(3)]
    g = Named(ref("g"), Unknown("g", tuple(x)))
    h = [Named(H(k), Unknown(f"h_{k + 1}", tuple(x))) for k in range(2)]
    gradient = Named(ref("grad_g"), column(*(partial(g, one) for one in x)))
    jacobian = _matrix("dh_dx", tuple(tuple(partial(one, by) for by in x) for one in h))
    slots: Slots = {
        "m": ref("m"),
        "n": ref("n"),
        "size": ref("size_W"),
        "i": AT_I,
        "j": AT_J,
        "entry": partial(H("i"), X("j")),
    }
    return Passage(
        "jacobian.definitions",
        (
            Step("jacobian.gradient", gradient, (gradient.meaning,), {"g": g, "n": Const("3")}),
            Step("jacobian.jacobian", jacobian, (jacobian.meaning,), {"m": Const("2"), "n": Const("3")}),
            Remark("jacobian.size", slots),
        ),
    )


# ---- the two factors


def _output(place: Index) -> Named:
    return Named(H(place), Unknown("f", (_score(place),)))


def _slope(place: Index) -> Named:
    return Named(Unknown("f'", (Z(place),)), Unknown("f'", (_score(place),)))


def _two_units() -> dict[str, Named]:
    """A layer of two units and two inputs by the names that the engine's trees have for its arrays."""
    weights = tuple(tuple(ref(f"w{i}{j}") for j in (1, 2)) for i in (1, 2))
    z = [Named(Z(i), weights[i][0] * X(0) + weights[i][1] * X(1) + B(i)) for i in range(2)]
    h = [Named(H(i), Unknown("f", (z[i],))) for i in range(2)]
    slopes = [Named(Unknown("f'", (z[i].symbol,)), Unknown("f'", (z[i],))) for i in range(2)]
    loss = Named(ref("L"), Unknown("L", tuple(h)))
    return {
        "W": _matrix("W", weights),
        "x": Named(ref("x"), column(X(0), X(1))),
        "b": Named(ref("b"), column(B(0), B(1))),
        "z": Named(ref("z"), column(*z)),
        "h": Named(ref("h"), column(*h)),
        "f": Named(Unknown("f'", (ref("z"),)), column(*slopes)),
        "g": Named(ref("grad_h"), column(*(partial(loss, one) for one in h))),
        "L": loss,
    }


LAYER = _two_units()


def _cells(name: str) -> list[Expr]:
    meaning = LAYER[name].meaning
    assert isinstance(meaning, Matrix)
    return [cell for line in meaning.rows for cell in line]


def _jacobian(name: str, above: str, below: str) -> Named:
    return _matrix(name, tuple(tuple(partial(one, by) for by in _cells(below)) for one in _cells(above)))


def _factors() -> Passage:
    by_z, by_x = _jacobian("dh_dz", "h", "z"), _jacobian("dz_dx", "z", "x")
    slopes = _cells("f")
    diagonal = Matrix(((slopes[0], ZERO), (ZERO, slopes[1])))
    one_entry = OnDiagonal("i", "j", _slope("i"))
    slots: Slots = {"h": H("i"), "z": Z("i"), "zero": ZERO}
    weight: Slots = {"z": Z("i"), "w": _weight("i", "j"), "x": X("j")}
    return Passage(
        "jacobian.factors",
        (
            Step(
                "jacobian.layer",
                Named(ref("z"), LAYER["z"].meaning),
                (of_layer(affine("column", bias=True).tree, LAYER),),
            ),
            Step("jacobian.output", _output("i"), (Unknown("f", (_score("i"),)),)),
            Step("jacobian.activation", partial(_output("i"), _score("j")), (one_entry,), slots),
            Step(
                "jacobian.diagonal", by_z, (by_z.meaning, diagonal, of_layer(DIAGONAL.tree, LAYER)), {"n": Const("2")}
            ),
            Step("jacobian.linear", partial(_score("i"), X("j")), (_weight("i", "j"),), weight, OF_INPUT),
            Step("jacobian.weights", by_x, (by_x.meaning, LAYER["W"].meaning, LAYER["W"])),
        ),
    )


# ---- their product


def _product() -> Passage:
    h, z = _output("i"), _score("k")
    chain = Total("k", "m", partial(h, z) * partial(z, X("j")))
    by_x, by_z, z_by_x = (_jacobian(f"d{a}_d{b}", a, b) for a, b in (("h", "x"), ("h", "z"), ("z", "x")))
    slopes, weights = _cells("f"), _cells("W")
    written = Matrix(
        ((slopes[0] * weights[0], slopes[0] * weights[1]), (slopes[1] * weights[2], slopes[1] * weights[3]))
    )
    slots: Slots = {"x": X("j"), "h": H("i"), "case": Relation(ref("k"), "=", AT_I)}
    return Passage(
        "jacobian.product",
        (
            Step("jacobian.chain", partial(h, X("j")), (chain, _slope("i") * _weight("i", "j")), slots, OF_INPUT),
            Step("jacobian.matrices", by_x, (by_z @ z_by_x, _result()), {"i": AT_I, "j": AT_J}),
            Step("jacobian.rows", by_x, (written,), {"f": _slope("i").symbol, "i": AT_I}),
        ),
    )


def _result() -> Expr:
    """diag(f′(z)) W"""
    return of_layer(DIAGONAL.tree, LAYER) @ LAYER["W"]


# ---- numbers


def _numbers(*rows: str) -> Matrix:
    return Matrix(tuple(tuple(Const(text) for text in line.split()) for line in rows))


def _example() -> Passage:
    w, x, b = _numbers("2 -1", "1 1"), _numbers("1", "2"), _numbers("0", "-1")
    z = Named(ref("z"), w @ x + b)
    h = Named(ref("h"), 1 / (1 + exp(-_numbers("0", "2"))))
    assert SIGMOID.derivative is not None
    slope = Named(Unknown(r"\sigma'", (ref("z"),)), of_layer(SIGMOID.derivative({}), {"a": h}))
    jacobian = Named(ref("dh_dx"), of_layer(DIAGONAL.tree, {"f": slope}) @ w)
    outputs = [Const("0.5"), Const("0.881")]
    printed = (("W", w), ("x", _numbers("1 2").T), ("b", _numbers("0 -1").T))
    given: Slots = {name: Relation(ref(name), "=", matrix) for name, matrix in printed}
    return Passage(
        "pair.example",
        (
            Remark("jacobian.given", given),
            Step("jacobian.scores", z, (w @ x + b, _numbers("0", "2"))),
            Step(
                "jacobian.outputs",
                h,
                (column(1 / (1 + exp(-ZERO)), 1 / (1 + exp(-Const("2")))), column(*outputs)),
                about=True,
            ),
            Step(
                "jacobian.slopes",
                slope,
                (column(*(of_one(SIGMOID.derivative({}), {"a": one}) for one in outputs)), _numbers("0.25", "0.105")),
                rounded=(1,),
                about=True,
            ),
            Step(
                "jacobian.put_in",
                jacobian,
                (_numbers("0.25 0", "0 0.105") @ w, _numbers("0.5 -0.25", "0.105 0.105")),
                rounded=(1,),
            ),
            *_small_step(w, h, jacobian),
        ),
    )


def _small_step(w: Matrix, h: Named, jacobian: Named) -> tuple[Remark | Step, ...]:
    """What the Jacobian says of a small change of the inputs, and what really changes."""
    change = Named(ref("Delta_x"), _numbers("0.1", "0"))
    expected = Named(jacobian.symbol, jacobian.meaning) @ change
    after = 1 / (1 + exp(-_numbers("0.2", "2.1")))
    real = Named(ref("Delta_h"), after - h)
    return (
        Remark("jacobian.small", {"change": Relation(ref("Delta_x"), "=", _numbers("0.1 0").T)}),
        Step(
            "jacobian.expected",
            expected,
            (_numbers("0.5 -0.25", "0.105 0.105") @ _numbers("0.1", "0"), _numbers("0.0500", "0.0105")),
            rounded=(1,),
        ),
        Step(
            "jacobian.real",
            real,
            (_numbers("0.5498", "0.8909") - _numbers("0.5000", "0.8808"), _numbers("0.0498", "0.0101")),
            rounded=(1,),
        ),
        Remark("jacobian.close"),
    )


# ---- back-propagation


def _backward() -> Passage:
    inputs = Named(ref("grad_x"), column(*(partial(LAYER["L"], one) for one in _cells("x"))))
    by_x = _jacobian("dh_dx", "h", "x")
    delta = Named(ref("delta"), of_layer(INCOMING * SLOPE, LAYER))
    slots: Slots = {"h": ref("grad_h"), "x": ref("grad_x"), "L": ref("L")}
    steps = (
        Step("jacobian.back", inputs, (by_x.T @ LAYER["g"], _result().T @ LAYER["g"]), slots),
        Step(
            "jacobian.split",
            inputs,
            (
                LAYER["W"].T @ (of_layer(DIAGONAL.tree, LAYER) @ LAYER["g"]),
                of_layer(back("column").tree, {**LAYER, "delta": delta}),
            ),
            {"delta": Relation(delta, "=", delta.meaning)},
        ),
    )
    return Passage("jacobian.backward", (*steps, Remark("jacobian.own_letters", {"a": ref("a"), "h": ref("h")})))


SYMBOLS = {
    "dh_dx": r"\frac{\partial h}{\partial x}",
    "dh_dz": r"\frac{\partial h}{\partial z}",
    "dz_dx": r"\frac{\partial z}{\partial x}",
    "grad_g": r"\nabla g",
    "grad_h": r"\nabla h",
    "grad_x": r"\nabla x",
    "Delta_x": r"\Delta x",
    "Delta_h": r"\Delta h",
    "size_W": r"m \times n",
}


def _build() -> Deduction:
    return Deduction(NAME, NAME, (_definitions(), _factors(), _product(), _example(), _backward()), SYMBOLS)


TOPICS = (Topic(NAME, NAME, _build),)
