"""A trace as JSON, held against its problem: names, order, operands, shapes, numbers, and how they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tests.sheets.by_hand import Array, Given, decimals_of, number

from .complaints import NOISE, Complaint, misprinted
from .proofs import check_proof
from .recalculated import axes_of, direct_operands, numbers_of, redone
from .without_numbers import in_numbers

_ITERATION = re.compile(r"^t(\d+)\.")
_SPREADS = ("fan_in", "fan_out", "limit")
_OTHER_FORM = {
    "a": ("z", "exp"),
    "gate": ("z", "exp"),
    "prob": ("a", "exp"),
    "one_minus": ("z", "exp", "sum"),
    "square": ("z",),
    "da_dz": ("z",),
}
"""What a line may name beside its numbers: from these is seen which form of it is taken."""


def check_trace(data: Mapping[str, Any], folder: Path) -> list[Complaint]:
    """Everything that is wrong with a trace, in the order of the calculation. `folder`: where data files are."""
    document = data["problem"]
    if document.get("model") == "separability":
        return list(check_proof(data))
    lists = {name: quantity["value"] for name, quantity in data["quantities"].items()}
    if data["arithmetic"] in ("shapes", "forms", "letters"):
        document = in_numbers(document)
        lists = {name: np.full(quantity["shape"], 0.5) for name, quantity in data["quantities"].items()}
    try:
        claimed = {name: np.asarray(value, dtype=float) for name, value in lists.items()}
    except (TypeError, ValueError) as error:
        return [Complaint("shape", "", f"a value is no array: {error}")]
    if infinite := [
        Complaint("finite", name, "not finite") for name, one in claimed.items() if not np.isfinite(one).all()
    ]:
        return infinite
    numbers = numbers_of(document, folder, _drawn(document, claimed))
    found = [*_shapes(data, numbers), *_names(data, numbers, claimed), *_operands(data, numbers)]
    if data["arithmetic"] in ("exact", "hand"):
        found += [*_values(data, numbers, claimed), *_shown(data, claimed), *_history(data, numbers, claimed)]
    return found


def _drawn(document: Mapping[str, Any], claimed: Mapping[str, Array]) -> list[Array]:
    """Weights that a scheme draws are taken as they are."""
    if not isinstance(document.get("weights"), Mapping):
        return []
    return [claimed[f"W{number}"] for number in range(1, len(document["architecture"]["layers"]) + 1)]


def _expected(data: Mapping[str, Any], numbers: Given, claimed: Mapping[str, Array]) -> dict[str, Array]:
    return redone(numbers, claimed, by_hand=data["arithmetic"] == "hand")


def _names(data: Mapping[str, Any], numbers: Given, claimed: Mapping[str, Array]) -> Iterator[Complaint]:
    """Every line is there, once its operands are, and no other line."""
    expected = _expected(data, numbers, claimed)
    last = len(numbers.batches())
    kept = {1, 2, last}
    for name in expected:
        iteration = _ITERATION.match(name)
        if name not in claimed and (iteration is None or int(iteration[1]) in kept):
            yield Complaint("missing", name, "this line is missing")
    seen: set[str] = set()
    for name, quantity in data["quantities"].items():
        if name not in expected and not name.startswith(_SPREADS):
            yield Complaint("missing", name, "nothing asks for this line")
        mark = _ITERATION.match(name)
        prefix = mark[0] if mark else f"t{last}." if last > 1 and not name.endswith("_new") else ""
        for operand in quantity["operands"]:
            if not {prefix + operand, operand} & seen and not (last > 1 and not mark):
                yield Complaint("order", name, f"its operand {operand} comes later or not at all")
        seen.add(name)


def _operands(data: Mapping[str, Any], numbers: Given) -> Iterator[Complaint]:
    """A line names those quantities as its operands that change it."""
    needed = direct_operands(numbers)
    for name, quantity in data["quantities"].items():
        mark = _ITERATION.match(name)
        if quantity["operation"] is None or name.startswith(_SPREADS) or (mark is None and len(numbers.batches()) > 1):
            continue
        first = "t1." + name.removeprefix(mark[0]) if mark else name
        wanted = {_bare(one) for one in needed.get(first, ())}
        named = set(quantity["operands"])
        letters = re.fullmatch(r"([a-z_]+?)(\d*)(_new)?", _bare(first))
        stem, layer, after = (letters[1], letters[2], letters[3] or "") if letters else ("", "", "")
        allowed = {f"{form}{layer}{after}" for form in _OTHER_FORM.get(stem, ())}
        if stem == "prob" or any(one.startswith("prob") for one in wanted):
            allowed = {one for one in named if one.startswith(("a", "exp", "sum"))}
        if not wanted <= named or not named <= wanted | allowed:
            yield Complaint("operands", name, f"its operands are {sorted(wanted)}, not {sorted(named)}")


def _bare(name: str) -> str:
    return _ITERATION.sub("", name)


def _shapes(data: Mapping[str, Any], numbers: Given) -> Iterator[Complaint]:
    """Value, printed numbers and shape are alike, and a vector is a vector."""
    for name, quantity in data["quantities"].items():
        shape = tuple(quantity["shape"])
        for part in ("value", "shown"):
            if quantity[part] is not None and np.shape(quantity[part]) != shape:
                yield Complaint("shape", name, f"{part} has the shape {np.shape(quantity[part])}, not {shape}")
        axes = axes_of(name, numbers.document, batch=numbers.is_batch)
        if axes is not None and axes != len(shape):
            yield Complaint("shape", name, f"{shape} should have {axes} axes")
    expected = redone(numbers, by_hand=False, iterations=None if len(numbers.batches()) < 3 else 2)
    for name, value in expected.items():
        if name in data["quantities"]:
            shape = tuple(data["quantities"][name]["shape"])
            if int(np.prod(shape)) != value.size or (len(shape) == 2 and shape != value.shape):
                yield Complaint("shape", name, f"the shape is {shape} and should be {value.shape}")


def _values(data: Mapping[str, Any], numbers: Given, claimed: Mapping[str, Array]) -> Iterator[Complaint]:
    by_hand = bool(data["problem"].get("rounding", {}).get("carry", False))
    if by_hand is not (data["arithmetic"] == "hand"):
        yield Complaint("arithmetic", "", f"{data['arithmetic']} is not what the problem asks for")
    expected = _expected(data, numbers, claimed)
    for name in data["quantities"]:
        if name not in expected or expected[name].size != claimed[name].size:
            continue
        wanted, here = expected[name].ravel(), claimed[name].ravel()
        if not np.allclose(here, wanted, rtol=NOISE, atol=NOISE * (1 + np.abs(wanted).max(initial=0))):
            check = "value" if data["quantities"][name]["operation"] else "given"
            yield Complaint(check, name, f"it should be {wanted.tolist()} and is {here.tolist()}")


def _shown(data: Mapping[str, Any], claimed: Mapping[str, Array]) -> Iterator[Complaint]:
    """What is printed is the value, rounded half away from zero to the decimals of the quantity."""
    rounding = data["problem"].get("rounding", {})
    rule = decimals_of(data["problem"])
    zeros = rounding.get("trailing_zeros", "auto") is not False
    for name, quantity in data["quantities"].items():
        if np.shape(quantity["shown"]) != claimed[name].shape:
            continue
        texts, values = np.ravel(np.array(quantity["shown"], dtype=object)), claimed[name].ravel().tolist()
        for text, value in zip(texts.tolist(), values, strict=True):
            if quantity["operation"] is None and not name.startswith("t"):
                wrong = "" if abs(_typed(text) - value) <= NOISE * max(1, abs(value)) else f"{text} stands for {value}"
            else:
                decimals = rule(_bare(name)) if quantity["operation"] and "figures" not in rounding else None
                wrong = misprinted(text, value, decimals, zeros=zeros)
            if wrong:
                yield Complaint("minus zero" if "minus zero" in wrong else "shown", name, wrong)
                break


def _typed(text: str) -> float:
    return number(text.replace("\\", "")) if r"\times" not in text else float("nan")


def _history(data: Mapping[str, Any], numbers: Given, claimed: Mapping[str, Array]) -> Iterator[Complaint]:
    """The numbers of all iterations are those of a run through them."""
    if "history" not in data:
        return
    if data["iterations"] != len(numbers.batches()):
        yield Complaint("history", "iterations", f"{data['iterations']}, and there are {len(numbers.batches())}")
    run = _expected(data, numbers, {})
    for name, values in data["history"].items():
        for time, value in enumerate(values, 1):
            wanted = run[f"t{time}.{name}"].ravel()
            if not np.allclose(np.ravel(value), wanted, rtol=NOISE, atol=NOISE):
                yield Complaint("history", f"t{time}.{name}", f"it should be {wanted.tolist()} and is {value}")
                break
