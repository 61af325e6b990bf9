"""Pages: what is cut, in which language, by whose templates, how numbers look, how long it gets."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from stepwise import TemplateError, UnsupportedError, load_problem, render, solve
from stepwise.problem import problem_from_document, read_problem
from tests.document.samples import HANDMADE, NAMES, SHIPPED, network, perceptron, read, trace_of
from tests.rendering import latex, markdown
from tests.tooling import ROOT

RequireTool = Callable[[str], None]


@cache
def page(name: str, format: str = "md", language: str = "en", detail: str = "full") -> str:
    return render(trace_of(name), format, language, detail)


def page_of(document: dict[str, Any], **fields: Any) -> str:
    return render(solve(read({**document, **fields})), "md", "en")


def worked(text: str) -> list[str]:
    """The ids of the results table."""
    return re.findall(r"^\| \$.*\$ \| `(\w+)` \|", text, re.MULTILINE)


# ---- cut


def test_only_keeps_the_named_lines_and_no_givens() -> None:
    text = render(trace_of("xor-mlp"), language="en", only=["dW1", "W1_new"])
    assert worked(text) == ["dW1", "W1_new"]
    assert "Gradient of the weights" in text
    assert "One step of gradient descent" in text
    for gone in ("Set-up", "Pre-activation", "Gradient of the bias", "The squared error", "Hand arithmetic"):
        assert gone in page("xor-mlp")
        assert gone not in text


def test_only_takes_patterns() -> None:
    text = render(trace_of("xor-mlp"), language="en", only=["d[Wb]*"])
    assert worked(text) == ["dW2", "db2", "dW1", "db1"]


def test_the_order_is_that_of_the_calculation() -> None:
    assert worked(render(trace_of("xor-mlp"), only=["dW1", "z1"])) == ["z1", "dW1"]


def test_until_keeps_everything_up_to_one() -> None:
    ids = worked(page("xor-mlp"))
    text = render(trace_of("xor-mlp"), language="en", until="L")
    assert worked(text) == ids[: ids.index("L") + 1]
    assert "Backward pass" not in text


def test_until_and_only_together_keep_what_both_mean() -> None:
    assert worked(render(trace_of("xor-mlp"), only=["z*", "dW*"], until="L")) == ["z1", "z2"]


@pytest.mark.parametrize("name", ["perceptron-xor", "loss-of-epochs"])
def test_a_name_without_its_iteration_means_all_of_them(name: str) -> None:
    score = "z" if name.startswith("perceptron") else "score"
    whole = render(trace_of(name), language="en", only=[score])
    assert "Iteration 1 of" in whole
    assert "Iteration 2 of" in whole
    one = render(trace_of(name), language="en", only=[f"t2.{score}"])
    assert "Iteration 1 of" not in one
    assert "Iteration 2 of" in one


@pytest.mark.parametrize("cut", [{"only": ["dW3"]}, {"until": "dW3"}, {"only": ["z1", "dW3"]}])
@pytest.mark.parametrize("format", ["md", "json"])
def test_an_unknown_name_is_an_error_with_the_nearest(cut: dict[str, Any], format: str) -> None:
    with pytest.raises(UnsupportedError, match=r"no quantity 'dW3'.*did you mean dW[12]\?"):
        render(trace_of("xor-mlp"), format, **cut)


def test_an_unknown_name_like_none_lists_all() -> None:
    with pytest.raises(UnsupportedError, match=r"'qqqq'.*there are .*delta2.*z2"):
        render(trace_of("xor-mlp"), only=["qqqq"])


def test_json_is_cut_too() -> None:
    data = json.loads(render(trace_of("xor-mlp"), "json", only=["dW1", "W1_new"]))
    assert list(data["quantities"]) == ["dW1", "W1_new"]


# ---- detail and language


def test_brief_has_formulas_and_results_but_no_numbers_put_in() -> None:
    brief = page("xor-mlp", detail="brief")
    assert worked(brief) == worked(page("xor-mlp"))
    assert r"\sigma(z^{(2)})" in brief
    assert "0.649" in brief
    for put_in in (r"1.0 \times 0.690 + 1.0 \times 0.426", r"0.649 - 0", r"\frac{1}{1.540}", "e^{-0.616}"):
        assert put_in in page("xor-mlp")
        assert put_in not in brief


@pytest.mark.parametrize("name", SHIPPED)
def test_brief_is_not_longer_than_full(name: str) -> None:
    assert len(page(name, detail="brief")) <= len(page(name))


def prose(text: str) -> list[str]:
    """The sentences: lines that are neither headings, items, tables nor displayed formulas."""
    lines = re.sub(r"\$\$.*?\$\$", "", text, flags=re.DOTALL).split("\n")
    return [line for line in lines if re.match(r"[A-Z\u3400-\u9fff]", line)]


@pytest.mark.parametrize("name", ["xor-mlp", "svm-pegasos", "perceptron-and", "softmax-cross-entropy-mlp"])
def test_two_languages_are_both_and_each_formula_once(name: str) -> None:
    both, turned = page(name, language="en+zh"), page(name, language="zh+en")
    displays = [p.text for p in markdown.formulas(page(name)) if p.kind == "display"]
    for text in (both, turned):
        assert [p.text for p in markdown.formulas(text) if p.kind == "display"] == displays
    english, chinese = prose(page(name)), prose(page(name, language="zh"))
    assert sorted(prose(both)) == sorted(prose(turned)) == sorted(english + chinese)
    assert both.index(english[0]) < both.index(chinese[0])
    assert turned.index(english[0]) > turned.index(chinese[0])


def test_headings_name_both_languages() -> None:
    assert "\n## Set-up / 题设\n" in page("xor-mlp", language="en+zh")
    assert "\n## 题设 / Set-up\n" in page("xor-mlp", language="zh+en")


def test_the_title_is_that_of_the_language() -> None:
    titles = load_problem("perceptron-and").title
    for language, wanted in (("en", titles["en"]), ("zh", titles["zh"])):
        assert page("perceptron-and", language=language).startswith(f"# {wanted}\n")
    assert page("perceptron-and", language="zh+en").startswith(f"# {titles['zh']} / {titles['en']}\n")


def test_the_language_of_the_file_is_the_default() -> None:
    problem = read({**HANDMADE["figures"], "language": "zh"})
    assert render(solve(problem)) == render(solve(problem), language="zh") != render(solve(problem), language="en")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"format": "docx"}, r"no format 'docx' \(there are md, latex, json, ipynb\)"),
        ({"detail": "long"}, r"no detail 'long' \(there are brief, full\)"),
        ({"language": "fr"}, r"no language 'fr' \(there are en, zh\)"),
        ({"language": "en+fr"}, r"no language 'fr' \(there are en, zh\)"),
        ({"language": "en+"}, r"no language '' \(there are en, zh\)"),
        ({"only": ["L"], "until": "a1"}, "nothing is left to write: what is asked for comes after a1"),
        ({"language": "../words/en"}, r"no language '../words/en' \(there are en, zh\)"),
    ],
)
def test_what_there_is_not_is_said(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(UnsupportedError, match=message):
        render(trace_of("xor-mlp"), **arguments)


@pytest.mark.parametrize("arguments", [{"detail": "long"}, {"language": "fr"}, {"language": "en+"}])
def test_json_minds_its_arguments_too(arguments: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedError, match=r"\(there are "):
        render(trace_of("xor-mlp"), "json", **arguments)


# ---- own templates


def own(folder: Path, files: dict[str, str]) -> str:
    """The page of a problem with some templates of one's own."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return render(trace_of("loss-fell"), "md", "en", templates=folder)


def test_a_format_of_ones_own_comes_first(tmp_path: Path) -> None:
    ours = (ROOT / "templates" / "formats" / "md.jinja").read_text(encoding="utf-8")
    text = own(tmp_path, {"formats/md.jinja": ours.replace("## <%= text %>", "== <%= text %> ==")})
    assert "\n== Forward pass ==\n" in text
    assert text.replace("== Forward pass ==", "## Forward pass").count("\n## Forward pass\n") == 1
    assert "\n## Forward pass\n" in render(trace_of("loss-fell"), "md", "en")


def test_a_story_of_ones_own_comes_first(tmp_path: Path) -> None:
    story = '<%= to.section(voice.heading(phrase("section.loss"))) %>'
    assert own(tmp_path, {"stories/network.jinja": story}).split("\n")[2:] == ["## Loss", ""]


def test_an_empty_folder_changes_nothing(tmp_path: Path) -> None:
    assert own(tmp_path, {}) == render(trace_of("loss-fell"), "md", "en")


@pytest.mark.parametrize(
    "story",
    [
        "<%= ''.__class__.__mro__ %>",
        "<%= ''.__class__.__mro__[1].__subclasses__() %>",
        "<%= page.__init__.__globals__ %>",
        "<%= phrase.__globals__['__builtins__'] %>",
        "<%= voice.lines.__func__.__globals__ %>",
        "<%= self.__init__.__globals__ %>",
        "<%= cycler.__init__.__globals__.os.popen('touch hacked') %>",
        "<% set x = page.problem.weights.append(1) %>",
        "<% include '/etc/passwd' %>",
        "<% include '../secret.jinja' %>",
    ],
)
def test_a_hostile_story_is_an_error_and_no_code(story: str, tmp_path: Path) -> None:
    (tmp_path / "secret.jinja").write_text("secret", encoding="utf-8")
    with pytest.raises(TemplateError) as caught:
        own(tmp_path / "own", {"stories/network.jinja": story})
    assert "root:" not in str(caught.value)
    assert not list(tmp_path.rglob("hacked"))


@pytest.mark.parametrize(
    ("story", "message"),
    [
        ("<%= page.problem.name %>", "nobody escaped"),
        ("<%= page.problem.title %>", "nobody escaped"),
        ("<%= page.nothing %>", "does not render"),
        ("<% if %>", "does not render"),
        ("<%= to.section(voice.heading(phrase('section.nothing'))) %>", "section.nothing"),
        ("<%= to.section(voice.heading(phrase('section.layer'))) %>", "layer"),
        ("<%= 1 / 0 %>", "."),
        ("<%= page.sections[99999].phase %>", "."),
        ("<%= to.say(1) %>", "."),
        ("<% import 'nothing.jinja' as nothing %>", "nothing.jinja"),
    ],
)
def test_a_faulty_story_is_a_template_error(story: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=message):
        own(tmp_path, {"stories/network.jinja": story})


def test_no_folder_is_a_template_error(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="no folder of templates"):
        render(trace_of("loss-fell"), templates=tmp_path / "nowhere")


# ---- text of the file

TITLE = r"$\write18{touch hacked}$ <script>alert(1)</script> a_b *c* `d` [e](javascript:f) &amp; #1 | \input{g} ~ ^^4"


def titled(format: str) -> str:
    return render(solve(read({**HANDMADE["relu-some"], "title": {"en": TITLE, "zh": TITLE}})), format, "en+zh")


def test_a_hostile_title_is_text_in_markdown(require_tool: RequireTool) -> None:
    require_tool("markdown-it")
    require_tool("katex")
    text = titled("md")
    assert markdown.raw_html({"title": text}) == []
    assert markdown.stray_dollars(text) == []
    assert markdown.katex_errors({"title": text}) == []
    assert [formula for formula in markdown.formulas(text) if "write" in formula.text] == []


def test_a_hostile_title_is_escaped_in_markdown() -> None:
    heading = titled("md").split("\n")[0].removeprefix("# ")
    assert not re.search(r"<|>|(?<!\\)[$`*_\[\]~^|#]|&(?!amp;|lt;|gt;)", heading)
    assert r"\$\\write18\{" in heading


def test_a_hostile_title_is_text_in_json() -> None:
    assert json.loads(titled("json"))["problem"]["title"] == {"en": TITLE, "zh": TITLE}


def test_a_hostile_title_is_text_in_latex() -> None:
    line = next(line for line in titled("latex").split("\n") if line.startswith(r"{\LARGE"))
    bare = re.sub(r"\\(text\w+\{\}|[{}$&#%_])", "", line.removeprefix(r"{\LARGE\bfseries ").removesuffix("}"))
    assert not re.search(r"[\\${}&#%_^~<>]", bare)


def test_a_hostile_title_compiles(tmp_path: Path, require_tool: RequireTool) -> None:
    require_tool("xelatex")
    assert latex.compile_latex(titled("latex"), tmp_path).complaints == ()
    assert not (tmp_path / "hacked").exists()


def test_a_title_cannot_end_its_heading() -> None:
    text = page_of(HANDMADE["relu-some"], title="One\n# Two\n\nThree")
    assert text.startswith("# One \\# Two Three\n")


# ---- symbols and numbers


def test_symbols_of_the_file_are_used_everywhere() -> None:
    symbols = {"a1": "h", "label": "t", "lr": r"\alpha", "W1": r"\theta", "L": "E"}
    text = page_of(HANDMADE["loss-fell"], notation={"symbols": symbols})
    formulas = " ".join(piece.text for piece in markdown.formulas(text))
    for symbol in ("h", "t", r"\alpha", r"\theta", "E"):
        assert re.search(rf"(?<![A-Za-z\\]){re.escape(symbol)}(?![A-Za-z])", formulas)
    assert r"\eta" not in formulas
    assert not re.search(r"(?<![A-Za-z\\{])[aWyL](?![A-Za-z])", formulas.replace(r"a \approx b", ""))


def test_numbers_are_printed_as_typed() -> None:
    typed = ["0.10", "1/3", "50%", "1e-3", "-0.50"]
    text = page_of(network("identity", weights=[[typed]], inputs=["1.50", "-2/3", "1e3", "1.0", "-25%"]))
    for printed in (
        "0.10", r"\frac{1}{3}", r"50\%", r"1\mathrm{e}{-3}", "-0.50",
        "1.50", r"-\frac{2}{3}", r"1\mathrm{e}{3}", "1.0", r"-25\%",
    ):  # fmt: skip
        assert re.search(rf"(?<![\d.]){re.escape(printed)}(?![\d.])", text), printed
    assert r"0.10 \times 1.50 + \frac{1}{3} \times \left(-\frac{2}{3}\right)" in text
    assert r"(-0.50) \times (-25\%)" in text


@pytest.mark.parametrize("style", ["matrix", "elementwise"])
@pytest.mark.parametrize("product", ["times", "paren"])
def test_negative_operands_are_in_parentheses(style: str, product: str) -> None:
    document = network(
        "tanh", "identity", loss="mse", weights=[[["-0.5", "-1"], ["-2", "3"]], [["-1", "-2"]]],
        biases=[["-1", "-0.25"], ["-3"]], inputs=["-1", "-2"], labels=["-1"], lr="0.1",
        notation={"style": style, "product": product}, train={"loss_after": True},
    )  # fmt: skip
    text = page_of(document)
    assert clashing_signs(text) == []
    assert "(-1)" in text
    assert "(-0.5)" in text


SIGNS = re.compile(r"(?:[-+]|\\times|\\cdot|\\odot)\s*[-+]\s*[\d.\\]")


def clashing_signs(text: str) -> list[str]:
    """Two signs on end in a formula."""
    return [
        match.group()
        for piece in markdown.formulas(text)
        for match in SIGNS.finditer(piece.text.replace(r"\qquad", ""))
    ]


@pytest.mark.parametrize("wrong", ["$1 + -2$", "$1--2$", r"$3 \times -2$", r"$a - -\frac{1}{2}$", "$$1 - +2$$"])
def test_two_signs_on_end_are_found(wrong: str) -> None:
    assert clashing_signs(wrong)


# e^{-0} is the formula e^{-z} with 0 put in
MINUS_ZERO = re.compile(r"(?<![\d.\w}])(?<!e\^{)\(?-\s?0(?:\.0*)?(?![\d.])")


@pytest.mark.parametrize("name", NAMES)
def test_signs_and_zeros_of_every_page(name: str) -> None:
    text = page(name)
    assert clashing_signs(text) == []
    minus = [
        piece.text[match.start() - 20 : match.end() + 9]
        for piece in markdown.formulas(text)
        for match in MINUS_ZERO.finditer(re.sub(r"(?<=[\w)}]) - 0", "", piece.text))
    ]
    assert minus == []
    shown = json.loads(page(name, "json"))["quantities"]
    texts = [text for quantity in shown.values() for text in np.ravel(quantity["shown"] or [])]
    assert not [text for text in texts if re.fullmatch(r"-0(\.0*)?", str(text))]


def test_minus_zero_is_found() -> None:
    for wrong in ("= -0", "(-0.00)", r"\begin{bmatrix} -0.000 & 1"):
        assert MINUS_ZERO.search(wrong)
    for right in ("-0.5", "= 0 - 1", "-0.001"):
        assert not MINUS_ZERO.search(right)


@pytest.mark.parametrize("name", [name for name in NAMES if trace_of(name).arithmetic == "exact"])
def test_what_is_not_zero_is_not_printed_as_zero(name: str) -> None:
    trace = trace_of(name)
    for quantity in trace.quantities.values():
        if quantity.value is None:
            continue
        texts = trace.printed(quantity).texts
        nought = np.vectorize(lambda text: bool(re.fullmatch(r"-?0(\.0*)?", text)), otypes=[bool])(texts)
        assert not (nought & (quantity.value != 0)).any(), quantity.id


def test_a_tiny_number_gets_a_power_of_ten() -> None:
    text = page_of(network("identity", weights=[[["0.001"]]], inputs=["0.002"]))
    assert r"0.001 \times 0.002 = 2 \times 10^{-6}" in text


# ---- large and long


def large(folder: Path, sizes: tuple[int, int, int], samples: int) -> Any:
    ins, hidden, outs = sizes
    numbers = np.random.default_rng(3)
    np.savez(
        folder / f"data{ins}.npz",
        X=numbers.integers(0, 256, (samples, ins)) / 256,
        y=numbers.integers(0, outs, samples),
    )
    document = network(
        "relu", "softmax", loss="cross_entropy", weights={"init": "he_uniform", "seed": 2}, biases=0,
        inputs={"file": f"data{ins}.npz", "key": "X"}, labels={"file": f"data{ins}.npz", "key": "y"},
        lr="0.1", layout="row", train={"loss_after": True},
    )  # fmt: skip
    for layer, units in zip(document["architecture"]["layers"], (hidden, outs), strict=True):
        layer["units"] = units
    return solve(read_problem(json.dumps(document), name="large", source="large.yaml", folder=folder))


def test_the_page_does_not_grow_with_the_data(tmp_path: Path) -> None:
    wide, narrow = large(tmp_path, (784, 128, 10), 100), large(tmp_path, (4, 3, 3), 4)
    for kind in ("md", "latex"):
        much, little = render(wide, kind, "en"), render(narrow, kind, "en")
        assert len(much) <= 3 * len(little)
        assert len(much.split("\n")) <= 3 * len(little.split("\n"))
        assert r"\dots" in much or r"\vdots" in much


def test_large_arrays_are_whole_in_json(tmp_path: Path) -> None:
    shape = json.loads(render(large(tmp_path, (784, 128, 10), 100), "json", only=["dW1"]))["quantities"]["dW1"]
    assert np.shape(shape["value"]) == np.shape(shape["shown"]) == (784, 128)


def alternating(count: int) -> list[list[str]]:
    return [[str(k % 5 - 2), f"0.{k % 9 + 1}"] for k in range(count)]


@pytest.mark.parametrize("format", ["md", "latex"])
def test_250_iterations_fit_400_lines(format: str) -> None:
    rule = perceptron(alternating(25), [k % 2 for k in range(25)], train={"epochs": 10})
    descent = network(
        "identity", loss="mse", weights=[[["0.1", "0.2"]]], biases=0, inputs=alternating(25),
        labels=[k % 3 for k in range(25)], lr="0.01", train={"epochs": 10, "batch_size": 1, "loss_after": True},
    )  # fmt: skip
    for document in (rule, descent):
        trace = solve(read(document))
        assert trace.iterations == 250
        text = render(trace, format, "en+zh")
        assert len(text.split("\n")) <= 400
        assert "Iteration 1 of 250" in text
        assert "Iteration 2 of 250" in text
        assert "Iteration 3 of 250" not in text


@pytest.mark.parametrize("name", ["sgd-linear-regression", "perceptron-and", "perceptron-xor", "loss-of-epochs"])
def test_the_table_of_iterations_has_their_numbers(name: str) -> None:
    """Row by row what the history says, the last row as in the results."""
    trace = trace_of(name)
    rows = re.findall(r"^\| \$(\d+)\$ \|(.*)\|$", page(name), re.MULTILINE)
    numbers = [int(number) for number, _ in rows]
    assert numbers[0] == 1
    assert numbers[-1] == trace.iterations
    for number, cells in rows:
        for cell, column in zip(cells.split(" | "), trace.history.values(), strict=True):
            printed = [float(text) for text in re.findall(r"-?\d+\.?\d*", cell)]
            wanted = column[int(number) - 1].reshape(-1)
            assert len(printed) == wanted.size
            assert np.allclose(printed, wanted, atol=0.0051 if trace.arithmetic == "hand" else 0.000051)


def test_a_wide_network_shows_all_entries() -> None:
    text = page("wide-mlp")
    assert r"\dots" not in text.split("## All results")[0]
    for row in range(1, 7):
        assert rf"z^{{(1)}}_{{{row}}} &=" in text or "z^{(1)} &=" in text
    weights = trace_of("wide-mlp").shown("W1")
    for row in weights:
        for number in row:
            assert number in text


def test_row_layout_has_shapes_under_the_factors() -> None:
    text = page("relu-mlp-rows").replace(r"\;", "")
    assert r"\underset{2 \times 2}{X} \underset{2 \times 3}{W^{(1)}}" in text
    assert r"\underset{3 \times 2}{H^{\top}} \underset{2 \times 2}{\Delta^{(2)}}" in text
    assert r"\underset{" not in page("xor-mlp")


HEAD = re.compile(r"mathrm\{new\}[^=&]*&?= (?:\\operatorname\{\w+\}|\\mathrm\{\w+\}|\\sigma|\\tanh)\((.*?)\)(?![},\\])")


@pytest.mark.parametrize("name", NAMES)
def test_a_function_of_the_new_pass_has_a_new_argument(name: str) -> None:
    arguments = [text for piece in markdown.formulas(page(name)) for text in HEAD.findall(piece.text)]
    assert [text for text in arguments if "new" not in text] == []


def test_old_arguments_are_found() -> None:
    assert HEAD.findall(r"A^{\mathrm{new}} = \operatorname{softmax}(Z^{(2)})_{ij} = 1") == ["Z^{(2)}"]
    assert HEAD.findall(page("tanh-regression-network"))


# ---- the same every time

SCRIPT = """
import sys
from stepwise import load_problem, render, solve
for name in ("xor-mlp", "minibatch-softmax-epoch", "svm-hinge-subgradient", "leaf-measurements"):
    trace = solve(load_problem(name))
    for format in ("md", "latex", "json"):
        sys.stdout.write(render(trace, format, "en+zh"))
"""


def test_the_same_bytes_in_every_process() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "77")
    }
    (output,) = outputs
    assert len(output) > 10_000


@pytest.mark.parametrize("name", ["elu-network", "three-layer-network"])
def test_an_empty_folder_of_templates_changes_nothing(name: str, tmp_path: Path) -> None:
    trace = solve(load_problem(name))
    for form in ("md", "latex"):
        assert render(trace, form, templates=tmp_path) == render(trace, form)


def test_what_letters_left_after_several_iterations_is_written() -> None:
    problem = problem_from_document(
        {
            "architecture": {"layers": [{"activation": "identity"}], "loss": "mse"},
            "weights": ["0"],
            "inputs": ["1"],
            "labels": ["1"],
            "lr": "0.5",
            "train": {"epochs": 2, "loss_after": True},
        }
    )
    for forms in ("letters", "forms"):
        assert "L^{" in render(solve(problem, forms), "md", "en")  # type: ignore[arg-type]


def test_blanks_are_no_title() -> None:
    problem = load_problem("one-letter")
    for title in ({"": "  "}, {"en": "", "zh": " "}):
        assert render(solve(replace(problem, title=title)), "md", "en+zh").startswith("# one-letter\n")
