"""What is said of a variant's numbers, and the commonest mistakes in them, from the numbers worked here."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .by_hand import Array, Given


def iterations(values: dict[str, Array], bare: str) -> list[Array]:
    """A quantity in every iteration."""
    return [value for name, value in values.items() if name.rpartition(".")[2] == bare]


def facts(given: Given, values: dict[str, Array]) -> Iterator[tuple[str, Array]]:
    """Everything that is either so or not, one array each."""
    for label, value in values.items():
        bare = label.rpartition(".")[2].removesuffix("_new")
        if bare == "margin":
            yield label, value >= 1
        elif bare == "yhat":
            yield label, value
    if given.model == "network":
        yield from _of_network(given, values)
    for old, new in (("L", "L_new"), ("J", "J_new"), ("t1.L", "L_new")):
        if old in values and new in values:
            yield f"{new} < {old}", values[new] < values[old]


def _of_network(given: Given, values: dict[str, Array]) -> Iterator[tuple[str, Array]]:
    for place, (function, _) in enumerate(given.layers, 1):
        for after in ("", "_new"):
            if function in ("relu", "leaky_relu", "elu"):
                for z in iterations(values, f"z{place}{after}"):
                    yield f"z{place}{after} > 0", z > 0
            if place == len(given.layers):
                for a in iterations(values, f"a{place}{after}"):
                    if function == "softmax":
                        yield f"class{after}", a.argmax(axis=2)
                    elif function == "sigmoid":
                        yield f"class{after}", a > 0.5


def mistakes(given: Given, values: dict[str, Array]) -> Iterator[tuple[str, Array]]:
    """σ′, η and 1/N forgotten, the sign of δ turned: the line, and what it gives then; of the first iteration."""
    mark = "t1." if len(given.batches()) > 1 else ""
    samples = given.batches()[0]
    count = samples.stop - samples.start
    if given.model == "network":
        for layer in range(1, len(given.layers) + 1):
            delta = f"{mark}delta{layer}"
            incoming = values.get(f"{mark}back{layer}", values.get(f"{mark}dL_da{layer}"))
            if incoming is not None:
                yield delta, incoming
        yield delta, -values[delta]
        if given.is_batch and given.reduction == "mean" and count > 1:
            gradients = [f"{mark}{kind}{layer}" for kind in ("dW", "db") for layer in range(1, len(given.layers) + 1)]
            yield f"{mark}L", count * values[f"{mark}L"]
            for gradient in gradients:
                if gradient in values:
                    data = values.get(gradient.replace("dW", "data_dW"), values[gradient])
                    yield gradient, values[gradient] + (count - 1) * data
    for label, value in values.items():
        found = re.fullmatch(re.escape(mark) + r"step_(\w+)", label)
        if found and "_new" not in label:
            new = f"{mark}{found[1]}_new"
            sign = 1 if given.model == "perceptron" else -1
            yield new, values[new] + sign * (value / given.lr - value)
