"""A trace goes out as JSON and comes back in unchanged."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from stepwise import UnsupportedError, load_problem, render, solve
from stepwise.problem import read_problem, shipped_problems, with_options
from stepwise.trace import trace_from_json, trace_to_json
from tests.trace.small import mlp, neuron


def _again(data: dict[str, Any]) -> dict[str, Any]:
    return trace_to_json(trace_from_json(json.loads(json.dumps(data, allow_nan=False))))


@pytest.mark.parametrize("name", shipped_problems())
def test_json_comes_back_unchanged(name: str) -> None:
    trace = solve(load_problem(name))
    data = trace_to_json(trace)
    again = trace_from_json(json.loads(json.dumps(data, allow_nan=False)))
    assert trace_to_json(again) == data
    assert json.dumps(trace_to_json(again)) == json.dumps(data)
    assert list(again) == list(trace) == list(data["quantities"])
    for quantity in trace:
        if trace.quantity(quantity).value is not None:
            np.testing.assert_array_equal(again[quantity], trace[quantity])
            assert again.shown(quantity) == trace.shown(quantity)
            assert data["quantities"][quantity]["shape"] == list(trace[quantity].shape)
            if not trace.in_forms:
                assert data["quantities"][quantity]["value"] == trace[quantity].tolist()


@pytest.mark.parametrize("name", ["xor-mlp", "leaf-measurements", "minibatch-softmax-epoch", "perceptron-and"])
@pytest.mark.parametrize(
    "options", [{"carry": False, "decimals": 6}, {"carry": True, "figures": 2}, {"languages": ["zh"]}]
)
def test_json_keeps_what_the_command_line_changed(name: str, options: dict[str, Any]) -> None:
    data = trace_to_json(solve(with_options(load_problem(name), **options)))
    assert _again(data) == data


def test_json_keeps_texts_as_typed() -> None:
    numbers = "weights: [[0.10, 1/3]]\nbiases: [50%]\ninputs: ['1e-3', 2.50]\nlabels: 0.90\nlr: 1e-1\n"
    data = trace_to_json(neuron("", numbers=numbers))
    for version in (data, _again(data), _again(_again(data))):
        shown = {name: version["quantities"][name]["shown"] for name in ("W1", "b1", "x", "y", "lr")}
        assert shown == {"W1": [["0.10", "1/3"]], "b1": ["50%"], "x": ["1e-3", "2.50"], "y": ["0.90"], "lr": "1e-1"}


def test_json_is_what_the_specification_shows() -> None:
    data = trace_to_json(mlp())
    assert (data["format"], data["arithmetic"]) == (1, "exact")
    assert "history" not in data
    z1 = data["quantities"]["z1"]
    assert z1["value"] == pytest.approx([-0.2, 1.7, 0.1])
    assert z1["shown"] == ["-0.2", "1.7", "0.1"]
    assert (z1["shape"], z1["phase"], z1["operation"]) == ([3], "forward", "affine")
    assert z1["operands"] == ["W1", "x", "b1"]
    assert z1["symbol"] == "z^{(1)}"
    several = trace_to_json(solve(load_problem("minibatch-linear-regression")))
    assert several["iterations"] == 6
    assert len(several["history"]["L"]) == 6
    assert all(isinstance(value, float) for value in several["history"]["L"])


def test_json_of_another_problem_is_refused() -> None:
    data = trace_to_json(mlp())
    data["quantities"].pop("z1")
    with pytest.raises(UnsupportedError):
        trace_from_json(data)
    with pytest.raises(UnsupportedError):
        trace_from_json({"format": 2})
    wrong = trace_to_json(mlp())
    wrong["quantities"]["z1"]["value"] = [1.0]
    with pytest.raises(UnsupportedError):
        trace_from_json(wrong)


def test_fractions_beyond_floats_go_into_json_as_whole_numbers() -> None:
    text = "model: separability\ninputs: [[1e300, 0], [1e-300, 0], [5e-300, 0]]\nlabels: [0, 1, 0]\n"
    trace = solve(read_problem(text, name="far", source="far", folder=None))
    data = json.loads(json.dumps(trace_to_json(trace), allow_nan=False))
    assert trace_to_json(trace_from_json(data)) == trace_to_json(trace)


@pytest.mark.parametrize(
    "changed",
    [
        lambda data: data.update(quantities=[]),
        lambda data: data["quantities"].update(z1=None),
        lambda data: data["quantities"]["z1"].pop("value"),
        lambda data: data["quantities"]["z1"].update(value=["a", 1]),
        lambda data: data["quantities"]["z1"].update(value=[1, float("nan")]),
        lambda data: data["quantities"]["z1"].update(value=[[1], [1, 2]]),
        lambda data: data["quantities"]["z1"].update(value={}),
    ],
)
def test_a_changed_trace_is_refused(changed: Any) -> None:
    data = json.loads(json.dumps(trace_to_json(solve(load_problem("xor-mlp")))))
    changed(data)
    with pytest.raises(UnsupportedError, match=r"z1|quantities"):
        trace_from_json(data)


def test_the_name_of_the_file_heads_the_page_again() -> None:
    text = "architecture: {layers: [{activation: tanh}]}\nweights: 1\ninputs: 2\n"
    trace = solve(read_problem(text, name="my-unit", source="my-unit.yaml", folder=None))
    data = trace_to_json(trace)
    assert "my-unit" in render(trace)
    assert render(trace_from_json(data)) == render(trace)
    older = {key: value for key, value in data.items() if key != "name"}
    assert trace_to_json(trace_from_json(older))["quantities"] == data["quantities"]
    with pytest.raises(UnsupportedError, match="name"):
        trace_from_json(data | {"name": 3})
