"""The layers of a model with their weights and biases: of a network, or of the one unit of an SVM or perceptron."""

from __future__ import annotations

from math import prod
from typing import Literal

from msgspec import Struct

from stepwise.problem.arrays import Reading, read_array
from stepwise.problem.biases import read_biases
from stepwise.problem.choices import read_activations
from stepwise.problem.faults import View
from stepwise.problem.inputs import Inputs
from stepwise.problem.model import Choice, Draw, Given, Layer, Layout
from stepwise.problem.nodes import MapNode
from stepwise.problem.numbers import parse_number
from stepwise.problem.weights import Sizes, chain, read_draw, read_numbers, read_weights, shape_of

Model = Literal["network", "svm", "perceptron", "separability", "unknown"]
"""`unknown`: what is written for the model is faulty, and nothing is said that only another model could answer."""


class Frame(Struct, frozen=True, eq=False):
    """What the readers of one file share: the file, the model and layout, the inputs, and whether there are numbers."""

    root: View
    reading: Reading
    model: Model
    layout: Layout
    inputs: Inputs | None
    known: bool
    laid: bool = True
    """False where what is written for the layout is faulty."""

    def part(self, name: str) -> View | None:
        """A field of the architecture."""
        architecture = self.root.get("architecture")
        return self.root.faults.meant.get(f"architecture.{name}") if architecture is None else architecture.get(name)

    def missing(self, path: str, hint: str) -> None:
        """Note a field that this file needs, though other files do not."""
        if path in self.root.faults.hinted:
            return
        under = self.root.get(path.split(".", maxsplit=1)[0]) or self.root
        self.root.faults.add("missing field", path=path, line=under.line, hint=hint)


class Parameters(Struct, frozen=True, eq=False):
    """What could be read: `last` is (units, activation) of the last layer, `layers` and `weights` are whole or None."""

    last: tuple[int | None, Choice | None]
    layers: tuple[Layer, ...] | None = None
    weights: tuple[Given, ...] | None = None
    biases: tuple[Given, ...] | None = None
    draw: Draw | None = None


def read_network(frame: Frame) -> Parameters:
    """The layers of a network."""
    layers = frame.part("layers")
    if layers is None:
        architecture = frame.root.get("architecture")
        if architecture is None or isinstance(architecture.node, MapNode):
            frame.missing("architecture.layers", "one entry per weight matrix: [{units: 2, activation: sigmoid}]")
        _has_weights(frame)
        return read_unknown(frame)
    if not layers.items():
        return read_unknown(frame)
    activations = read_activations([layer.get("activation") for layer in layers.items()])
    sizes = [_sizes(layer, number) for number, layer in enumerate(layers.items(), 1)]
    sizes[0].inputs = frame.inputs.features if frame.inputs is not None else None
    draw, weights = _weights(frame, sizes)
    biases = frame.root.get("biases")
    read = read_biases(biases, frame.reading, sizes, frame.layout, known=frame.known) if biases is not None else None
    made = [
        Layer(size.inputs, size.units, choice)
        for size, choice in zip(sizes, activations, strict=True)
        if size.inputs is not None and size.units is not None and choice is not None
    ]
    return Parameters(
        (sizes[-1].units, activations[-1]),
        tuple(made) if len(made) == len(sizes) else None,
        None if weights is None else tuple(weights),
        None if read is None else tuple(read),
        draw,
    )


def read_unknown(frame: Frame) -> Parameters:
    """Nothing is known of the layers: only the numbers of weights and biases can be looked at."""
    for name in ("weights", "biases"):
        view = frame.root.get(name)
        if view is not None:
            read_numbers(view, frame.reading)
    return Parameters((None, None))


def _sizes(layer: View, number: int) -> Sizes:
    units = layer.good("units")
    return Sizes(layer, number, units=int(units.text) if units is not None else None)


def _weights(frame: Frame, sizes: list[Sizes]) -> tuple[Draw | None, list[Given] | None]:
    view = frame.root.get("weights")
    if view is None:
        if not _has_weights(frame):
            return None, None
        return None, [Given(shape_of(size, frame.layout)) for size in sizes] if chain(sizes) else None
    if view.has("init") or view.has("seed"):
        return _drawn(frame, view, sizes)
    if not frame.laid:
        read_numbers(view, frame.reading)
        return None, None
    tensors = read_weights(view, frame.reading, sizes, frame.layout)
    if tensors is None:
        return None, None
    return None, [tensor.given((tensor.shape[0], tensor.shape[1]), known=frame.known) for tensor in tensors]


def _has_weights(frame: Frame) -> bool:
    """Whether there are weights, or none are needed because there are no numbers at all."""
    if frame.root.get("weights") is None and frame.inputs is not None and frame.inputs.numeric:
        frame.missing("weights", "one matrix per layer, or {init: xavier_uniform, seed: 7}")
        return False
    return True


def _drawn(frame: Frame, view: View, sizes: list[Sizes]) -> tuple[Draw | None, list[Given] | None]:
    draw = read_draw(view, sizes)
    if draw is None or any(size.inputs is None or size.units is None for size in sizes):
        return None, None
    if not frame.known:
        return draw, [Given(shape_of(size, frame.layout)) for size in sizes]
    from stepwise.problem.draws import drawn

    return draw, [
        drawn(draw, size.number, size.inputs or 1, size.units or 1, shape_of(size, frame.layout)) for size in sizes
    ]


def read_linear(frame: Frame) -> Parameters:
    """The one unit of a support vector machine or perceptron."""
    layers = frame.part("layers")
    if layers is not None:
        layers.add(f"`model: {frame.model}` is one unit and has no layers", "leave `layers` out")
    choice = Choice("identity") if frame.model == "svm" else Choice("step", {"at_zero": parse_number("0")})
    size = Sizes(frame.root, 1, frame.inputs.features if frame.inputs is not None else None, 1)
    draw, weight = _vector(frame, size)
    view = frame.root.get("biases")
    biases = read_biases(view, frame.reading, [size], "column", known=frame.known) if view is not None else None
    return Parameters(
        (1, choice),
        None if size.inputs is None else (Layer(size.inputs, 1, choice),),
        None if weight is None else (weight,),
        None if biases is None else tuple(biases),
        draw,
    )


def _vector(frame: Frame, size: Sizes) -> tuple[Draw | None, Given | None]:
    """w as one n × 1 column."""
    view = frame.root.get("weights")
    if view is None or view.has("init") or view.has("seed"):
        draw, weights = _weights(frame, [size])
        return draw, None if weights is None else _as_column(weights[0])
    tensor = read_array(view, frame.reading)
    if tensor is None or size.inputs is None:
        return None, None
    count = prod(tensor.shape)
    if count != size.inputs or (len(tensor.shape) == 2 and 1 not in tensor.shape):
        got = " × ".join(map(str, tensor.shape)) if tensor.shape else "one number"
        hint = f"write {{shape: [{size.inputs}]}}" if view.has("shape") else "w is one vector"
        view.add(f"w needs {size.inputs} numbers, one for each number of a sample, not {got}", hint)
        return None, None
    return None, tensor.given((count, 1), known=frame.known)


def _as_column(given: Given) -> Given:
    """One row of one unit is the same numbers as one column."""
    shape = (prod(given.shape), 1)
    if given.values is None or given.texts is None:
        return Given(shape)
    return Given(shape, given.values.reshape(shape), given.texts.reshape(shape))
