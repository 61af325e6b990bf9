"""The JSON Schema and the reader know the same files."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import jsonschema
import pytest
import yaml

from stepwise import resources
from stepwise.operations.activations import ACTIVATIONS
from stepwise.operations.losses import LOSSES
from stepwise.problem import schema, shipped_problems
from tests.problem.reading import NETWORK, text
from tests.problem.test_readings import EVERYTHING

VALIDATOR = jsonschema.Draft202012Validator(schema())


def errors(data: Any) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(data)]


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("name", shipped_problems())
def test_shipped_problems_fit_the_schema(name: str) -> None:
    data = yaml.safe_load((resources.resource("problems") / f"{name}.yaml").read_text(encoding="utf-8"))
    assert errors(data) == []


def test_the_whole_of_the_problem_file_fits() -> None:
    assert errors(yaml.safe_load(EVERYTHING)) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"inputs": None},
        {"wieghts": "1"},
        {"model": "tree"},
        {"architecture": "{layers: [{activation: ReLU}]}"},
        {"rounding": "{decimals: 99}"},
        {"lr": "fast"},
        {"notation": "{style: fancy}"},
        {"architecture": "{layers: [{activation: {name: mish}}]}"},
        {"architecture": "{layers: [{activation: {name: relu, expr: z*z}}]}"},
        {"architecture": "{layers: [{activation: {name: 3mish, expr: z*z}}]}"},
        {"architecture": "{layers: [{activation: {expr: z*z}}]}"},
    ],
)
def test_what_the_reader_refuses_the_schema_refuses(fields: dict[str, str | None]) -> None:
    assert errors(yaml.safe_load(text(NETWORK))) == []
    assert errors(yaml.safe_load(text(NETWORK, **fields)))


def test_a_function_of_the_file_fits_the_schema() -> None:
    own = "{layers: [{activation: {name: mish, expr: z*tanh(log(1+exp(beta*z))), beta: 0.5}}]}"
    assert errors(yaml.safe_load(text(NETWORK, architecture=own))) == []


def test_every_registered_name_and_parameter_is_in_the_schema() -> None:
    definitions = schema()["$defs"]
    chosen = definitions["ActivationWithParameters"]["properties"]
    assert chosen["name"]["anyOf"][0] == {"enum": list(ACTIVATIONS)}
    assert set(chosen) == {"name", "expr", *(name for record in ACTIVATIONS.values() for name in record.parameters)}
    assert definitions["LossWithParts"]["properties"]["name"]["enum"] == list(LOSSES)


def test_every_field_is_described() -> None:
    nameless = {"ActivationWithParameters"}
    for name, definition in schema()["$defs"].items():
        assert definition.get("description"), name
        for field, value in definition["properties"].items():
            assert name in nameless or value.get("description"), f"{name}.{field}"


def test_a_process_that_makes_the_schema_ends_well() -> None:
    # a pattern in a union with a list once ended the interpreter when it closed
    code = "from stepwise.problem import schema; print(len(schema()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
