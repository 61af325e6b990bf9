"""From the text of a problem file to a Problem, or to everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from stepwise.operations.losses import LOSSES
from stepwise.problem.arrays import Reading, Tensor, read_array
from stepwise.problem.biases import read_biases
from stepwise.problem.check import check_file
from stepwise.problem.choices import check_loss, number_of, read_activation, read_loss
from stepwise.problem.draws import drawn
from stepwise.problem.faults import Faults, View
from stepwise.problem.inputs import Inputs, read_inputs, read_preprocess
from stepwise.problem.labels import Wanted, read_labels
from stepwise.problem.model import Choice, Draw, Given, Layer, Layout, Loss, Number, Problem
from stepwise.problem.nodes import Document, MapNode, from_plain, to_plain
from stepwise.problem.numbers import parse_number
from stepwise.problem.settings import (
    read_ask,
    read_languages,
    read_marks,
    read_notation,
    read_rate,
    read_rounding,
    read_title,
    read_train,
    read_vary,
)
from stepwise.problem.weights import Sizes, chain, read_draw, read_weights, shape_of
from stepwise.problem.yamltree import read_yaml

Model = Literal["network", "svm", "perceptron"]


def read_problem(text: str, *, name: str, source: str, folder: Path | None) -> Problem:
    """The problem written in YAML `text`. Data files are looked for in `folder`; messages name `source`."""
    return _resolved(read_yaml(text, source), name, source, folder)


def problem_from_document(document: Mapping[str, Any], *, name: str = "problem", source: str = "document") -> Problem:
    """The problem that a `Problem.document`, or the same data out of JSON, describes."""
    node = from_plain(document.fields if isinstance(document, Document) else document)
    assert isinstance(node, MapNode)
    return _resolved(node, name, source, None)


def _resolved(root: MapNode, name: str, source: str, folder: Path | None) -> Problem:
    faults = Faults()
    view = View(root, "", faults)
    check_file(view)
    reading = Reading(faults, folder)
    problem = _Resolver(view, reading).problem(name, source)
    faults.raise_any(source)
    assert problem is not None
    return problem


@dataclass(frozen=True, eq=False)
class _Parts:
    """Weights, biases and the layers they make."""

    layers: tuple[Layer, ...]
    weights: tuple[Given, ...]
    biases: tuple[Given, ...] | None
    draw: Draw | None


class _Resolver:
    """Reads one file part by part; a part that depends on a faulty one is left out, its fault is known."""

    def __init__(self, root: View, reading: Reading) -> None:
        self.root, self.reading = root, reading
        self.architecture = root.get("architecture")
        model = root.good("model")
        self.model = cast(Model, model.text if model else "network")
        self.model_known = model is not None or not root.has("model")
        layout = self._part("layout")
        self.layout: Layout = "row" if layout is not None and layout.sound and layout.text == "row" else "column"
        self.inputs = read_inputs(root.get("inputs"), reading)
        self.known = self._all_numbers()

    def problem(self, name: str, source: str) -> Problem | None:
        root, reading = self.root, self.reading
        l2 = self._l2()
        loss = self._loss()
        parts = self._network() if self.model == "network" else self._linear()
        labels = self._labels(parts, loss)
        lr, schedule = read_rate(root.get("lr"), self.model, l2)
        settings: dict[str, Any] = {
            "title": read_title(root.good("title"), name),
            "train": read_train(root.get("train"), self.model),
            "rounding": read_rounding(root.get("rounding")),
            "notation": read_notation(root.get("notation")),
            "languages": read_languages(root.get("language")),
            "preprocess": read_preprocess(self._preprocess(), reading, self.inputs, self.layout),
            "marks": read_marks(root.get("marks")),
            "ask": read_ask(root.get("ask")),
            "vary": read_vary(root.good("vary")),
        }
        if parts is None or self.inputs is None or reading.faults:
            return None
        return Problem(
            name=name,
            source=source,
            model=self.model,
            layout=self.layout,
            layers=parts.layers,
            loss=loss,
            l2=l2,
            weights=parts.weights,
            biases=parts.biases,
            draw=parts.draw,
            inputs=self.inputs.given(self.layout, known=self.known),
            labels=labels,
            single=self.inputs.single,
            lr=lr,
            schedule=schedule,
            document=Document(to_plain(root.node, reading.loaded)),
            **settings,
        )

    def _part(self, name: str) -> View | None:
        """A field of the architecture."""
        return self.architecture.get(name) if self.architecture is not None else None

    def _all_numbers(self) -> bool:
        """Whether everything has numbers: one shape without numbers makes the whole problem one of shapes."""
        if self.inputs is None or not self.inputs.numeric:
            return False
        views = [view for name in ("weights", "biases", "labels") if (view := self.root.get(name)) is not None]
        return not any(part.has("shape") for view in views for part in [view, *view.items()])

    def _l2(self) -> Number | None:
        view = self._part("l2")
        number = number_of(view)
        if view is None or number is None:
            return None
        if number.value < 0:
            view.add(f"λ = {number.text} is negative", "write 0 or more")
        elif number.value > 0 and self.model == "perceptron":
            view.add("a perceptron has no loss to regularise", "leave it out")
        return number if number.value > 0 else None

    def _loss(self) -> Loss | None:
        view = self._part("loss")
        if self.model == "perceptron":
            if view is not None:
                view.add("a perceptron has no loss", "leave it out")
            return None
        if self.model == "network":
            return read_loss(view, "mean")
        loss = read_loss(view, "sum") if view is not None else Loss("hinge", None, "sum")
        if loss is not None and view is not None and loss.name != "hinge":
            view.add(f"a support vector machine has the hinge loss, not {loss.name}", "write `loss: hinge`")
        return loss

    def _preprocess(self) -> View | None:
        view = self.root.get("preprocess")
        if view is not None and self.model != "network":
            view.add(f"preprocessing is for `model: network`, not {self.model}", "prepare the inputs themselves")
        return view

    # ---- networks

    def _network(self) -> _Parts | None:
        if not self.model_known:
            return None
        layers = self._part("layers")
        if layers is None:
            self._missing("architecture.layers", "one entry per weight matrix: [{units: 2, activation: sigmoid}]")
            return None
        if not layers.items():
            return None
        activations = [read_activation(layer.get("activation")) for layer in layers.items()]
        sizes = [self._sizes(layer, number) for number, layer in enumerate(layers.items(), 1)]
        sizes[0].inputs = self.inputs.features if self.inputs is not None else None
        draw, weights = self._weights(sizes)
        biases_view = self.root.get("biases")
        biases = read_biases(biases_view, self.reading, sizes, self.layout, known=self.known) if biases_view else None
        made = [
            Layer(size.inputs, size.units, choice)
            for size, choice in zip(sizes, activations, strict=True)
            if size.inputs is not None and size.units is not None and choice is not None
        ]
        if weights is None or len(made) < len(sizes):
            return None
        return _Parts(tuple(made), tuple(weights), None if biases is None else tuple(biases), draw)

    def _sizes(self, layer: View, number: int) -> Sizes:
        units = layer.good("units")
        return Sizes(layer, number, units=int(units.text) if units is not None else None)

    def _weights(self, sizes: list[Sizes]) -> tuple[Draw | None, list[Given] | None]:
        view = self.root.get("weights")
        if view is None:
            if self.inputs is not None and self.inputs.numeric:
                self._missing("weights", "one matrix per layer, or {init: xavier_uniform, seed: 7}")
                return None, None
            return None, [Given(shape_of(size, self.layout)) for size in sizes] if chain(sizes) else None
        if view.has("init") or view.has("seed"):
            if not view.has("init"):
                view.add("a seed without `init`", "write {init: xavier_uniform, seed: 7}")
            return self._drawn(view, sizes)
        tensors = read_weights(view, self.reading, sizes, self.layout)
        if tensors is None:
            return None, None
        return None, [tensor.given(_two(tensor), known=self.known) for tensor in tensors]

    def _drawn(self, view: View, sizes: list[Sizes]) -> tuple[Draw | None, list[Given] | None]:
        draw = read_draw(view, sizes)
        if draw is None or any(size.inputs is None or size.units is None for size in sizes):
            return None, None
        shapes = [shape_of(size, self.layout) for size in sizes]
        if not self.known:
            return draw, [Given(shape) for shape in shapes]
        return draw, [
            drawn(draw, size.number, size.inputs or 1, size.units or 1, shape)
            for size, shape in zip(sizes, shapes, strict=True)
        ]

    # ---- support vector machine and perceptron

    def _linear(self) -> _Parts | None:
        layers = self._part("layers")
        if layers is not None:
            layers.add(f"`model: {self.model}` is one unit and has no layers", "leave `layers` out")
        size = Sizes(self.root, 1, self.inputs.features if self.inputs is not None else None, 1)
        draw, weight = self._vector(size)
        view = self.root.get("biases")
        biases = read_biases(view, self.reading, [size], "column", known=self.known) if view is not None else None
        if weight is None or size.inputs is None:
            return None
        if self.model == "svm":
            choice = Choice("identity")
        else:
            choice = Choice("step", {"at_zero": parse_number("0")})
        return _Parts((Layer(size.inputs, 1, choice),), (weight,), None if biases is None else tuple(biases), draw)

    def _vector(self, size: Sizes) -> tuple[Draw | None, Given | None]:
        """w as one n × 1 column."""
        view = self.root.get("weights")
        if view is None or view.has("init") or view.has("seed"):
            draw, drawn_ = self._weights([size])
            given = drawn_[0] if drawn_ is not None else None
            # one row of one unit is the same numbers as one column
            return draw, None if given is None else _as_column(given)
        tensor = read_array(view, self.reading)
        if tensor is None or size.inputs is None:
            return None, None
        count = 1
        for length in tensor.shape:
            count *= length
        if count != size.inputs or (len(tensor.shape) == 2 and 1 not in tensor.shape):
            got = " × ".join(map(str, tensor.shape)) if tensor.shape else "one number"
            view.add(f"w needs {size.inputs} numbers, one for each number of a sample, not {got}", "w is one vector")
            return None, None
        return None, tensor.given((count, 1), known=self.known)

    # ---- labels

    def _labels(self, parts: _Parts | None, loss: Loss | None) -> Given | None:
        view = self.root.get("labels")
        if self.model == "network" and loss is not None and parts is not None:
            loss_view = self._part("loss")
            assert loss_view is not None
            check_loss(loss_view, loss, list(parts.layers))
        if view is None:
            return None
        wanted = self._wanted(parts, loss)
        return read_labels(view, self.reading, self.inputs, wanted, self.layout, known=self.known)

    def _wanted(self, parts: _Parts | None, loss: Loss | None) -> Wanted | None:
        if self.model == "perceptron":
            return Wanted(1, "perceptron", "a perceptron")
        if self.model == "svm":
            return Wanted(1, "plus_minus", "a support vector machine")
        if loss is None:
            if self._part("loss") is None and self.architecture is not None and self.architecture.sound:
                self._missing("architecture.loss", "labels go into a loss: `loss: mse`")
            return None
        if parts is None:
            return None
        last = parts.layers[-1]
        return Wanted(last.units, LOSSES[loss.name].labels, loss.name, classes=last.activation.name == "softmax")

    def _missing(self, path: str, hint: str) -> None:
        under = self.architecture if path.startswith("architecture.") else None
        self.root.faults.add("missing field", path=path, line=(under or self.root).line, hint=hint)


def _two(tensor: Tensor) -> tuple[int, int]:
    return tensor.shape[0], tensor.shape[1]


def _as_column(given: Given) -> Given:
    shape = (given.shape[0] * given.shape[1], 1)
    if given.values is None or given.texts is None:
        return Given(shape)
    return Given(shape, given.values.reshape(shape), given.texts.reshape(shape))
