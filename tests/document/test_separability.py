"""Pages of proofs: their printed inequalities are read again and re-done in fractions, by code of their own."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from stepwise import Trace, UnsupportedError, load_problem, render, solve
from stepwise.document.separability import ProofPage
from stepwise.document.words import Speaker, catalogue
from stepwise.notation.layout import PAGE_WIDTH
from stepwise.notation.widths import width
from stepwise.problem import problem_from_document
from stepwise.trace import trace_from_json, trace_to_json
from tests.document.proof_lines import CONDITION, END, ROW, TOTAL, displayed_lines, linear
from tests.document.samples import read
from tests.document.test_words import MARKUP, slots, western
from tests.independent import check_page
from tests.rendering import latex, markdown

KIND = "separability"
SHIPPED = ("and", "nand", "or", "parity-3", "xor")
SQUARE = [[0, 0], [0, 1], [1, 0], [1, 1]]


def proof(inputs: Any, labels: Any, **fields: Any) -> dict[str, Any]:
    return {"model": KIND, "inputs": inputs, "labels": labels, **fields}


def _many(seed: int, decimals: int, *, separable: bool) -> dict[str, Any]:
    """Fifty points in five dimensions."""
    rng = random.Random(seed)

    def number() -> str:
        return f"{rng.choice(['', '-'])}{rng.randint(0, 4)}.{rng.randint(0, 10**decimals - 1):0{decimals}}"

    rows = [[number() for _ in range(5)] for _ in range(50)]
    labels = [int(float(row[0]) > float(row[1]) if separable else rng.random() < 0.5) for row in rows]
    return proof(rows, labels)


HANDMADE: Mapping[str, dict[str, Any]] = {
    "equal": proof([["1/3", "-0.5"], [2, 2], ["1/3", "-0.5"]], [0, 1, 1]),
    "equal-elsewhere": proof([[0], [1], [2], [5], [5]], [0, 1, 0, 1, 0]),
    "one": proof([3, "-1/2"], 1),
    "one-zero": proof(7, 0),
    "all-ones": proof([[1, 2], [3, -4]], [1, 1]),
    "all-zeros": proof([[1], [3]], [0, 0]),
    "line": proof([[0], [1], [2]], [0, 1, 0]),
    "line-separable": proof([["-0.5"], ["1.25"]], [1, 0]),
    "space": proof([[0, 0, 1], [0, 1, 0], [1, 0, 0], [1, 1, 1]], [0, 0, 0, 1]),
    "fractions": proof([["1/3", "-2/7"], ["2/3", 1], ["1/2", "5/14"], [-1, "1e-3"]], [1, 1, 0, 0]),
    "percent": proof([["50%", "10%"], ["20%", "30%"], ["35%", "20%"]], [1, 1, 0]),
    "middle": proof([[0, 0], [1, 1], [2, 2]], [0, 1, 0]),
    "five": proof([[0] * 5, [1] * 5, [2] * 5, [0, 1, 2, 3, 4]], [0, 1, 0, 1]),
    "symbols": proof(
        SQUARE, [1, 0, 0, 0], notation={"symbols": {"w": "v", "x": "p", "label": "t", "score": "s"}, "product": "paren"}
    ),
    "fifty": _many(1, 4, separable=False),
    "fifty-separable": _many(2, 2, separable=True),
    "long-numbers": _many(3, 17, separable=False),
}  # fmt: skip
NAMES = (*(f"{name}-separability" for name in SHIPPED), *HANDMADE)


@cache
def trace_of(name: str) -> Trace:
    return solve(read(HANDMADE[name], name) if name in HANDMADE else load_problem(name))


@cache
def page(name: str, language: str = "en", format: str = "md", detail: str = "full") -> str:
    return render(trace_of(name), format, language, detail)


# ---- what is printed is true

PROVED = [name for name in NAMES if "u" in trace_of(name)]
READ = [name for name in PROVED if name != "long-numbers"]
"""Pages whose numbers are not cut at the end of a line."""


@pytest.mark.parametrize("name", READ)
def test_the_printed_inequalities_prove_it(name: str) -> None:
    """The conditions are those of the points, the multiples are theirs, and both sums are the same."""
    rows = [[*row, Fraction(1)] for row in trace_of(name)["x"].tolist()]
    labels = [bool(label) for label in trace_of(name)["y"]]
    size = len(rows[0]) - 1
    conditions: dict[int, list[Fraction]] = {}
    added = {">": [Fraction(0)] * (size + 1), r"\le": [Fraction(0)] * (size + 1)}
    totals, ends = {}, []
    for line in displayed_lines(page(name)):
        if found := CONDITION.match(line):
            point = int(found["point"]) - 1
            conditions[point] = linear(found["left"], size)
            assert found["sign"] == (">" if labels[point] else r"\le")
        elif found := ROW.match(line):
            point = int(found["point"]) - 1
            left = linear(found["left"], size)
            assert left == [int(found["times"] or 1) * entry for entry in conditions[point]]
            assert found["sign"] == (">" if labels[point] else r"\le")
            added[found["sign"]] = [a + b for a, b in zip(added[found["sign"]], left, strict=True)]
        elif found := END.match(line):
            ends.append(linear(found["left"], size))
        elif found := TOTAL.match(line):
            totals[found["sign"]] = linear(found["left"], size)
    assert [conditions[point] for point in range(len(rows))] == rows
    assert added[">"] == added[r"\le"]
    assert all(total == added[">"] for total in totals.values())
    assert ends == [added[">"]]


@pytest.mark.parametrize("product", ["times", "paren"])
@pytest.mark.parametrize("name", NAMES)
def test_every_printed_equality_is_true(name: str, product: Any) -> None:
    problem = trace_of(name).problem
    text = render(solve(replace(problem, notation=replace(problem.notation, product=product))), "md", "en")
    report = check_page(text)
    assert report.wrong == []
    assert report.elided == 0
    assert report.redone >= (len(trace_of(name)["y"].reshape(-1)) if "w" in trace_of(name) else 0)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in PROVED])
def test_every_point_is_checked(name: str) -> None:
    trace, text = trace_of(name), page(name)
    label = "t" if name == "symbols" else "y"
    shown = re.findall(rf"= (\S+) (>|\\le) 0 \\;\\Rightarrow\\; \\hat y(?:_\{{\d+\}})? = ([01]) = {label}", text)
    assert [prediction for _, _, prediction in shown] == trace.problem.labels.texts.reshape(-1).tolist()  # type: ignore[union-attr]
    assert [sign == ">" for _, sign, _ in shown] == [score > 0 for score in trace["score"].reshape(-1)]


# ---- what a reader finds


def test_xor_is_proved_as_on_paper() -> None:
    """The conditions of example H, in its order, with what is left of them."""
    wanted = [
        r"(1) &\quad w_{1} \cdot 0 + w_{2} \cdot 0 + b \le 0 \;\Rightarrow\; b \le 0",
        r"(2) &\quad w_{1} \cdot 0 + w_{2} \cdot 1 + b > 0 \;\Rightarrow\; w_{2} + b > 0",
        r"(3) &\quad w_{1} \cdot 1 + w_{2} \cdot 0 + b > 0 \;\Rightarrow\; w_{1} + b > 0",
        r"(4) &\quad w_{1} \cdot 1 + w_{2} \cdot 1 + b \le 0 \;\Rightarrow\; w_{1} + w_{2} + b \le 0",
        r"$$w_{1} + w_{2} + 2 b > 0$$",
        r"$$w_{1} + w_{2} + 2 b \le 0$$",
        r"$$0 < w_{1} + w_{2} + 2 b \le 0$$",
        r"\frac{1}{2} \bigl( (0, \ 1) + (1, \ 0) \bigr) = \biggl(\frac{1}{2}, \ \frac{1}{2}\biggr)",
        r"\frac{1}{2} \bigl( (0, \ 0) + (1, \ 1) \bigr) = \biggl(\frac{1}{2}, \ \frac{1}{2}\biggr)",
        "not linearly separable",
    ]
    text = page("xor-separability")
    places = [text.find(piece) for piece in wanted]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("name", "pieces"),
    [
        ("and-separability", ["The truth table:", "w_{1} = 2,\\qquad w_{2} = 2,\\qquad b = -3",
                              "$$2 x_{1} + 2 x_{2} - 3 = 0$$", "This line separates", "linearly separable"]),
        ("equal", ["The points and their labels:", r"w_{2} \cdot (-0.5)", "The points $(1)$ and $(3)$ are equal"]),
        ("equal-elsewhere", ["The points $(4)$ and $(5)$ are equal"]),
        ("one", ["so the bias alone can decide", r"w_{2} \cdot \left(-\frac{1}{2}\right)", r"\hat y = 1 = y"]),
        ("one-zero", ["inputs: 1", "7 w + b \\le 0", "b = -1"]),
        ("all-zeros", ["so the bias alone can decide"]),
        ("line", ["multiplied by its number in $u = [1,\\ 2,\\ 1]$", "2 \\times (2) :", "If a threshold"]),
        ("line-separable", ["This threshold separates"]),
        ("space", ["This plane separates"]),
        ("five", ["If a hyperplane"]),
        ("fractions", [r"\frac{1}{3}", r"1\mathrm{e}{-3}", r"\frac{1}{1000} w_{2}"]),
        ("percent", [r"50\%", "0.7 w_{1} + 0.4 w_{2} + 2 b"]),
        ("symbols", ["$t$", "p_{1}", "v_{1} \\cdot 0", r"\operatorname{step}(s)", "s_{1}"]),
    ],
)  # fmt: skip
def test_what_a_page_says(name: str, pieces: list[str]) -> None:
    assert [piece for piece in pieces if piece not in page(name)] == []


def test_only_equal_points_are_beyond_every_network() -> None:
    for name in PROVED:
        assert ("A network with a hidden layer" in page(name)) is not name.startswith("equal")
        assert ("no network can" in page(name)) is name.startswith("equal")


@pytest.mark.parametrize("name", NAMES)
def test_a_brief_page_has_the_proof_and_no_more(name: str) -> None:
    brief, full = page(name, detail="brief"), page(name)
    assert len(brief) < len(full)
    assert r"\Rightarrow" not in brief
    assert brief.split("## Conclusion")[1] == full.split("## Conclusion")[1]
    if name in PROVED:
        assert (
            brief.split("## The contradiction")[1].split("##")[0]
            == full.split("## The contradiction")[1].split("##")[0]
        )
    else:
        assert re.findall(r"^\| \$\((\d+)\)\$.*\$([01])\$ \| \$\2\$ \|$", brief, re.MULTILINE)


# ---- parts of it


def test_only_some_quantities() -> None:
    cut = render(trace_of("and-separability"), "md", "en", only=["w", "b"])
    assert re.findall(r"`(\w+)`", cut) == ["w", "b"]
    assert re.findall(r"^## (.*)$", cut, re.MULTILINE) == ["All results"]
    up_to = render(trace_of("xor-separability"), "md", "en", until="total_ones")
    assert re.findall(r"`(\w+)`", up_to) == ["x", "y", "u", "u_ones", "sum_ones", "total_ones"]
    with pytest.raises(UnsupportedError, match="did you mean"):
        render(trace_of("xor-separability"), "md", "en", only=["mean_one"])


@pytest.mark.parametrize("name", NAMES)
def test_json_keeps_every_fraction(name: str) -> None:
    trace = trace_of(name)
    data = json.loads(render(trace, "json"))
    assert data["arithmetic"] == "rational"
    again = trace_from_json(data)
    for quantity in trace:
        kept = again[quantity].reshape(-1).tolist()
        assert kept == trace[quantity].reshape(-1).tolist()
        assert all(type(number) is Fraction for number in kept)
        texts = again.printed(again.quantity(quantity)).texts.reshape(-1)
        assert [Fraction(text.rstrip("%")) / (100 if "%" in text else 1) for text in texts] == kept
    assert trace_to_json(again) == data
    assert render(again, "md", "en").split("\n", 1)[1] == page(name).split("\n", 1)[1]  # the title may be a name


@pytest.mark.parametrize(("name", "quantity"), [("and-separability", "yhat"), ("xor-separability", "sum_ones")])
def test_numbers_that_prove_nothing_are_refused(name: str, quantity: str) -> None:
    data = trace_to_json(trace_of(name))
    shown = data["quantities"][quantity]["shown"]
    data["quantities"][quantity]["shown"] = ["1" if text == "0" else "0" for text in shown]
    with pytest.raises(UnsupportedError, match="prove nothing"):
        render(trace_from_json(data), "md")


# ---- on paper


@pytest.mark.parametrize("name", NAMES)
def test_no_line_is_wider_than_the_page(name: str) -> None:
    for piece in markdown.formulas(page(name)):
        for row in re.sub(r"\\(begin|end)\{aligned\}", "", piece.text).split("\\\\"):
            row = row.removeprefix("[0.4em]")
            assert width(row.replace("&", "")) <= PAGE_WIDTH + 1, row


@pytest.mark.parametrize("language", ["en", "zh", "en+zh"])
def test_every_formula_parses_in_katex(language: str, require_tool: Any) -> None:
    require_tool("katex")
    assert markdown.katex_errors({name: page(name, language) for name in HANDMADE}) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["fifty", "fifty-separable", "long-numbers", "fractions", "percent", "one", "equal"])
def test_every_page_compiles_under_xelatex(name: str, tmp_path: Path, require_tool: Any) -> None:
    require_tool("xelatex")
    assert latex.compile_latex(page(name, "en+zh", "latex"), tmp_path).complaints == ()


# ---- words


@cache
def spoken() -> frozenset[str]:
    heard: set[str] = set()
    say = Speaker.say

    def listening(self: Speaker, what: Any) -> Any:
        heard.add(what.key)
        return say(self, what)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Speaker, "say", listening)
        for name in NAMES:
            render(trace_of(name), "md", "en")
    return frozenset(heard)


def test_every_sentence_is_said_and_every_key_is_there() -> None:
    assert set(catalogue("en", KIND)) - spoken() == set()
    assert spoken() <= {*catalogue("en", KIND), *catalogue("en")}
    assert set(catalogue("en", KIND)).isdisjoint(catalogue("en"))


def test_the_languages_have_the_same_keys_and_slots() -> None:
    english, chinese = catalogue("en", KIND), catalogue("zh", KIND)
    assert sorted(english) == sorted(chinese)
    assert {key: slots(text) for key, text in english.items()} == {key: slots(text) for key, text in chinese.items()}


def test_words_are_sentences_and_nothing_else() -> None:
    for language in ("en", "zh"):
        texts = [re.sub(r"\{\w+\}", "", text) for text in catalogue(language, KIND).values()]
        assert [text for text in texts if MARKUP.search(text) or "\n" in text] == []
    assert [text for text in catalogue("zh", KIND).values() if western(text)] == []
    ends = {key for key, text in catalogue("en", KIND).items() if text.endswith((".", ":")) and key != "table.number"}
    assert {key for key, text in catalogue("zh", KIND).items() if text.endswith(("。", "："))} == ends


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", HANDMADE)
def test_a_page_keeps_to_its_language(name: str, language: str) -> None:
    text = re.sub(r"^# .*", "", page(name, language))
    assert markdown.foreign_words(text, language) == []
    assert markdown.stray_dollars(text) == []


def test_the_page_asks_for_nothing_it_does_not_need() -> None:
    """A cut page works no proof out."""
    cut = ProofPage(trace_of("xor-separability"), "full", only=["u"])
    assert cut.cut
    assert cut.results is not None
    assert len(cut.results.rows) == 1


def test_what_is_typed_in_decimals_stays_so_beside_fractions() -> None:
    document = {"model": "separability", "inputs": [["0.25", "1/3"], ["1", "0"]], "labels": [0, 1]}
    page = render(solve(problem_from_document(document)))
    assert r"\Rightarrow\; 0.25 w_{1} + \frac{1}{3} w_{2} + b \le 0" in page
