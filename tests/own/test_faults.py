"""What is wrong with a function of the file is said with line and place; nothing hostile does any harm."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from stepwise.expressions.parse import ParseError
from stepwise.operations.own import own_activation
from tests.cli.running import run
from tests.expressions.test_parse import FAULTS
from tests.problem.reading import faults, layers, only_fault, read

NEURON = {"weights": "0.5", "inputs": "2", "labels": "1", "lr": "0.1"}
HOSTILE = (
    "__import__('os').system('touch harm')",
    "(" * 10_000 + "z" + ")" * 10_000,
    "(" * 95 + "z" + ")" * 95,
    "9**9**9",
    "((z^99)^99)^99",
    "exp(exp(exp(9)))*z",
    "1/(z - z)",
    "nothing(z)",
    "z.__class__.__mro__",
    "sigmoid(" * 30 + "z" + ")" * 30,
    "erf(" * 24 + "z" + ")" * 24,
    "*".join(f"tanh(z/{n})" for n in range(2, 31)),
    "+".join(f"abs(z - {n})" for n in range(20)),
    "(z+exp(z)+sin(z)+cos(z)+tanh(z))^99*(1+z)^99",
    "",
)


def neuron(activation: str) -> dict[str, str]:
    return {**NEURON, "architecture": layers(activation)}


@pytest.mark.parametrize(
    ("activation", "place", "message", "hint"),
    [
        ("{name: f, expr: z*tnah(z)}", "expr", "column 3: unknown function `tnah`", "did you mean `tanh`?"),
        ("{name: f, expr: x*2}", "expr", "unknown name `x`", "z, alpha, beta"),
        ("{name: f, expr: alpha*z}", "expr", "no number for `alpha`", "write `alpha: 0.5` beside it"),
        ("{name: f, expr: z*z, beta: 1}", "beta", "`beta` does not occur", "leave it out"),
        ("{name: f, expr: z*z, at_zero: 1}", "at_zero", "no parameter `at_zero`", "alpha and beta"),
        ("{name: f, expr: 2 + 2}", "expr", "`z` does not occur", "a function of z"),
        ("{name: f, expr: 1/(z - z)}", "expr", "cannot be differentiated", "simpler"),
        ("{name: f, expr: z*sigmoid(z)^2*(1 + z*(1 - sigmoid(z)))}", "expr", "too long for a line", "simpler"),
        ("{name: relu, expr: z*z}", "name", "already the name of an activation", "another name"),
        ("{name: two words, expr: z*z}", "name", "cannot be the name", "one word"),
        (r"{name: '\input', expr: z*z}", "name", "cannot be the name", "one word"),
        ("{name: 名, expr: z*z}", "name", "cannot be the name", "one word"),
        ("{name: f, expr: [z]}", "expr", "a list stands where text belongs", ""),
        ("{expr: z*z}", "name", "missing field", ""),
        # a name without a formula is one that is looked for
        ("{name: reul}", "name", "is not known here", "did you mean `relu`?"),
        ("{name: zzz}", "name", "is not known here", "bring your own function"),
        ("zzz", "", "is not known here", "bring your own function"),
    ],
)
def test_a_fault_of_a_function(activation: str, place: str, message: str, hint: str) -> None:
    fault = only_fault(neuron(activation))
    assert fault.path == "architecture.layers[1].activation" + (f".{place}" if place else "")
    assert message in fault.message
    assert hint in fault.hint


def test_several_faults_come_at_once() -> None:
    found = faults(neuron("{name: 3, expr: z*, alpha: 1e}"), lr="fast", inputs="[1, oops!]")
    places = {fault.path.removeprefix("architecture.layers[1].activation.") for fault in found}
    assert {"alpha", "name", "expr", "lr", "inputs[2]"} <= places


def test_a_formula_with_a_comma_needs_quotes() -> None:
    messages = [f"{fault.message} {fault.hint}" for fault in faults(neuron("{name: f, expr: max(0, z)}"))]
    assert any("put the formula in quotes" in message for message in messages)
    assert read(neuron("{name: f, expr: 'max(0, z)'}")).layers[0].activation.expr == "max(0, z)"


def test_a_line_has_room_for_eight_numbers_of_three_decimals_beside_z() -> None:
    eight = "*".join(["z", *["alpha"] * 8])
    assert read(neuron(f"{{name: f, expr: {eight}, alpha: 0.125}}")).layers[0].activation.expr == eight
    fault = only_fault(neuron(f"{{name: f, expr: {eight}*alpha, alpha: 0.125}}"))
    assert "it would be too long for a line on paper" in fault.message


def test_one_name_is_one_function() -> None:
    two = "{layers: [{units: 1, activation: {name: f, expr: z*z}}, {activation: {name: f, expr: %s}}], loss: mse}"
    fields = {**NEURON, "weights": "[[[0.5]], [[1]]]"}
    assert [layer.activation.name for layer in read(fields, architecture=two % "z*z").layers] == ["f", "f"]
    fault = only_fault(fields, architecture=two % "z^3")
    assert (fault.path, fault.hint) == ("architecture.layers[2].activation", "name this one anew")


def test_cross_entropy_refuses_a_function_that_gives_no_probabilities() -> None:
    fault = only_fault({**NEURON, "architecture": layers("{name: f, expr: z*z}", loss="binary_cross_entropy")})
    assert fault.message == "binary_cross_entropy needs probabilities, the last layer has f"


@pytest.mark.parametrize("text", [text for text in FAULTS if text.strip() and text.isascii() and text.isprintable()])
def test_whatever_the_parser_refuses_is_a_fault_of_the_file(text: str) -> None:
    quoted = text.replace("'", "''")
    fault = only_fault(neuron(f"{{name: f, expr: '{quoted}'}}"))
    assert fault.path == "architecture.layers[1].activation.expr"
    assert fault.message.startswith("column ")


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:30]))
def test_a_hostile_formula_in_a_file_ends_quickly(text: str) -> None:
    if text == HOSTILE[0]:
        faults(neuron("{name: f, expr: 1/(z - z)}"))  # sympy is imported once
    began = time.perf_counter()
    quoted = text.replace("'", "''")
    assert faults(neuron(f"{{name: f, expr: '{quoted}'}}"))
    assert time.perf_counter() - began < 1.5


@pytest.mark.parametrize("text", [*HOSTILE[:5], HOSTILE[7]], ids=lambda text: repr(text[:30]))
def test_a_hostile_formula_on_the_command_line(text: str, tmp_path: Path) -> None:
    quoted = text.replace("'", "''")
    fields = neuron(f"{{name: f, expr: '{quoted}'}}")
    (tmp_path / "hostile.yaml").write_text("".join(f"{name}: {value}\n" for name, value in fields.items()))
    began = time.perf_counter()
    done = run("solve", "hostile.yaml", folder=tmp_path)
    assert time.perf_counter() - began < 3  # with the start of the interpreter, on a busy machine
    assert (done.returncode, done.stdout) == (2, "")
    assert "hostile.yaml:5: architecture.layers[1].activation.expr: column " in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["hostile.yaml"]


@pytest.mark.parametrize(
    ("depth", "words"), [(10, "too long"), (11, "more than 10 functions stand inside one another")]
)
def test_functions_inside_one_another_are_counted(depth: int, words: str) -> None:
    """Eleven are refused before anybody takes the time to differentiate them."""
    with pytest.raises(ParseError, match=words):
        own_activation("f", "sin(" * depth + "z" + ")" * depth)
