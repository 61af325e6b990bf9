"""Problems made from seeds: every activation, loss, layout, depth and training, with numbers as people type them.

`problem_document(seed)` is a problem file as data. It never makes what the reader refuses: labels suit the loss, and a
loss of probabilities stands behind a sigmoid or a softmax.
"""

from __future__ import annotations

from itertools import pairwise, product
from random import Random
from typing import Any

from stepwise.operations.activations import ACTIVATIONS
from stepwise.operations.losses import LOSSES

Document = dict[str, Any]

NUMBERS = (
    "0.10",
    "1/3",
    "50%",
    "-0.5",
    "1e-2",
    "0.7",
    "-1.25",
    "2",
    "0",
    "-1",
    "0.05",
    "-2/3",
    "1.0",
    "-0.30",
    "25%",
    "-5e-1",
)
RATES = ("0.1", "0.50", "1/4", "1e-2", "10%", "1")
ROUNDINGS: tuple[Document, ...] = (
    *({"decimals": count} for count in (2, 3, 4, 5)),
    *({"figures": count} for count in (3, 4)),
)
PARAMETERS = {"alpha": ("0.01", "0.2", "1/5", "10%"), "beta": ("1", "1.5", "1/2", "2"), "at_zero": ("0", "0.5", "1")}
_ROOM = 14
"""At most so many weights in a layer: the pages stay short."""

OUTPUTS = tuple(
    (activation, loss)
    for activation, loss in product(ACTIVATIONS, LOSSES)
    if ACTIVATIONS[activation].positive_only or not LOSSES[loss].needs_probabilities
)
"""Every output activation with every loss that goes with it."""


def problem_document(seed: int) -> Document:
    """The problem of a seed; as many seeds in a row as there are `OUTPUTS` have each of them once."""
    rng = Random(seed)
    kind = seed % (len(OUTPUTS) + 6)
    if kind >= len(OUTPUTS) + 3:
        document = _perceptron(rng)
    elif kind >= len(OUTPUTS):
        document = _svm(rng)
    else:
        document = _network(rng, seed, *OUTPUTS[kind])
    document["rounding"] = {
        **ROUNDINGS[seed % len(ROUNDINGS)],
        "trailing_zeros": rng.choice(("auto", "auto", True, False)),
    }
    return {"title": f"Problem {seed}", **document}


def typed(rng: Random) -> str:
    """A number as somebody may type it."""
    return rng.choice(NUMBERS) if rng.random() < 0.6 else f"{rng.uniform(-1.5, 1.5):.{rng.choice((1, 2))}f}"


def _matrix(rng: Random, rows: int, columns: int) -> list[list[str]]:
    return [[typed(rng) for _ in range(columns)] for _ in range(rows)]


def _network(rng: Random, seed: int, activation: str, loss: str) -> Document:
    depth = 1 + seed % 3
    layout = ("column", "row")[seed // 3 % 2]
    samples = None if seed // 6 % 2 else rng.choice((1, 2, 3, 4))
    names = [*(list(ACTIVATIONS)[(seed + 5 * i) % len(ACTIVATIONS)] for i in range(depth - 1)), activation]
    widths = _widths(rng, names)
    document: Document = {
        "architecture": {
            "layout": layout,
            "layers": [_layer(rng, name, units) for name, units in zip(names, widths[1:], strict=True)],
            "loss": _loss(rng, loss),
        },
        "weights": [
            _matrix(rng, *((units, inputs) if layout == "column" else (inputs, units)))
            for inputs, units in pairwise(widths)
        ],
        "inputs": _matrix(rng, samples, widths[0]) if samples else _matrix(rng, 1, widths[0])[0],
        "lr": rng.choice(RATES),
        "train": _training(rng, samples),
        "notation": {"delta": rng.choice(("undivided", "divided")), "backward": rng.choice(("fused", "chain"))},
    }
    bias = rng.choice(("none", "zero", "typed", "typed"))
    if bias != "none":
        document["biases"] = 0 if bias == "zero" else [_matrix(rng, 1, units)[0] for units in widths[1:]]
    if rng.random() < 0.3:
        document["architecture"]["l2"] = rng.choice(("0.1", "1/2", "5%", "1e-2"))
    if rng.random() < 0.2:
        document["preprocess"] = rng.choice(({"divide": "2"}, {"standardize": {"mean": "0.5", "std": "1.5"}}))
    labels = [_labels(rng, LOSSES[loss].labels, widths[-1]) for _ in range(samples or 1)]
    if loss != "neg_log_sigmoid" or rng.random() < 0.5:
        document["labels"] = labels if samples else labels[0]
    return document


def _widths(rng: Random, names: list[str]) -> list[int]:
    """The number of inputs, then the units of each layer; one unit alone is no softmax."""
    widths = [rng.randint(1, 4)]
    for name in names:
        most = min(4, _ROOM // widths[-1])
        widths.append(rng.randint(2 if name == "softmax" else 1, most))
    return widths


def _layer(rng: Random, name: str, units: int) -> Document:
    parameters = {
        parameter: rng.choice(PARAMETERS[parameter]) for parameter in ACTIVATIONS[name].parameters if rng.random() < 0.6
    }
    return {"units": units, "activation": {"name": name, **parameters} if parameters else name}


def _loss(rng: Random, name: str) -> Document:
    loss: Document = {"name": name}
    if rng.random() < 0.4:
        loss["reduction"] = rng.choice(("mean", "sum"))
    if LOSSES[name].factor is not None and rng.random() < 0.5:
        loss["factor"] = rng.choice(("1", "0.5", "1/2", "0.25"))
    return loss


def _labels(rng: Random, rule: str, units: int) -> list[str]:
    if rule == "distribution":
        if units == 2 and rng.random() < 0.3:
            return rng.choice((["0.25", "0.75"], ["1/3", "2/3"], ["50%", "50%"]))
        place = rng.randrange(units)
        return ["1" if i == place else "0" for i in range(units)]
    choices = {
        "any": NUMBERS,
        "probability": ("0", "1", "0", "1", "0.9", "25%"),
        "plus_minus": ("-1", "1"),
        "unused": ("1",),
    }
    return [rng.choice(choices[rule]) for _ in range(units)]


def _training(rng: Random, samples: int | None) -> Document:
    train: Document = {"loss_after": rng.random() < 0.6}
    if samples and samples > 1 and rng.random() < 0.4:
        train["batch_size"] = rng.randint(1, samples)
    if rng.random() < 0.2:
        train["epochs"] = 2
    if rng.random() < 0.2:
        train["update"] = ["weights"]
    return train


def _linear(rng: Random, labels: tuple[str, str], samples: int) -> Document:
    features = rng.randint(1, 4)
    document: Document = {
        "weights": [typed(rng) for _ in range(features)],
        "inputs": _matrix(rng, samples, features),
        "labels": [rng.choice(labels) for _ in range(samples)],
        "lr": rng.choice(RATES),
    }
    if rng.random() < 0.6:
        document["biases"] = typed(rng)
    return document


def _svm(rng: Random) -> Document:
    method = rng.choice(("subgradient", "pegasos"))
    loss: Any = rng.choice(("hinge", {"name": "hinge", "reduction": "mean"}))
    document = _linear(rng, ("-1", "1"), rng.randint(1, 3))
    document |= {"model": "svm", "train": {"method": method, "epochs": rng.choice((1, 2))}}
    document["architecture"] = {
        "loss": loss,
        "l2": rng.choice(("1", "0.1", "1/2")),
        "layout": rng.choice(("column", "row")),
    }
    if rng.random() < 0.4:
        document["lr"] = {"schedule": "inverse"}
    return document


def _perceptron(rng: Random) -> Document:
    labels = rng.choice((("0", "1"), ("-1", "1")))
    return {"model": "perceptron", **_linear(rng, labels, rng.randint(2, 3)), "train": {"epochs": rng.choice((1, 2))}}
