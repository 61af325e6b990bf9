"""The checks of pages can fail: each is shown a page that is fine and a page that is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.rendering import latex, markdown

RequireTool = Callable[[str], None]

PAGE = r"""# Forward pass

With $x = 1$ and a price of \$5, `$HOME` is no formula.

```sh
echo "$PATH $$"
```

$$
\begin{aligned}
z^{(1)} &= 0.5 \times 1 \\
&= 0.5
\end{aligned}
$$

The loss is $L = \tfrac{1}{2}(0.421)$, see [the notes](https://example.org/the-notes).
"""
CHINESE_PAGE = "# 前向传播\n\n隐藏层用 ReLU，输出层用 softmax：$a = \\max(0,\\, z)$，见 `W1_new`。\n"


def latex_page(body: str, document_class: str = "article") -> str:
    head = f"\\documentclass{{{document_class}}}\n\\usepackage{{amsmath}}\n"
    return f"{head}\\begin{{document}}\n{body}\n\\end{{document}}\n"


def test_formulas_are_found_outside_code() -> None:
    found = [(piece.kind, piece.text.strip()) for piece in markdown.formulas(PAGE)]
    assert found[0] == ("inline", "x = 1")
    assert found[1][0] == "display"
    assert found[1][1].startswith(r"\begin{aligned}")
    assert found[2] == ("inline", r"L = \tfrac{1}{2}(0.421)")
    assert len(found) == 3


def test_neighbouring_formulas_are_kept_apart() -> None:
    assert [piece.text for piece in markdown.formulas("$a$, $b$: $$c$$ and `` `$d$` `` $e$")] == ["a", "b", "c", "e"]


def test_prose_has_neither_formulas_nor_code_nor_addresses() -> None:
    text = markdown.prose(PAGE)
    assert "Forward pass" in text
    assert "the notes" in text
    for gone in ("aligned", "HOME", "PATH", "example", "tfrac"):
        assert gone not in text


def test_stray_dollars_are_found() -> None:
    assert markdown.stray_dollars(PAGE) == []
    assert markdown.stray_dollars("It costs 5$ here.\nFine: $x$.") == ["It costs 5$ here."]
    assert markdown.stray_dollars("An open $x = 1\n\nand no end.") == ["An open $x = 1"]


def test_foreign_words_are_found() -> None:
    assert markdown.foreign_words(PAGE, "en") == []
    assert markdown.foreign_words(CHINESE_PAGE, "zh") == []
    assert markdown.foreign_words("The 损失 is $0.2$.", "en") == ["损失"]
    assert markdown.foreign_words("A full-width comma，here", "en") == ["，"]
    assert markdown.foreign_words("损失 loss 是 $L$，Relu 也一样", "zh") == ["loss", "Relu"]


def test_katex_accepts_good_mathematics(require_tool: RequireTool) -> None:
    require_tool("katex")
    assert markdown.katex_errors({"good": PAGE, "chinese": CHINESE_PAGE}) == []


@pytest.mark.parametrize(
    "tex",
    [r"\frac{1}{", r"\nosuchcommand x", r"a & b", r"损失 = 1", r"\begin{bmatrix} 1 \end{pmatrix}"],
)
def test_katex_refuses_bad_mathematics(tex: str, require_tool: RequireTool) -> None:
    require_tool("katex")
    (error,) = markdown.katex_errors({"bad": f"Text $$\n{tex}\n$$", "good": PAGE})
    assert error.startswith("bad: ")


def test_raw_html_is_found(require_tool: RequireTool) -> None:
    require_tool("markdown-it")
    assert markdown.raw_html({"good": PAGE, "escaped": r"# \<script\> &lt;b&gt; $a <b> c$ `<i>`"}) == []
    found = markdown.raw_html({"inline": "# A <b>title</b>", "block": "<script>\nalert(1)\n</script>\n"})
    assert [line.split(":")[0] for line in found] == ["inline", "inline", "block"]


def test_xelatex_compiles_a_good_page(tmp_path: Path, require_tool: RequireTool) -> None:
    require_tool("xelatex")
    page = latex_page(r"损失 \[ L = \begin{bmatrix} 0.1 & 0.2 \end{bmatrix} \]", "ctexart")
    done = latex.compile_latex(page, tmp_path)
    assert done.complaints == ()
    assert done.pages == 1


def test_xelatex_reports_an_error(tmp_path: Path, require_tool: RequireTool) -> None:
    require_tool("xelatex")
    done = latex.compile_latex(latex_page(r"\nosuchcommand"), tmp_path)
    assert "Undefined control sequence" in done.errors[0]
    assert done.pages == 0


def test_xelatex_reports_a_missing_character(tmp_path: Path, require_tool: RequireTool) -> None:
    require_tool("xelatex")
    done = latex.compile_latex(latex_page("The word 损失 has no glyph here."), tmp_path)
    assert any("损" in line for line in done.missing)
    assert done.errors == ()


def test_xelatex_reports_a_wide_line(tmp_path: Path, require_tool: RequireTool) -> None:
    require_tool("xelatex")
    wide = r"\begin{aligned} x &= " + " + ".join(["0.123"] * 40) + r"\end{aligned}"
    done = latex.compile_latex(latex_page(rf"\[ {wide} \]"), tmp_path)
    assert len(done.overfull) == 1
    assert latex.compile_latex(latex_page(r"\[ x = 1 \]"), tmp_path).overfull == ()


def test_a_line_a_hair_too_wide_is_let_pass() -> None:
    log = "Overfull \\hbox ({}pt too wide) in paragraph at lines 3--4\nOutput written on page.pdf (2 pages).\n"
    assert latex.read_log(log.format("4.9"), failed=False).complaints == ()
    assert latex.read_log(log.format("5.1"), failed=False).complaints == ("5.1 pt too wide in paragraph at lines 3--4",)


def test_a_run_without_a_page_is_a_complaint() -> None:
    assert latex.read_log("No pages of output.\n", failed=False).complaints == ("no page came out",)
    assert latex.read_log("", failed=True).errors
