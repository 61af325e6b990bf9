"""`model: separability`: points with the labels 0 and 1, and nothing else that is calculated with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from stepwise.problem.arrays import read_array
from stepwise.problem.faults import View
from stepwise.problem.inputs import Inputs
from stepwise.problem.labels import Wanted, read_labels
from stepwise.problem.model import Choice, Layer
from stepwise.problem.nodes import MapNode
from stepwise.problem.numbers import parse_number
from stepwise.problem.parameters import Frame

MOST_POINTS, MOST_FEATURES = 50, 5
"""A proof that somebody is to read has no more points, and no more coordinates, than this."""

_FOREIGN: Mapping[str, str] = {
    "architecture": "the model is one unit with the step function",
    "weights": "the weights are what is looked for",
    "biases": "the bias is what is looked for",
    "lr": "nothing is trained",
    "train": "nothing is trained",
    "rounding": "the proof is exact, nothing is rounded",
    "preprocess": "the points are taken as they are",
}
"""Fields that belong to other models, and why."""


def foreign(frame: Frame) -> Frame:
    """The frame without the fields of other models, each of which is a fault."""
    root = frame.root
    assert isinstance(root.node, MapNode)
    for name, reason in _FOREIGN.items():
        view = root.get(name)
        if view is not None and name not in root.faults.hinted:
            view.add(f"`model: separability` has no {name}: {reason}", "leave it out")
    own = {name: node for name, node in root.node.fields.items() if name not in _FOREIGN}
    # points stand one a row, as in the file
    return replace(frame, root=View(replace(root.node, fields=own), root.path, root.faults), layout="row")


def read_separability(frame: Frame) -> dict[str, Any]:
    """What is calculated with, as fields of Problem; worth something only where there is no fault."""
    inputs, points, labels = frame.inputs, frame.root.get("inputs"), frame.root.get("labels")
    if labels is not None:
        read_array(labels, frame.reading, letters=False)
    if points is not None and inputs is not None:
        _check_points(points, inputs)
    if labels is None:
        frame.missing("labels", "one label a point, 0 or 1")
    elif labels.has("shape"):
        labels.add("only a shape is given, and a proof needs numbers", "write 0 or 1 for each point")
    elif inputs is not None and inputs.single and (count := len(labels.items())) > 1:
        labels.add(f"{count} labels are given for one point", "write the points one a row: [[0, 0], [0, 1]]")
        labels = None
    wanted = Wanted(1, "zero_one", "`model: separability`")
    choice = Choice("step", {"at_zero": parse_number("0")})
    return {
        "loss": None,
        "l2": None,
        "layers": (Layer(inputs.features, 1, choice),) if inputs is not None else (),
        "weights": (),
        "biases": None,
        "draw": None,
        "inputs": inputs.given("row", known=True) if inputs is not None else None,
        "single": inputs is not None and inputs.single,
        "labels": read_labels(labels, frame.reading, inputs, wanted, "row", known=True) if labels else None,
        "preprocess": None,
    }


def _check_points(view: View, inputs: Inputs) -> None:
    if inputs.tensor.values is None:
        view.add("only a shape is given, and a proof needs numbers", "write the points, one a row")
    if inputs.samples > MOST_POINTS:
        view.add(f"{inputs.samples} points are too many for one proof", f"write at most {MOST_POINTS}")
    if inputs.features > MOST_FEATURES:
        view.add(f"the points have {inputs.features} coordinates", f"write at most {MOST_FEATURES} a point")
