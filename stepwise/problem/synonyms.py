"""What other libraries and books call a field, an activation or a loss, and what was probably meant by a wrong name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from stepwise.errors import nearest

FIELDS: Mapping[str, str] = {
    "activation": "architecture.layers",
    "activations": "architecture.layers",
    "b": "biases",
    "batch": "train.batch_size",
    "bias": "biases",
    "data": "inputs",
    "epoch": "train.epochs",
    "eta": "lr",
    "features": "inputs",
    "input": "inputs",
    "l2_regularization": "architecture.l2",
    "label": "labels",
    "lambda": "architecture.l2",
    "learning_rate": "lr",
    "loss_function": "architecture.loss",
    "reg": "architecture.l2",
    "scale": "preprocess.divide",
    "t": "labels",
    "target": "labels",
    "targets": "labels",
    "w": "weights",
    "weight": "weights",
    "weight_decay": "architecture.l2",
    "x": "inputs",
    "y": "labels",
}
"""Field by the name that people write for it."""

OTHERWISE_WRITTEN = frozenset({"activation", "activations", "data", "scale"})
"""Names of `FIELDS` whose value cannot simply stand under the right name."""

WORDS: Mapping[str, str] = {
    "bce": "binary_cross_entropy",
    "categorical_cross_entropy": "cross_entropy",
    "ce": "cross_entropy",
    "glorot_normal": "xavier_normal",
    "glorot_uniform": "xavier_uniform",
    "heaviside": "step",
    "kaiming_normal": "he_normal",
    "kaiming_uniform": "he_uniform",
    "l2": "mse",
    "linear": "identity",
    "log": "binary_cross_entropy",
    "logistic": "sigmoid",
    "lrelu": "leaky_relu",
    "mean_squared_error": "mse",
    "mlp": "network",
    "neural_network": "network",
    "nll": "cross_entropy",
    "nn": "network",
    "none": "identity",
    "quadratic": "mse",
    "silu": "swish",
    "softmax_cross_entropy": "cross_entropy",
    "sparse_categorical_cross_entropy": "cross_entropy",
    "squared": "mse",
    "squared_error": "mse",
    "svc": "svm",
    "threshold": "step",
}
"""A name that is registered by another name of the same thing."""

_LONG = {name: field for name, field in FIELDS.items() if len(name) > 3}
"""Names that can be misspelled and still be known."""
_CLOSE = 0.7
_CERTAIN = 0.8


def meant_word(word: str, known: Iterable[str]) -> str:
    """What to write instead of `word`: the same thing by its name here, the nearest name, else all of them."""
    names = list(known)
    plain = word[:60].lower().replace("-", "_").replace(" ", "_")
    short = plain.removesuffix("loss").removesuffix("_")
    for name in (plain, short):
        found = name if name in names else WORDS.get(name)
        if found in names:
            return f"did you mean `{found}`?"
    near = nearest(word, names, 0.6) or nearest(short, names, 0.6)
    return f"did you mean `{near}`?" if near else f"write one of: {', '.join(names)}"


def meant_field(name: str, known: Iterable[str], homes: Mapping[str, str]) -> tuple[str | None, bool]:
    """The field that `name` was probably meant to be, and whether its value can be read as that field's.

    A name of `known` (the fields that belong in this place) comes back as it is, any other as a path from the top.
    """
    plain = name[:60].lower().replace("-", "_")
    places = {**_LONG, **homes, **{field: field for field in known}}
    if plain in places or plain in FIELDS:
        return places.get(plain) or FIELDS[plain], plain not in OTHERWISE_WRITTEN
    near = nearest(plain, places, _CLOSE)
    if near is None:
        return nearest(plain, known, 0.6), False
    certain = nearest(plain, places, _CERTAIN) is not None and near not in OTHERWISE_WRITTEN
    return places[near], certain
