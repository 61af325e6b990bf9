"""Weights: read by the number of layers, laid so that neighbours fit, or drawn."""

from __future__ import annotations

from msgspec import Struct

from stepwise.problem.arrays import Reading, Tensor, read_array
from stepwise.problem.faults import View
from stepwise.problem.model import Draw, Layout
from stepwise.problem.nodes import DEEPEST, ArrayNode, ListNode, MapNode, Scalar, kind

MOST_DRAWN = 1_000_000
"""Weights that are drawn for one problem."""


class Sizes(Struct):
    """What is known of one layer while its weights are read: `units` as typed or told by the weights."""

    view: View
    number: int
    inputs: int | None = None
    units: int | None = None


class Candidate(Struct, frozen=True, eq=False):
    """One way to lay an array: its shape on paper."""

    shape: tuple[int, int]

    def sizes(self, layout: Layout) -> tuple[int, int]:
        """(inputs, units) of a weight matrix of this shape."""
        return (self.shape[1], self.shape[0]) if layout == "column" else self.shape


def _depth(view: View) -> int:
    """How many lists stand inside one another, along the first of each."""
    node, depth = view.node, 0
    while isinstance(node, ListNode) and node.items:
        node, depth = node.items[0], depth + 1
    return depth + (node.array.ndim if isinstance(node, ArrayNode) else 0)


def parts(view: View, count: int) -> list[View] | None:
    """One value per layer. With one layer the value may also stand alone."""
    deep = _depth(view)
    whole = isinstance(view.node, MapNode | Scalar | ArrayNode)
    if count == 1 and (whole or deep == 1 or (deep == 2 and len(view.items()) > 1)):
        items = view.items()
        return items if len(items) == 1 else [view]
    if len(view.items()) == count:
        return view.items()
    number = len(view.items())
    found = f"a list of {number}" if isinstance(view.node, ListNode) else f"only one ({kind(view.node)})"
    if isinstance(view.node, MapNode):
        found = f"only one {{{', '.join(f'{name}: …' for name in list(view.node.fields)[:3])}}}"
    is_written = f"{found} is written for {count} layer{'s' * (count > 1)}"
    view.add(is_written, f"write a list of {count}, one per layer")
    return None


def read_numbers(view: View, reading: Reading) -> None:
    """Note what is wrong with the numbers themselves, where it is not known what shape they must have."""
    if isinstance(view.node, MapNode) and (view.has("init") or view.has("seed")):
        return
    for part in view.items() or [view]:
        if part.sound:
            read_array(part, reading, DEEPEST)


def read_weights(view: View, reading: Reading, layers: list[Sizes], layout: Layout) -> list[Tensor] | None:
    """The weights layer by layer; what they tell about units and inputs is noted in `layers`."""
    each = parts(view, len(layers)) if view.sound else None
    if each is None:
        read_numbers(view, reading)
        return None
    tensors: list[Tensor] = []
    for part, layer, following in zip(each, layers, [*layers[1:], None], strict=True):
        tensor = read_array(part, reading)
        if tensor is not None:
            tensor = _laid(tensor, layer, layout)
        if tensor is not None:
            tensors.append(tensor)
        if following is not None and following.inputs is None:
            following.inputs = layer.units
    return tensors if len(tensors) == len(layers) else None


def _laid(tensor: Tensor, layer: Sizes, layout: Layout) -> Tensor | None:
    """The tensor in the one way that fits its neighbours."""
    ways = _ways(tensor.shape)
    fitting = [way for way in ways if _fits(way.sizes(layout), layer)]
    if not fitting:
        _misfit(tensor, layer, layout, ways[0])
        layer.units = layer.units or (ways[0].sizes(layout)[1] if len(tensor.shape) == 2 else None)
        return None
    if len(fitting) > 1:
        return None  # the inputs of this layer are unknown, because there is a fault before it
    layer.inputs, layer.units = fitting[0].sizes(layout)
    shape = fitting[0].shape
    values, texts = tensor.values, tensor.texts
    return Tensor(
        tensor.view,
        shape,
        None if values is None else values.reshape(shape),
        None if texts is None else texts.reshape(shape),
    )


def _ways(shape: tuple[int, ...]) -> list[Candidate]:
    if len(shape) == 2:
        return [Candidate((shape[0], shape[1]))]
    length = shape[0] if shape else 1
    return [Candidate((1, length))] if length == 1 else [Candidate((1, length)), Candidate((length, 1))]


def _fits(sizes: tuple[int, int], layer: Sizes) -> bool:
    return layer.inputs in {None, sizes[0]} and layer.units in {None, sizes[1]}


def _misfit(tensor: Tensor, layer: Sizes, layout: Layout, way: Candidate) -> None:
    inputs, units = way.sizes(layout)
    wanted = (layer.units or "any", layer.inputs or "any")
    needed = wanted if layout == "column" else wanted[::-1]
    axes = "units × inputs" if layout == "column" else "inputs × units"
    count = way.shape[1]
    vector = f"these are a vector of {count} numbers" if count > 1 else "this is one number"
    got = f"these are {' × '.join(map(str, tensor.shape))}" if len(tensor.shape) == 2 else vector
    turned = layer.inputs in {None, units} and layer.units in {None, inputs}
    other = "row" if layout == "column" else "column"
    hint = f"transpose it, or write `layout: {other}`" if turned and len(tensor.shape) == 2 else _neighbours(layer)
    if tensor.view.has("shape") and len(tensor.shape) < 2:
        example = ", ".join("1" if axis == "any" else str(axis) for axis in needed)
        hint = f"{hint}: write both numbers, as in {{shape: [{example}]}}"
    tensor.view.add(f"layer {layer.number} needs weights of shape {needed[0]} × {needed[1]} ({axes}), {got}", hint)


def _neighbours(layer: Sizes) -> str:
    before = "each sample has" if layer.number == 1 else f"layer {layer.number - 1} has"
    what = "number" if layer.number == 1 else "unit"
    said = f"{before} {layer.inputs} {what}{'s' * (layer.inputs != 1)}" if layer.inputs else ""
    own = f"layer {layer.number} has {layer.units} unit{'s' * (layer.units != 1)}" if layer.units else ""
    return ", ".join(part for part in (said, own) if part)


def chain(layers: list[Sizes]) -> bool:
    """Inputs from units where no weights are given: every layer must say its units."""
    for layer, following in zip(layers, [*layers[1:], None], strict=True):
        if layer.units is None and isinstance(layer.view.node, MapNode) and not layer.view.has("units"):
            layer.view.faults.add(
                "missing field", path=f"{layer.view.path}.units", line=layer.view.line, hint="no weights tell the units"
            )
        if following is not None:
            following.inputs = layer.units
    return all(layer.inputs is not None and layer.units is not None for layer in layers)


def read_draw(view: View, layers: list[Sizes]) -> Draw | None:
    """`{init: xavier_uniform, seed: 7}`."""
    extra = [name for name in ("file", "key", "shape", "values") if view.has(name)]
    if extra:
        view.add(f"`init` and `{extra[0]}` are both given", "write one of them")
    init, seed = view.get("init"), view.get("seed")
    if init is None and view.sound:
        view.add("a seed stands without `init`", "write {init: xavier_uniform, seed: 7}")
    complete = chain(layers)
    if init is None or not view.sound:
        return None
    if complete and sum((layer.inputs or 0) * (layer.units or 0) for layer in layers) > MOST_DRAWN:
        view.add(f"more than {MOST_DRAWN:,} weights to draw", "make the layers smaller")
        return None
    return Draw(init.text, int(seed.text) if seed else 0)


def shape_of(layer: Sizes, layout: Layout) -> tuple[int, int]:
    """The shape of a layer's weights on paper."""
    inputs, units = layer.inputs or 1, layer.units or 1
    return (units, inputs) if layout == "column" else (inputs, units)
