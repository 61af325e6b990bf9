"""YAML as text with lines: nothing turns into something else, and nothing hangs."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from stepwise.errors import Fault, SpecError
from stepwise.problem.nodes import ListNode, MapNode, Scalar, to_plain
from stepwise.problem.yamltree import MOST_VALUES, read_yaml


def faults(text: str) -> tuple[Fault, ...]:
    with pytest.raises(SpecError) as caught:
        read_yaml(text, "test.yaml")
    return caught.value.faults


@pytest.mark.parametrize(
    "typed", ["0.10", "1e-3", "no", "yes", "on", "12:30", "012", "0x1F", "2020-01-01", ".5", "1/3"]
)
def test_a_plain_value_stays_what_was_typed(typed: str) -> None:
    node = read_yaml(f"a: {typed}\n", "test.yaml").fields["a"]
    assert isinstance(node, Scalar)
    assert (node.text, node.is_null, node.boolean) == (typed, False, None)


@pytest.mark.parametrize(("typed", "value"), [("true", True), ("false", False)])
def test_true_and_false_are_the_only_booleans(typed: str, value: bool) -> None:
    plain, quoted = (read_yaml(f"a: {text}", "test.yaml").fields["a"] for text in (typed, f"'{typed}'"))
    assert isinstance(plain, Scalar)
    assert isinstance(quoted, Scalar)
    assert (plain.boolean, quoted.boolean) == (value, None)


@pytest.mark.parametrize(("typed", "null"), [("null", True), ("~", True), ("", True), ("Null", False), ("''", False)])
def test_null(typed: str, null: bool) -> None:
    node = read_yaml(f"a: {typed}\n", "test.yaml").fields["a"]
    assert isinstance(node, Scalar)
    assert node.is_null is null


def test_every_value_knows_its_line() -> None:
    root = read_yaml("# a comment\na: 1\nb:\n  - 2\n  - {c: 3,\n     d: 4}\n", "test.yaml")
    assert root.fields["a"].line == 2
    items = root.fields["b"]
    assert isinstance(items, ListNode)
    last = items.items[1]
    assert isinstance(last, MapNode)
    assert [item.line for item in items.items] == [4, 5]
    assert last.fields["d"].line == 6
    assert last.key_lines["d"] == 6


def test_duplicate_keys_are_all_reported() -> None:
    found = faults("a: 1\nb: {c: 1, c: 2}\na: 3\n")
    assert [(fault.line, fault.path) for fault in found] == [(2, "b.c"), (3, "a")]
    assert "line 1" in found[1].message


def test_an_alias_repeats_a_value() -> None:
    assert to_plain(read_yaml("a: &x [1, 2]\nb: [*x, *x]\n", "test.yaml")) == {"a": [1, 2], "b": [[1, 2], [1, 2]]}


def test_an_alias_bomb_is_refused_at_once() -> None:
    names = "abcdefghij"
    lines = ["a: &a [" + ", ".join("x" * 10) + "]"]
    lines += [f"{y}: &{y} [" + ", ".join([f"*{x}"] * 10) + "]" for x, y in pairwise(names)]
    start = time.process_time()
    (fault,) = faults("\n".join(lines))
    assert time.process_time() - start < 1
    assert "values" in fault.message
    assert fault.line is not None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: &a [*a]", "contains itself"),
        ("a: *b", "no &b"),
        ("a: !!python/object:os.system x", "tag '!!python/object:os.system'"),
        ("a: !!python/object/apply:os.system [x]", "tag"),
        ("a: !mine {b: 1}", "tag"),
        ("a: 1\n---\nb: 2\n", "more than one document"),
        ("", "empty"),
        ("# only a comment\n", "empty"),
        ("---\n", "empty"),
        ("5", "made of fields"),
        ("- 1\n- 2", "made of fields"),
        ("? [1]\n: 2", "one word"),
        ("a: [1, 2", "not valid YAML"),
        ("a: b: c", "not valid YAML"),
        ("a:\n\tb: 1", "not valid YAML"),
        ("a: %x", "not valid YAML"),
        ("a: \x07", "U\\+0007"),
        ("a: \ud800", "U\\+D800"),
    ],
)
def test_what_is_not_one_mapping_of_plain_values_is_refused(text: str, message: str) -> None:
    with pytest.raises(SpecError, match=message) as caught:
        read_yaml(text, "test.yaml")
    assert len(caught.value.faults) == 1
    assert str(caught.value).startswith("test.yaml:") or "empty" in message


@pytest.mark.parametrize("symbol", [r"\eta", r"\theta", r"\beta", r"\alpha", r"\Lambda", r"\sigma", r"\xi", r"\mu"])
def test_a_latex_symbol_in_double_quotes_is_explained(symbol: str) -> None:
    (fault,) = faults(f'a: 1\nsymbols: {{lr: "{symbol}"}}\n')
    assert fault.line == 2
    assert "single quotes" in fault.hint


@pytest.mark.parametrize("written", [r"\eta", r"'\eta'", r'"\\eta"'])
def test_a_latex_symbol_is_read(written: str) -> None:
    assert to_plain(read_yaml(f"lr: {written}", "test.yaml")) == {"lr": r"\eta"}


@pytest.mark.parametrize("opening", ["[", "- ", "{a: ", "? "])
def test_deep_nesting_is_refused_at_once(opening: str) -> None:
    start = time.process_time()
    assert faults(opening * (900_000 // len(opening)))
    assert time.process_time() - start < 2


def test_more_values_than_fit_a_problem_file_are_refused() -> None:
    assert read_yaml("a: [" + "1," * (MOST_VALUES - 2) + "]", "test.yaml")
    (fault,) = faults("a: [" + "1," * MOST_VALUES + "]")
    assert ".npz" in fault.hint


def test_deep_nesting_by_aliases_is_refused() -> None:
    lines = ["a0: &a0 [1]"] + [f"a{i}: &a{i} [*a{i - 1}]" for i in range(1, 2000)]
    (fault,) = faults("\n".join(lines))
    assert "inside one another" in fault.message
