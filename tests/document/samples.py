"""Small problems that together make a page say everything it can say."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from stepwise import Trace, load_problem, solve
from stepwise.document.page import Page
from stepwise.document.phrases import Phrase
from stepwise.problem import Problem, read_problem, shipped_problems
from tests.pages.generated import OUTPUTS, problem_document

SHIPPED = shipped_problems()


def network(*activations: str, loss: Any = None, weights: Any, inputs: Any, **fields: Any) -> dict[str, Any]:
    """A problem file of a network; `**fields` are further fields of the file."""
    architecture: dict[str, Any] = {"layers": [{"activation": name} for name in activations]}
    if loss:
        architecture["loss"] = loss
    if "l2" in fields:
        architecture["l2"] = fields.pop("l2")
    architecture["layout"] = fields.pop("layout", "column")
    return {"architecture": architecture, "weights": weights, "inputs": inputs, **fields}


def svm(weights: Any, inputs: Any, labels: Any, **fields: Any) -> dict[str, Any]:
    architecture = {"loss": "hinge", "l2": fields.pop("l2", "0.1")}
    return {
        "model": "svm", "architecture": architecture, "weights": weights, "inputs": inputs, "labels": labels,
        "lr": "0.1", **fields,
    }  # fmt: skip


def perceptron(inputs: Any, labels: Any, **fields: Any) -> dict[str, Any]:
    start = {"weights": [0] * len(inputs[0]), "biases": 0, "lr": 1}
    return {"model": "perceptron", "inputs": inputs, "labels": labels, **start, **fields}


_EYE = [[1, 0], [0, 1]]
_MANY = [[number % 7 - 3, number % 5 - 2] for number in range(40)]
_STEP: dict[str, Any] = {"train": {"loss_after": True}}
_TWICE: dict[str, Any] = {"train": {"epochs": 2, "loss_after": True}}


def _unit(activation: str, weight: Any, label: Any, loss: str = "mse", **fields: Any) -> dict[str, Any]:
    """One unit, one input of 1: the pre-activation is the weight."""
    return network(activation, loss=loss, weights=weight, inputs=1, labels=label, **fields)


def _pair(activation: str, z: Iterable[Any], labels: Any, loss: str = "mse", **fields: Any) -> dict[str, Any]:
    """Two units, one input of 1: the pre-activations are the weights."""
    return network(activation, loss=loss, weights=[[[number] for number in z]], inputs=[1], labels=labels, **fields)


HANDMADE: Mapping[str, dict[str, Any]] = {
    **{
        f"{name}-{kind}": _pair(name, z, [0, 1])
        for name in ("relu", "leaky_relu", "elu")
        for kind, z in {"on": (1, 2), "off": (0, -1), "some": (1, -2), "corner": (0, 2)}.items()
    },
    **{
        f"{name}-one-{kind}": _unit(name, z, 1)
        for name in ("relu", "leaky_relu", "elu")
        for kind, z in {"on": 2, "off": -2, "corner": 0}.items()
    },
    "relu-batch": network("relu", loss="mse", weights=[[[1, -1]]], inputs=_EYE, labels=[1, 1]),
    "relu-rows": network("relu", loss="mse", weights=[_EYE], inputs=[1, -1], labels=[1, 1], layout="row"),
    "class-right": _pair("softmax", (2, "0.5"), [1, 0], "cross_entropy"),
    "class-wrong": _pair("softmax", (2, "0.5"), [0, 1], "cross_entropy"),
    "class-wrong-by-hand": _pair(
        "softmax", (2, "0.5"), [0, 1], "cross_entropy", rounding={"carry": True, "decimals": 2}
    ),
    "class-soft-labels": _pair("softmax", (2, "0.5"), ["0.3", "0.7"], "cross_entropy"),
    "class-tie": _pair("softmax", (1, 1), [1, 0], "cross_entropy"),
    "class-unlabelled": network("softmax", weights=[[[2], ["0.5"]]], inputs=[1]),
    "class-unlabelled-tie": network("softmax", weights=[[[2], [2]]], inputs=[1]),
    "class-unlabelled-batch": network("softmax", weights=[_EYE], inputs=_EYE),
    "class-mse": _pair("softmax", (0, 3), [0, 1], "mse"),
    "sigmoid-above-right": _unit("sigmoid", 1, 1, "binary_cross_entropy"),
    "sigmoid-above-wrong": _unit("sigmoid", 1, 0, "mse"),
    "sigmoid-below-right": _unit("sigmoid", -1, 0, "binary_cross_entropy"),
    "sigmoid-below-wrong": _unit("sigmoid", -1, 1, "mse"),
    "sigmoid-at-one-half": _unit("sigmoid", 0, 1, "binary_cross_entropy"),
    "sigmoid-soft-label": _unit("sigmoid", 1, "0.4", "binary_cross_entropy"),
    "sigmoid-all-low": _pair("sigmoid", (0, 1), [1, 1], "binary_cross_entropy"),
    "sigmoid-both": _pair("sigmoid", (0, 1, -1), [0, 1, 1], "binary_cross_entropy"),
    "sigmoid-unlabelled": network("sigmoid", weights=[[[1]]], inputs=[1]),
    "sigmoid-unlabelled-pair": network("sigmoid", weights=[[[1], [2]]], inputs=[1]),
    "samples-right": network("sigmoid", loss="mse", weights=[[[1, -1]]], inputs=_EYE, labels=[1, 0]),
    "samples-some": network("softmax", loss="cross_entropy", weights=[_EYE], inputs=_EYE, labels=[0, 0]),
    "samples-rows": network("softmax", loss="cross_entropy", weights=[_EYE], inputs=_EYE, labels=[1, 1], layout="row"),
    "samples-many": network(
        "sigmoid", loss="binary_cross_entropy", weights=[[[1, -1]]], inputs=_MANY, labels=[n % 2 for n in range(40)]
    ),
    "vanishing-all": _pair("sigmoid", (5, -6), [0, 1]),
    "vanishing-some": _pair("tanh", (3, "0.5"), [0, 1]),
    "vanishing-batch": network("tanh", loss="mse", weights=[[[4]]], inputs=[[1], [-1]], labels=[1, -1]),
    "vanishing-not-all-of-a-batch": network("tanh", loss="mse", weights=[[[4]]], inputs=[[1], [0]], labels=[1, -1]),
    "step-hidden": network("step", "sigmoid", loss="mse", weights=[_EYE, [[1, 1]]], inputs=[1, -1], labels=1, lr="0.1"),
    "one-decimal": _unit("identity", 2, 0, lr="0.1", rounding={"decimals": 1}),
    "one-figure": _unit("identity", 2, 0, lr="0.1", rounding={"figures": 1}),
    "biases-only": _unit("identity", 2, 0, lr="0.1", biases=0, train={"update": ["biases"]}),
    "loss-fell": _unit("identity", 2, 0, lr="0.1", **_STEP),
    "loss-rose": _unit("identity", 2, 0, lr=3, **_STEP),
    "loss-same": _unit("identity", 2, 2, lr="0.1", **_STEP),
    "loss-fell-a-little": _unit("identity", "1/3", 0, lr="0.0000001", **_STEP),
    "loss-rose-a-little": _unit("identity", "1/3", 0, lr="2.0000001", **_STEP),
    "loss-fell-a-little-from-a-round-number": _unit("identity", 2, 0, lr="0.0000001", **_STEP),
    "loss-fell-twice": _unit("identity", 2, 0, lr="0.1", **_TWICE),
    "loss-rose-twice": _unit("identity", 2, 0, lr=3, **_TWICE),
    "loss-same-twice": _unit("identity", 2, 2, lr="0.1", **_TWICE),
    "loss-fell-a-little-twice": _unit("identity", "1/3", 0, lr="0.0000001", **_TWICE),
    "loss-rose-a-little-twice": _unit("identity", "1/3", 0, lr="2.0000001", **_TWICE),
    "loss-with-penalty": _unit("identity", 2, 0, l2="0.1", lr="0.1", **_STEP),
    "loss-of-batches": network(
        "identity",
        loss="mse",
        weights=[[[1]]],
        inputs=[[1], [2], [3]],
        labels=[1, 1, 1],
        lr="0.1",
        train={"batch_size": 2, "loss_after": True},
    ),
    "loss-of-epochs": svm([0, 0], [[1, 2], [2, 1], [3, -1]], [1, -1, 1], train={"epochs": 3, "loss_after": True}),
    "no-penalty": svm([1, 1], [[1, 2], [2, 1]], [1, -1], l2=0, biases=0, train={"loss_after": True}),
    "margins": svm([1, 0], [[2, 1], ["0.5", 1], [-1, 0], [1, 1], [0, 1]], [1, 1, 1, 1, 1]),
    "margins-many": svm([1, 0], [[number % 3 - 1 or "0.5", 1] for number in range(60)], [1] * 60),
    "margins-many-zero": svm([0, 0], [[number, 1] for number in range(12)], [1, -1] * 6),
    "margin-one-safe": svm([1, 0], [2, 1], 1),
    "margin-one-inside": svm([1, 0], ["0.5", 1], 1),
    "margin-one-wrong": svm([1, 0], [2, 1], -1, biases="0.1", train={"loss_after": True}),
    "margin-one-zero": svm([0, 0], [2, 1], -1),
    "pegasos": svm(
        [1, 0],
        [[2, 1], ["0.5", 1], [-1, 0]],
        [1, 1, 1],
        biases=0,
        lr={"schedule": "inverse"},
        train={"method": "pegasos", "epochs": 2, "loss_after": True},
    ),
    "perceptron-learns": perceptron([[0, 1], [1, 1], [1, 0]], [0, 1, 1], train={"epochs": 6}),
    "perceptron-xor": perceptron([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], train={"epochs": 3}),
    "perceptron-signs": perceptron([[2, 1], [-1, 1]], [1, -1], train={"epochs": 3}),
    "perceptron-one-step": perceptron([[1, 1]], [1]),
    "epochs": network(
        "identity", loss="mse", weights=[[[1]]], inputs=[[1], [2]], labels=[1, 1], lr="0.1", train={"epochs": 2}
    ),
    "long-iterations": network(
        *["tanh"] * 4,
        loss="mse",
        weights=[[["0.5"]]] * 4,
        biases=0,
        inputs=[[1], [2], [3], [4]],
        labels=[1, 0, 1, 0],
        lr="0.1",
        train={"batch_size": 1},
    ),
    "batches-summed": network(
        "identity",
        loss={"name": "mse", "reduction": "sum"},
        weights=[[[1]]],
        biases=0,
        inputs=[[1], [2], [3], [4]],
        labels=[1, 1, 1, 1],
        lr="0.1",
        train={"batch_size": 2},
    ),
    "overflow": _pair("softmax", (800, 10), [1, 0], "cross_entropy"),
    "clipped": _pair("softmax", (60, 0), [0, 1], "cross_entropy", notation={"backward": "chain"}),
    "far-from-zero": _unit("sigmoid", -40, 0, "mse"),
    "nearly-zero": _unit("softplus", -40, 0, "mse"),
    "sure": _unit("sigmoid", 20, 1, "binary_cross_entropy"),
    "sure-and-wrong": _unit("sigmoid", 20, 0, "binary_cross_entropy", notation={"backward": "chain"}),
    "sure-and-low": _unit("sigmoid", -20, 0, "binary_cross_entropy"),
    "sure-class-mixed": _pair("softmax", (24, 0), [1, 0]),
    "sure-difference": _unit("tanh", -16, -1, "mse"),
    "sure-slope": _unit("elu", -20, 0, "mse"),
    "sure-class": _pair("softmax", (24, 0), [1, 0], "cross_entropy"),
    "sure-among-two": _pair("sigmoid", (24, 1), [1, 0], "mse"),
    "figures": _unit("tanh", "0.7", 0, rounding={"figures": 3}),
    "hand-with-others": _unit("tanh", "0.7", 0, rounding={"carry": True, "decimals": 3, "quantities": {"a1": 2}}),
    "jacobian-rows": network(
        "tanh",
        "softmax",
        loss="cross_entropy",
        weights=[_EYE, _EYE],
        inputs=[1, -1],
        labels=[1, 0],
        layout="row",
        notation={"backward": "jacobian"},
    ),
    "score": network("identity", loss="neg_log_sigmoid", weights=1, inputs=2),
    **{
        f"drawn-{scheme}": network(
            "tanh", loss="mse", weights={"init": scheme, "seed": 1}, biases=0, inputs=[1, 2], labels=[1]
        )
        for scheme in ("xavier_normal", "he_normal", "zeros")
    },
}
"""Names say what the page must speak of."""

for _name in ("drawn-xavier_normal", "drawn-he_normal", "drawn-zeros"):
    HANDMADE[_name]["architecture"]["layers"][0]["units"] = 1


def read(document: Mapping[str, Any], name: str = "handmade") -> Problem:
    """A problem from its file as data."""
    return read_problem(json.dumps(document), name=name, source=f"{name}.yaml", folder=Path())


@cache
def trace_of(name: str) -> Trace:
    """The trace of a shipped problem or of a handmade one."""
    return solve(load_problem(name) if name in SHIPPED else read(HANDMADE[name], name))


def combinations() -> Iterator[Problem]:
    """Every output activation with every loss, and the other models: one problem each."""
    for seed in range(len(OUTPUTS) + 6):
        yield read(problem_document(seed), f"seed {seed}")


NAMES = (*SHIPPED, *HANDMADE)
NUMERIC = tuple(name for name in NAMES if name in HANDMADE or not load_problem(name).has_letters)
"""Those in which numbers are computed: of letters nothing can be remarked."""


@dataclass(frozen=True)
class Said:
    """One remark of a page, and of what."""

    iteration: int | None
    quantity: str
    phrase: Phrase


@cache
def page_of(name: str) -> Page:
    """The full page of a problem, worked out once."""
    return Page(trace_of(name), "full")


def remarks_of(name: str) -> list[Said]:
    """The remarks of a full page in the order of the page."""
    page = page_of(name)
    found = [
        Said(section.iteration, block.step.id, phrase)
        for section in page.sections
        for part in section.parts
        for block in part.blocks
        for phrase in block.remarks
    ]
    last = page.converged
    return [*found, Said(None, "", last)] if last else found
