"""What varies, written on the command line or in a file of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from stepwise.errors import SpecError
from stepwise.problem import load_problem
from stepwise.problem.vary_text import read_vary_text

BLOCK = "inputs: {choices: [1, 1/2]}\nweights: {from: -0.9, to: 0.9, step: 0.1, not: [0]}\n"
READ = {
    "inputs": {"choices": [1, "1/2"]},
    "weights": {"from": -0.9, "to": 0.9, "step": 0.1, "not": [0]},
}


@pytest.mark.parametrize("text", [BLOCK, f"vary:\n  {BLOCK.replace(chr(10), chr(10) + '  ').rstrip()}\n"])
def test_a_block_is_read_like_the_one_of_a_problem(text: str, tmp_path: Path) -> None:
    assert read_vary_text(text) == READ
    (tmp_path / "v.yaml").write_text(text, encoding="utf-8")
    assert read_vary_text(str(tmp_path / "v.yaml")) == READ


def test_it_is_what_a_problem_file_would_say(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    layers = "architecture: {layers: [{activation: relu}], loss: mse}\nweights: [[1, 2]]\ninputs: [1, 2]\n"
    path.write_text(f"{layers}vary:\n  {BLOCK.replace(chr(10), chr(10) + '  ').rstrip()}\n", encoding="utf-8")
    assert load_problem(path).vary == read_vary_text(BLOCK)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("weigths: any", "--vary:1: weigths: unknown field (did you mean `weights`?)"),
        ("vary: {inputs: {choises: [1]}}", "--vary:1: vary.inputs.choises: unknown field (did you mean `choices`?)"),
        ("inputs: sometimes", "--vary:1: inputs: 'sometimes'"),
        ("conditions: {prediction: rong}", "did you mean `wrong`?"),
        ("inputs:any", "with a blank behind the colon"),
        ("[1]", "not a list"),
        ("inputs: {from: x, to: 1, step: 1}", "'x' is not a number"),
        ("nothing-here.yaml", "nothing-here.yaml: the file cannot be read"),
        ("a: [", "--vary:1"),
    ],
)
def test_what_is_wrong_is_said(text: str, said: str) -> None:
    with pytest.raises(SpecError) as error:
        read_vary_text(text)
    assert said in str(error.value)
