"""From the text of a problem file to a Problem, or to everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from stepwise.errors import Fault, SpecError
from stepwise.operations.losses import LOSSES
from stepwise.problem.arrays import Reading
from stepwise.problem.check import check_file
from stepwise.problem.choices import check_loss, number_of, read_loss
from stepwise.problem.faults import Faults, View
from stepwise.problem.inputs import Inputs, read_inputs, read_preprocess
from stepwise.problem.labels import Wanted, read_labels
from stepwise.problem.model import Layout, Loss, Number, Problem
from stepwise.problem.nodes import Document, MapNode, from_plain, to_plain
from stepwise.problem.parameters import Frame, Model, Parameters, read_linear, read_network, read_unknown
from stepwise.problem.settings import (
    read_ask,
    read_languages,
    read_marking,
    read_marks,
    read_notation,
    read_rate,
    read_rounding,
    read_title,
    read_train,
    read_vary,
)
from stepwise.problem.yamltree import read_tree


def read_problem(text: str, *, name: str, source: str, folder: Path | None) -> Problem:
    """The problem written in YAML `text`. Data files are looked for in `folder`; messages name `source`."""
    root, found = read_tree(text, source)
    faults = Faults()
    for fault in found:
        faults.add(fault.message, path=fault.path, line=fault.line, hint=fault.hint)
    return _resolved(root, name, source, folder, faults)


def problem_from_document(document: Mapping[str, Any], *, name: str = "problem", source: str = "document") -> Problem:
    """The problem that a `Problem.document`, or the same data out of JSON, describes."""
    try:
        node = from_plain(document.fields if isinstance(document, Document) else document)
    except ValueError as error:
        raise SpecError(source, [Fault(str(error))]) from None
    if not isinstance(node, MapNode):
        raise SpecError(source, [Fault("a problem is made of fields", hint="pass a mapping")])
    return _resolved(node, name, source, None, Faults())


def _resolved(root: MapNode, name: str, source: str, folder: Path | None, faults: Faults) -> Problem:
    """Read part by part; a part that depends on a faulty one is left out, for its fault is known."""
    view = View(root, "", faults)
    check_file(view)
    if faults.shortened:
        faults.raise_any(source)
    reading = Reading(faults, folder)
    frame = _frame(view, reading)
    if frame.model == "separability":
        from stepwise.problem.separability import foreign, read_separability

        frame = foreign(frame)
        parts = read_separability(frame)
    else:
        parts = _mathematics(frame)
    parts.update(_settings(frame, parts["l2"], name))
    faults.raise_any(source)
    document = Document(to_plain(root, reading.loaded))
    assert frame.model != "unknown"
    return Problem(name=name, source=source, model=frame.model, layout=frame.layout, document=document, **parts)


def _frame(root: View, reading: Reading) -> Frame:
    model = root.get("model")
    named = "network" if model is None else model.text if model.sound else "unknown"
    architecture = root.get("architecture")
    layout = architecture.get("layout") if architecture is not None else None
    laid: Layout = "row" if layout is not None and layout.text == "row" else "column"
    # what a letter leaves open, a proof depends on
    inputs = read_inputs(root.get("inputs"), reading, letters=named != "separability")
    known = _all_numbers(root, inputs)
    return Frame(root, reading, cast(Model, named), laid, inputs, known, layout is None or layout.sound)


def _all_numbers(root: View, inputs: Inputs | None) -> bool:
    """Whether everything has numbers: one shape without numbers makes the whole problem one of shapes."""
    if inputs is None or not inputs.numeric:
        return False
    views = [view for name in ("weights", "biases", "labels", "preprocess") if (view := root.get(name)) is not None]
    views += [item for view in views for item in view.items()]
    if (prepared := root.get("preprocess")) is not None:
        standardized = prepared.get("standardize")
        views += [*prepared.fields().values(), *(standardized.fields().values() if standardized else ())]
    return not any(view.has("shape") for view in views)


def _mathematics(frame: Frame) -> dict[str, Any]:
    """What is calculated with, as fields of Problem; worth something only where there is no fault."""
    root, reading, inputs = frame.root, frame.reading, frame.inputs
    l2, loss = _read_l2(frame), _read_loss(frame)
    if frame.model == "unknown":
        parameters = read_unknown(frame)
    else:
        parameters = read_network(frame) if frame.model == "network" else read_linear(frame)
    labels, wanted = root.get("labels"), _wanted(frame, parameters, loss)
    prepared = _preprocess(frame)
    return {
        "loss": loss,
        "l2": l2,
        "layers": parameters.layers,
        "weights": parameters.weights,
        "biases": parameters.biases,
        "draw": parameters.draw,
        "inputs": inputs.given(frame.layout, known=frame.known) if inputs is not None else None,
        "single": inputs is not None and inputs.single,
        "labels": read_labels(labels, reading, inputs, wanted, frame.layout, known=frame.known) if labels else None,
        "preprocess": read_preprocess(prepared, reading, inputs, frame.layout, known=frame.known),
    }


def _settings(frame: Frame, l2: Number | None, name: str) -> dict[str, Any]:
    """Everything else, as fields of Problem."""
    root = frame.root
    faulty = (written := frame.part("l2")) is not None and not written.sound
    single = frame.inputs is None or frame.inputs.single
    lr, schedule = read_rate(root.get("lr"), frame.model, has_l2=l2 is not None or faulty)
    return {
        "title": read_title(root.get("title"), name),
        "lr": lr,
        "schedule": schedule,
        "train": read_train(root.get("train"), frame.model, biases=root.get("biases") is not None),
        "rounding": read_rounding(root.get("rounding")),
        "notation": read_notation(root.get("notation"), frame.model, single=single),
        "languages": read_languages(root.get("language")),
        "marks": read_marks(root.get("marks")),
        "marking": read_marking(root.get("marking")),
        "ask": read_ask(root.get("ask")),
        "vary": read_vary(root.good("vary")),
    }


def _read_l2(frame: Frame) -> Number | None:
    view = frame.part("l2")
    number = number_of(view)
    if view is None or number is None:
        return None
    if number.value < 0:
        view.add(f"λ = {number.text} is negative", "write 0 or more")
    elif number.value > 0 and frame.model == "perceptron":
        view.add("a perceptron has no loss to regularise", "leave it out")
    return number if number.value > 0 else None


def _read_loss(frame: Frame) -> Loss | None:
    view = frame.part("loss")
    if frame.model == "perceptron":
        if view is not None:
            view.add("a perceptron has no loss", "leave it out")
        return None
    if frame.model != "svm":
        return read_loss(view, "mean")
    loss = read_loss(view, "sum") if view is not None else Loss("hinge", None, "sum")
    if loss is not None and view is not None and loss.name != "hinge":
        view.add(f"a support vector machine has the hinge loss, not {loss.name}", "write `loss: hinge`")
    return loss


def _preprocess(frame: Frame) -> View | None:
    view = frame.root.get("preprocess")
    if view is not None and frame.model in {"svm", "perceptron"}:
        view.add(f"preprocessing is for `model: network`, not {frame.model}", "prepare the inputs themselves")
    return view


def _wanted(frame: Frame, parameters: Parameters, loss: Loss | None) -> Wanted:
    """What the labels must look like, as far as it is known."""
    if frame.model == "perceptron":
        return Wanted(1, "perceptron", "a perceptron")
    if frame.model == "svm":
        return Wanted(1, "plus_minus", "a support vector machine")
    architecture, view = frame.root.get("architecture"), frame.part("loss")
    sure = frame.model == "network" and architecture is not None and isinstance(architecture.node, MapNode)
    if view is None and sure and frame.root.has("labels"):
        frame.missing("architecture.loss", "labels go into a loss: `loss: mse`")
    units, activation = parameters.last
    if view is not None and loss is not None and activation is not None:
        check_loss(view, loss, activation)
    # an unknown loss takes any numbers; an unknown activation may be a softmax, whose labels may be class indices
    rule, name = ("any", "the loss") if loss is None else (LOSSES[loss.name].labels, loss.name)
    classes = None if activation is None else activation.name == "softmax" and units != 1
    return Wanted(units, rule, name, classes)
