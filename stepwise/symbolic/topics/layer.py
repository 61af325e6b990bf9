"""The chain rule through a layer a = f(Wx + b): entry by entry, then as the matrix products of the engine."""

from __future__ import annotations

from stepwise.expressions import (
    Const,
    Entry,
    Expr,
    Index,
    Listing,
    Matrix,
    Named,
    Total,
    Unknown,
    bind,
    column,
    ref,
    row,
)
from stepwise.operations.linear import INCOMING, SLOPE, affine, back, weight_gradient
from stepwise.symbolic.engine import entry, of_layer, partial
from stepwise.symbolic.model import Deduction, Facts, Passage, Relation, Remark, Slots, Step, Topic

NAME = "layer"
AT_I, AT_J, ONE, ZERO = ref("i"), ref("j"), Const("1"), Const("0")
X, B = entry("x"), entry("b")
OF_INPUT = Facts(inputs=("j",))
"""The index letter j counts inputs."""
OTHER_UNIT = Facts(inputs=("j",), different=(("i", "k"),))

# ---- entry by entry: m outputs, n inputs


def _weight(unit: Index, place: Index) -> Entry:
    return Entry("w", unit, place)


def _score(place: Index) -> Named:
    j = "l" if place == "j" else "j"
    return Named(entry("z")(place), Total(j, "n", _weight(place, j) * X(j)) + B(place))


def _output(place: Index) -> Named:
    return Named(entry("a")(place), Unknown("f", (_score(place),)))


LOSS = Named(ref("L"), Unknown("L", (Listing("k", "m", _output("k")),)))
Z_I, A_I = _score("i"), _output("i")
SLOPE_I = Named(Unknown("f'", (entry("z")("i"),)), Unknown("f'", (Z_I,)))


def _delta(place: Index) -> Named:
    return Named(entry("delta")(place), partial(LOSS, _score(place)))


DELTA_I = _delta("i")


def _definition() -> Passage:
    slots: Slots = {
        "n": ref("n"),
        "m": ref("m"),
        "f": ref("f"),
        "i": AT_I,
        "j": AT_J,
        "w": _weight("i", "j"),
        "L": ref("L"),
    }
    return Passage(
        "pair.definition",
        (
            Remark("layer.letters", slots),
            Step("layer.score", Z_I, (Z_I.meaning,), {"i": AT_I}, OF_INPUT),
            Step("layer.output", A_I, (Unknown("f", (Z_I,)),)),
        ),
    )


def _error() -> Passage:
    slots: Slots = {"z": Z_I.symbol, "a": A_I.symbol, "f": ref("f")}
    return Passage(
        "layer.error",
        (
            Step("layer.slope", partial(A_I, Z_I), (SLOPE_I,), slots),
            Step(
                "layer.delta",
                DELTA_I,
                (partial(LOSS, Z_I), partial(LOSS, A_I) * partial(A_I, Z_I), partial(LOSS, A_I) * SLOPE_I),
                slots,
            ),
        ),
    )


def _parameters() -> Passage:
    w = _weight("i", "j")
    by_w, by_b = partial(LOSS, w), partial(LOSS, B("i"))
    other = partial(_score("k"), w)
    slots: Slots = {"w": w, "x": X("j"), "z": Z_I.symbol, "i": AT_I, "b": B("i"), "one": ONE}
    return Passage(
        "layer.parameters",
        (
            Step("layer.by_weight", partial(Z_I, w), (X("j"),), slots, OF_INPUT),
            Step("layer.other_unit", other, (ZERO,), {"k": Relation(ref("k"), r"\ne", AT_I), "w": w}, OTHER_UNIT),
            Step("layer.weight", by_w, (partial(LOSS, Z_I) * partial(Z_I, w), DELTA_I * X("j")), slots, OF_INPUT),
            Step("layer.by_bias", partial(Z_I, B("i")), (ONE,), slots),
            Step("layer.bias", by_b, (partial(LOSS, Z_I) * partial(Z_I, B("i")), DELTA_I), slots),
        ),
    )


def _inputs() -> Passage:
    w, by_x = _weight("i", "j"), partial(LOSS, X("j"))
    chain = Total("i", "m", partial(LOSS, Z_I) * partial(Z_I, X("j")))
    slots: Slots = {"w": w, "x": X("j"), "m": ref("m"), "z": Z_I.symbol}
    return Passage(
        "layer.inputs",
        (
            Step("layer.by_input", partial(Z_I, X("j")), (w,), slots, OF_INPUT),
            Step("layer.input", by_x, (chain, Total("i", "m", w * DELTA_I)), slots, OF_INPUT),
        ),
    )


# ---- as matrices: three outputs, two inputs


def _of_layer() -> dict[str, Named]:
    weights = [[ref(f"w{unit}{place}") for place in (1, 2)] for unit in (1, 2, 3)]
    x, b = [X(k) for k in range(2)], [B(k) for k in range(3)]
    matrix = Named(ref("W"), Matrix(tuple(tuple(line) for line in weights)))
    inputs, biases = Named(ref("x"), column(*x)), Named(ref("b"), column(*b))
    z = [Named(entry("z")(k), weights[k][0] * x[0] + weights[k][1] * x[1] + b[k]) for k in range(3)]
    a = [Named(entry("a")(k), Unknown("f", (z[k],))) for k in range(3)]
    loss = Named(ref("L"), Unknown("L", tuple(a)))
    deltas = [Named(entry("delta")(k), partial(loss, z[k])) for k in range(3)]
    slopes = [Named(Unknown("f'", (z[k].symbol,)), Unknown("f'", (z[k],))) for k in range(3)]
    return {
        "W": matrix,
        "x": inputs,
        "b": biases,
        "z": Named(ref("z"), column(*z)),
        "L": loss,
        "delta": Named(ref("delta"), column(*deltas)),
        "g": Named(ref("gradient_a"), column(*(partial(loss, one) for one in a))),
        "f": Named(Unknown("f'", (ref("z"),)), column(*slopes)),
    }


LAYER = _of_layer()
"""The arrays of a layer by the names that the engine's trees have for them."""


def _entries(name: str) -> tuple[tuple[Expr, ...], ...]:
    meaning = LAYER[name].meaning
    assert isinstance(meaning, Matrix)
    return meaning.rows


def _all(name: str) -> Matrix:
    """The derivatives of the loss by all entries of an array, lying as the array does."""
    return Matrix(tuple(tuple(partial(LAYER["L"], one) for one in line) for line in _entries(name)))


def _matrices() -> Passage:
    deltas, x = [line[0] for line in _entries("delta")], [line[0] for line in _entries("x")]
    products = Matrix(tuple(tuple(delta * one for one in x) for delta in deltas))
    by_w, by_b, by_x = (Named(ref(f"gradient_{name}"), _all(name)) for name in ("W", "b", "x"))
    columns = list(zip(*_entries("W"), strict=True))
    sums = column(*(w[0] * deltas[0] + w[1] * deltas[1] + w[2] * deltas[2] for w in columns))
    bias = _all("b")
    return Passage(
        "layer.matrices",
        (
            Remark("layer.sizes", {"m": Const("3"), "n": Const("2")}),
            Step("layer.forward", LAYER["z"], (_bound(affine("column", bias=True).tree), _written_out())),
            Step("layer.error_vector", LAYER["delta"], (_bound(INCOMING * SLOPE),), {"delta": ref("delta")}),
            Step("layer.weight_matrix", by_w, (_all("W"), products)),
            Step("layer.outer", by_w, (LAYER["delta"].meaning @ row(*x), _gradient())),
            Step("layer.bias_vector", by_b, (bias, LAYER["delta"])),
            Step("layer.input_vector", by_x, (_all("x"), sums)),
            Step("layer.back", by_x, (Matrix(tuple(columns)) @ LAYER["delta"].meaning, _bound(back("column").tree))),
        ),
    )


def _bound(tree: Expr) -> Expr:
    return of_layer(tree, LAYER)


def _gradient() -> Expr:
    return _bound(weight_gradient("column", mean=False).tree)


def _written_out() -> Expr:
    return LAYER["W"].meaning @ LAYER["x"].meaning + LAYER["b"].meaning


def _row_layout() -> Remark:
    """The same formulas where every row of X is a sample."""
    letters = {"x": ref("X"), "W": ref("W"), "b": ref("b"), "delta": ref("Delta")}
    trees = {
        "scores": affine("row", bias=True).tree,
        "weights": weight_gradient("row", mean=False).tree,
        "back": back("row").tree,
    }
    slots: Slots = {name: bind(tree, letters) for name, tree in trees.items()}
    return Remark("layer.row_layout", {**slots, "delta": letters["delta"]})


def _transposes() -> Passage:
    sizes: Slots = {
        "W": LAYER["W"],
        "delta": LAYER["delta"],
        "x": LAYER["x"],
        "size_W": ref("size_W"),
        "size_delta": ref("size_delta"),
        "size_x": ref("size_x"),
        "row": ref("size_row"),
        "gradient": _gradient(),
        "back": _bound(back("column").tree),
        "transposed": ref("size_T"),
    }
    keys = {
        "layer.transpose_given": ("W", "delta", "x", "size_W", "size_delta", "size_x"),
        "layer.transpose_weights": ("gradient", "size_delta", "row", "size_W", "W"),
        "layer.transpose_back": ("back", "transposed", "size_delta", "size_x", "x"),
    }
    return Passage(
        "layer.transposes",
        (
            *(Remark(key, {name: sizes[name] for name in names}) for key, names in keys.items()),
            _row_layout(),
            Remark("layer.next"),
        ),
    )


SYMBOLS = {
    "gradient_W": r"\nabla W",
    "gradient_b": r"\nabla b",
    "gradient_x": r"\nabla x",
    "gradient_a": r"\nabla a",
    "size_W": r"m \times n",
    "size_T": r"n \times m",
    "size_delta": r"m \times 1",
    "size_x": r"n \times 1",
    "size_row": r"1 \times n",
}


def _build() -> Deduction:
    passages = (_definition(), _error(), _parameters(), _inputs(), _matrices(), _transposes())
    return Deduction(NAME, NAME, passages, SYMBOLS)


TOPICS = (Topic(NAME, NAME, _build),)
