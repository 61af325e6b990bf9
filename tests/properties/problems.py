"""Problem files over the whole specification, as text: `problems()` of any model, `networks()` of networks alone.

They never hold what the reader refuses: labels suit the loss, and a loss of probabilities stands behind a sigmoid or a
softmax. What it must refuse is made in `test_refused.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from stepwise.operations.activations import ACTIVATIONS
from stepwise.operations.initialisation import SCHEMES
from stepwise.operations.losses import LOSSES
from tests.own.functions import FUNCTIONS
from tests.pages.generated import NUMBERS, OUTPUTS, PARAMETERS, RATES

from .yaml_text import yaml_text

Document = dict[str, Any]

TYPED: SearchStrategy[str] = st.one_of(
    st.sampled_from((*NUMBERS, "1e-3", "-0.0", "+0.5", ".5", "-7/4", "12.5%", "3.")),
    st.integers(-15, 15).map(lambda tenths: f"{tenths / 10:.1f}"),
    st.integers(-150, 150).map(lambda hundredths: f"{hundredths / 100:.2f}"),
)
"""Numbers as people type them."""
EXTREME: SearchStrategy[str] = st.one_of(
    st.sampled_from(("1e300", "-1e300", "1e-300", "-1e-300", "1e308", "5e-324", "1e-310", "1000", "-1000", "1e16")),
    st.sampled_from(("-0.0", "0", "1e-12", "-1e-13", "700", "-745", "31", "-31", "12345678901234567890", "1e5", "0.5")),
    TYPED,
)
"""Numbers at which floats end."""
POSITIVE = ("0.1", "1/2", "5%", "1e-2", "1", "2.0")
SCALES = ("1e-2", "5%", "0.2", "1/2", "50%", "1", "2.0", "255")
"""The smallest push units to the ends of their functions."""
TITLES = ("Plain", "50% of $5 & <b>more</b>", "A_1 {x} \\alpha #2", "异或网络", "it's: a | table")
PATTERNS = ("*_new", "a*", "dW*", "L", "z?", "*")
SYMBOLS = ({"label": "d"}, {"lr": r"\gamma"}, {"label": "d", "lr": r"\varepsilon"})


@dataclass(frozen=True)
class Size:
    """What is drawn at most, and from which numbers."""

    layers: int = 4
    units: int = 6
    samples: int = 5
    numbers: SearchStrategy[str] = TYPED
    own: bool = True
    """Whether activations of the file's own may be among them."""
    settings: bool = True
    """Whether rounding, notation and language are drawn, too."""


def problems(size: Size = Size()) -> SearchStrategy[str]:
    """Problem files of every model."""
    return st.one_of(networks(size), networks(size), networks(size), linear(size)).map(yaml_text)


def network_files(size: Size = Size()) -> SearchStrategy[str]:
    """Problem files of networks."""
    return networks(size).map(yaml_text)


def linear_files(size: Size = Size()) -> SearchStrategy[str]:
    """Problem files of support vector machines and perceptrons."""
    return linear(size).map(yaml_text)


@st.composite
def networks(draw: DrawFn, size: Size = Size()) -> Document:
    """A network as data."""
    output, loss = draw(st.sampled_from(OUTPUTS))
    layers = [*draw(st.lists(_activations(size), max_size=size.layers - 1)), draw(_parameters(output))]
    widths = [draw(st.integers(1, size.units))]
    widths += [draw(st.integers(2 if _name(layer) == "softmax" else 1, size.units)) for layer in layers]
    layout, samples = draw(st.sampled_from(("column", "row"))), draw(st.integers(1, size.samples) | st.none())
    document: Document = {
        "architecture": {
            "layout": layout,
            "layers": [{"units": n, "activation": one} for n, one in zip(widths[1:], layers, strict=True)],
            "loss": draw(_losses(loss)),
            **draw(_maybe({"l2": st.sampled_from(("0", *POSITIVE))})),
        },
        "weights": draw(_weights(size, widths, layout)),
        "inputs": draw(_samples(size.numbers, samples, widths[0])),
        "train": draw(_training(samples or 1)),
        **draw(_maybe({"biases": _biases(size, widths), "preprocess": _preprocessing(widths[0])})),
        **draw(_maybe({"lr": st.sampled_from(RATES)}, often=True)),
        **(draw(_settings(single=samples is None)) if size.settings else {}),
    }
    if "biases" not in document:
        # there are none to update
        document["train"] = {name: value for name, value in document["train"].items() if value != ["biases"]}
    if not draw(_rarely()):
        document["labels"] = draw(_labels(LOSSES[loss].labels, output, widths[-1], samples))
    return document


@st.composite
def linear(draw: DrawFn, size: Size = Size()) -> Document:
    """A support vector machine or a perceptron as data."""
    features, samples = draw(st.integers(1, size.units)), draw(st.integers(1, size.samples) | st.none())
    model = draw(st.sampled_from(("svm", "perceptron")))
    labels = st.sampled_from(("-1", "1") if model == "svm" else draw(st.sampled_from((("0", "1"), ("-1", "1")))))
    document: Document = {
        "model": model,
        "weights": draw(st.lists(size.numbers, min_size=features, max_size=features)),
        "inputs": draw(_samples(size.numbers, samples, features)),
        "labels": draw(labels if samples is None else st.lists(labels, min_size=samples, max_size=samples)),
        **draw(_maybe({"biases": size.numbers})),
        **draw(_maybe({"lr": st.sampled_from(RATES)}, often=True)),
        **(draw(_settings(single=samples is None)) if size.settings else {}),
    }
    train: dict[str, SearchStrategy[Any]] = {"epochs": st.integers(1, 3)}
    if model == "svm":
        train |= {"method": st.sampled_from(("subgradient", "pegasos")), "loss_after": st.booleans()}
        loss = st.sampled_from(("hinge", {"name": "hinge", "reduction": "mean"}, {"name": "hinge", "reduction": "sum"}))
        document["architecture"] = draw(_maybe({"loss": loss, "layout": st.sampled_from(("column", "row"))}))
        document["architecture"] |= {"l2": draw(st.sampled_from(("0", *POSITIVE)))}
        if document["architecture"]["l2"] != "0" and "lr" in document and draw(st.booleans()):
            document["lr"] = {"schedule": "inverse"}
    document.get("notation", {}).pop("backward", None)
    return {**document, "train": draw(_maybe(train))}


@st.composite
def _maybe(draw: DrawFn, fields: dict[str, SearchStrategy[Any]], *, often: bool = False) -> Document:
    """Some of the fields."""
    chances = st.sampled_from((False, True, True, True)) if often else st.booleans()
    return {name: draw(value) for name, value in fields.items() if draw(chances)}


def _rarely() -> SearchStrategy[bool]:
    """True about one time in eight: hypothesis likes the least number best."""
    return st.integers(0, 7).map(lambda number: number == 7)


def _name(activation: Any) -> str:
    return str(activation["name"] if isinstance(activation, dict) else activation)


def _activations(size: Size) -> SearchStrategy[Any]:
    registered = st.sampled_from(tuple(ACTIVATIONS)).flatmap(_parameters)
    own = st.sampled_from(range(len(FUNCTIONS))).map(_own)
    return st.one_of(registered, registered, registered, own) if size.own else registered


def _own(place: int) -> Document:
    """A function of the file's own, named by its place in the table of functions."""
    function = FUNCTIONS[place]
    return {"name": f"own{place}", "expr": function.expr, **dict(function.parameters)}


@st.composite
def _parameters(draw: DrawFn, name: str) -> Any:
    fields = {one: st.sampled_from(PARAMETERS[one]) for one in ACTIVATIONS[name].parameters}
    chosen = draw(_maybe(dict(fields)))
    return {"name": name, **chosen} if chosen else name


@st.composite
def _losses(draw: DrawFn, name: str) -> Any:
    fields: dict[str, SearchStrategy[Any]] = {"reduction": st.sampled_from(("mean", "sum"))}
    if LOSSES[name].factor is not None:
        fields["factor"] = st.sampled_from(("1", "0.5", "1/2", "0.25", "2", "1/3"))
    chosen = draw(_maybe(fields))
    return {"name": name, **chosen} if chosen else name


@st.composite
def _weights(draw: DrawFn, size: Size, widths: list[int], layout: str) -> Any:
    if draw(_rarely()):
        return {"init": draw(st.sampled_from(tuple(SCHEMES))), "seed": draw(st.integers(0, 99))}
    shapes = [(outs, ins) if layout == "column" else (ins, outs) for ins, outs in pairwise(widths)]
    return [draw(_matrix(size.numbers, rows, columns)) for rows, columns in shapes]


@st.composite
def _biases(draw: DrawFn, size: Size, widths: list[int]) -> Any:
    if draw(_rarely()):
        return "0"
    return ["0" if draw(_rarely()) else draw(_row(size.numbers, units)) for units in widths[1:]]


def _row(numbers: SearchStrategy[str], length: int) -> SearchStrategy[list[str]]:
    return st.lists(numbers, min_size=length, max_size=length)


def _matrix(numbers: SearchStrategy[str], rows: int, columns: int) -> SearchStrategy[list[list[str]]]:
    return st.lists(_row(numbers, columns), min_size=rows, max_size=rows)


def _samples(numbers: SearchStrategy[str], samples: int | None, length: int) -> SearchStrategy[Any]:
    """A list of samples, or one: a bare number where it has only one."""
    if samples is not None:
        return _matrix(numbers, samples, length)
    return numbers | _row(numbers, 1) if length == 1 else _row(numbers, length)


@st.composite
def _preprocessing(draw: DrawFn, features: int) -> Document:
    above_zero = st.sampled_from(SCALES) | _row(st.sampled_from(SCALES), features)
    if draw(st.booleans()):
        return {"divide": draw(above_zero | st.just("-2"))}
    return {"standardize": {"mean": draw(TYPED | _row(TYPED, features)), "std": draw(above_zero)}}


def _labels(rule: str, output: str, units: int, samples: int | None) -> SearchStrategy[Any]:
    one = _label(rule, units)
    ways = [st.lists(one, min_size=samples, max_size=samples) if samples else one]
    if units == 1:  # one output needs no brackets
        bare = one.map(lambda row: row[0])
        ways.append(st.lists(bare, min_size=samples, max_size=samples) if samples else bare)
    elif output == "softmax" and rule in ("any", "probability", "distribution"):
        index = st.integers(0, units - 1).map(str)
        ways.append(st.lists(index, min_size=samples, max_size=samples) if samples else index)
    return st.one_of(*ways)


@st.composite
def _label(draw: DrawFn, rule: str, units: int) -> list[str]:
    """The labels of one sample."""
    if rule == "distribution":
        if units == 2 and draw(st.booleans()):
            return draw(st.sampled_from((["0.25", "0.75"], ["1/3", "2/3"], ["50%", "50%"])))
        place = draw(st.integers(0, units - 1))
        return ["1" if i == place else "0" for i in range(units)]
    choices = {"probability": ("0", "1", "0", "1", "0.9", "25%"), "plus_minus": ("-1", "1"), "unused": ("1",)}
    return draw(_row(st.sampled_from(choices[rule]) if rule in choices else TYPED, units))


def _training(samples: int) -> SearchStrategy[Document]:
    update = st.sampled_from((["weights"], ["biases"], ["weights", "biases"]))
    return _maybe(
        {
            "epochs": st.integers(1, 3),
            "batch_size": st.integers(1, samples),
            "update": update,
            "loss_after": st.booleans(),
        }
    )


@st.composite
def _settings(draw: DrawFn, *, single: bool) -> Document:
    """How it is rounded, written and told."""
    backward = ("fused", "chain", "jacobian") if single else ("fused", "chain")
    notation = {
        "style": st.sampled_from(("matrix", "elementwise")),
        "product": st.sampled_from(("times", "paren")),
        "delta": st.sampled_from(("undivided", "divided")),
        "backward": st.sampled_from(backward),
    }
    digits = st.sampled_from(({}, *({"decimals": n} for n in range(7)), *({"figures": n} for n in range(1, 7))))
    rounding = {
        "carry": st.booleans(),
        "trailing_zeros": st.sampled_from(("auto", True, False)),
        "quantities": st.dictionaries(st.sampled_from(PATTERNS), st.integers(1, 6), max_size=2),
    }
    fields: dict[str, SearchStrategy[Any]] = {
        "title": st.sampled_from(TITLES),
        "language": st.sampled_from(("en", "zh", "en+zh", "zh+en")),
    }
    notated = draw(_maybe(notation)) | draw(_maybe({"symbols": st.sampled_from(SYMBOLS)}))
    return {**draw(_maybe(fields)), "rounding": draw(digits) | draw(_maybe(rounding)), "notation": notated}
