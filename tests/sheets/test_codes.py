"""Codes of variants: they draw the same numbers for ever, and typing errors in them are noticed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from stepwise.errors import UnsupportedError
from stepwise.problem import Problem, load_problem
from stepwise.sheets.by_code import coded
from stepwise.sheets.codes import Code, read_code
from stepwise.sheets.series import Assignment, Question, Series

from .by_hand import leaves
from .chance import ALPHABET, picked, signs_of, tenths, vanishes


def code_for(problem: Problem, vary: Mapping[str, Any] | None, counter: int) -> Code:
    """The code that a sheet of this problem gives a candidate."""
    return read_code(Series(Assignment("test", (Question(problem, vary),))).code(0, counter))


def test_a_code_draws_its_numbers_whatever_conditions_say() -> None:
    """Also a candidate that no sheet would take."""
    network = load_problem("xor-mlp")
    for counter in range(50):
        code = code_for(network, None, counter).text
        assert code.split("-")[1] == signs_of(counter)
        first, *_ = leaves(coded(network, code).document["weights"])
        assert float(first) == float(picked(counter, [tenths(-9, 9)])[0])


# ---- typing errors


CODES = [
    *(Code("XOR", counter) for counter in (0, 1, 2**40 - 1, 0x7F3C9A5D21, 123456789012)),
    *(Code("MYNET", counter, mark) for counter, mark in ((0, "00"), (987654321098, "7K"), (2**40 - 1, "ZZ"))),
]
SHOWN = [code.text for code in CODES]


def signs(text: str) -> str:
    """What the check character checks, and itself."""
    return text.partition("-")[2].replace("-", "")


def with_signs(text: str, changed: str) -> str:
    prefix, middle, _ = text.split("-")
    return f"{prefix}-{changed[: len(middle)]}-{changed[len(middle) :]}"


def is_refused(text: str) -> bool:
    try:
        read_code(text)
    except UnsupportedError:
        return True
    return False


@pytest.mark.parametrize("text", SHOWN)
def test_every_single_wrong_character_is_refused(text: str) -> None:
    right = signs(text)
    assert vanishes(right)
    for place, sign in enumerate(right):
        for other in ALPHABET:
            if other != sign:
                wrong = right[:place] + other + right[place + 1 :]
                assert not vanishes(wrong)
                assert is_refused(with_signs(text, wrong)), wrong


@pytest.mark.parametrize("text", SHOWN)
def test_every_exchange_of_two_characters_is_refused(text: str) -> None:
    right = signs(text)
    for first in range(len(right)):
        for second in range(first + 1, len(right)):
            exchanged = list(right)
            exchanged[first], exchanged[second] = exchanged[second], exchanged[first]
            if exchanged != list(right):
                assert is_refused(with_signs(text, "".join(exchanged))), exchanged


def test_what_is_accepted_is_what_the_field_of_32_elements_says() -> None:
    for start in range(0, 32 * 97, 97):
        body = signs_of(start * 7919 * 104729 % 2**40)
        accepted = [sign for sign in ALPHABET if not is_refused(f"P-{body}-{sign}")]
        assert accepted == [sign for sign in ALPHABET if vanishes(body + sign)]
        assert len(accepted) == 1


def ways_to_type(text: str) -> Iterator[str]:
    yield text
    yield text.lower()
    yield f"  {text}\n"
    yield text.replace("-", " ")
    yield text.replace("-", " - ")
    yield text.replace("0", "O").replace("1", "I")
    yield text.replace("0", "o").replace("1", "l")
    yield text.replace("1", "L")
    for dash in "‐‑‒–—―−－_":
        yield text.replace("-", dash)
    yield text.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"})


@pytest.mark.parametrize("counter", [0, 1, 0x7F3C9A5D21, 32**7 + 1])
def test_codes_are_read_as_people_type_them(counter: int) -> None:
    code = Code("PERCA", counter, "01" if counter == 1 else "")
    for typed in ways_to_type(code.text):
        assert read_code(typed) == code, typed


@pytest.mark.parametrize(
    "text",
    ["", "XOR", "XOR-7F3K9QDM", "XOR-7F3K9QD-5", "XOR-7F3K9QDMA-5", "XOR-7F3K9QDM-E5", "XOR-7F3K9QDU-5", "x" * 10_000],
)
def test_what_is_no_code_says_so_in_one_line(text: str) -> None:
    with pytest.raises(UnsupportedError, match="no code") as caught:
        read_code(text)
    assert len(str(caught.value)) < 150
    assert "XOR-7F3K9QDM-E" in str(caught.value)


# ---- whose code it is


def own_problem(folder: Path, **changed: Any) -> Problem:
    """A copy of a shipped file with other things in some fields, under a name of its own."""
    document = {**dict(load_problem("xor-mlp").document), **changed}
    path = folder / "mine.yaml"
    path.write_text(yaml.safe_dump({name: value for name, value in document.items() if value is not None}))
    return load_problem(str(path))


def test_a_code_of_another_problem_is_refused() -> None:
    with pytest.raises(UnsupportedError, match="begin with SOFTR-"):
        coded(load_problem("softmax-regression"), "XOR-YCFNJ7H6-W")


def test_codes_of_own_files_bear_two_more_characters(tmp_path: Path) -> None:
    code = code_for(own_problem(tmp_path), None, 5)
    assert code.prefix == "MINE"
    assert len(code.text.split("-")[2]) == 3
    shipped = code_for(load_problem("xor-mlp"), None, 5)
    assert len(shipped.text.split("-")[2]) == 1


OUTPUT = {"units": 1, "activation": "sigmoid"}
CHANGES: dict[str, dict[str, Any]] = {
    "weights": {"weights": [[[0.5, 0.5], [-0.5, -0.4]], [[1.0, 1.0]]]},
    "biases": {"biases": [[-0.2, 0.6], [-0.5]]},
    "inputs": {"inputs": [1, 0]},
    "labels": {"labels": 1},
    "lr": {"lr": 0.25},
    "no lr": {"lr": None},
    "activation": {"architecture": {"layers": [{"units": 2, "activation": "tanh"}, OUTPUT], "loss": "mse"}},
    "grid": {"vary": {"weights": {"choices": [1, 2]}}},
    "preprocess": {"preprocess": {"divide": 2}},
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_was_changed_refuses_its_old_codes(change: str, tmp_path: Path) -> None:
    old = code_for(own_problem(tmp_path), None, 5).text
    changed = own_problem(tmp_path, **CHANGES[change])
    with pytest.raises(UnsupportedError, match="another state of mine"):
        coded(changed, old)


def test_a_shipped_problem_that_was_changed_refuses_codes_of_the_shipped_one(tmp_path: Path) -> None:
    document = {**dict(load_problem("xor-mlp").document), "lr": 0.25}
    path = tmp_path / "xor-mlp.yaml"
    path.write_text(yaml.safe_dump(document))
    with pytest.raises(UnsupportedError, match="another state of xor-mlp"):
        coded(load_problem(str(path)), "XOR-YCFNJ7H6-W")


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another title"},
        {"language": "zh"},
        {"notation": {"product": "paren"}},
        {"marks": {"z1": 3}},
        {"ask": ["z1", "L"]},
        {"rounding": {"decimals": 5}},
        {"vary": {"conditions": {"loss_above": 0.1}}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_does_not_make_the_numbers_may_change(change: dict[str, Any], tmp_path: Path) -> None:
    original = own_problem(tmp_path)
    code = code_for(original, None, 77).text
    again = coded(own_problem(tmp_path, **change), code).document
    assert again["weights"] == coded(original, code).document["weights"]


def test_another_vary_on_the_command_line_is_another_state() -> None:
    network, grids = load_problem("xor-mlp"), {"inputs": {"choices": [1, 2]}}
    code = code_for(network, grids, 9).text
    assert coded(network, code, grids).document["weights"] == network.document["weights"]
    with pytest.raises(UnsupportedError, match="another state"):
        coded(network, code)


def test_data_files_belong_to_the_state_of_a_problem(tmp_path: Path) -> None:
    table = tmp_path / "data.csv"
    table.write_text("1.5,2.5\n0.5,1.0\n")
    path = tmp_path / "mine.yaml"
    path.write_text(
        "architecture: {layout: row, layers: [{units: 1, activation: identity}], loss: mse}\n"
        "weights: [[[0.1], [0.2]]]\ninputs: {file: data.csv}\nlabels: [1.5, 2]\nlr: 0.1\n"
    )
    code = code_for(load_problem(str(path)), None, 3).text
    coded(load_problem(str(path)), code)
    table.write_text("1.5,2.5\n0.5,1.1\n")
    with pytest.raises(UnsupportedError, match="another state"):
        coded(load_problem(str(path)), code)
