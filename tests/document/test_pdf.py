"""PDFs: by the engine that is there, the same bytes each time, and a clear word where there is none or it fails."""

from __future__ import annotations

import re
import subprocess
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from stepwise import load_problem, render, solve
from stepwise.document import pdf
from stepwise.document.papers import render_papers
from stepwise.document.pdf import pdf_of
from stepwise.errors import UnsupportedError
from stepwise.sheets.model import Student
from tests.document.papers import STUDENT, exam, paper

RequireTool = Callable[[str], None]
DOCUMENT = r"\documentclass{article}\begin{document}%s\end{document}"

FAKE_XELATEX = """#!/bin/sh
echo pass >> "$COUNTED"
passes=$(wc -l < "$COUNTED")
echo "$FAKE_AUX" | cut -d, -f$passes > page.aux
if [ $passes -lt $RERUNS ]; then echo "LaTeX Warning: Label(s) may have changed. Rerun to get it right." > page.log
else echo "fine" > page.log; fi
"""
FAKE_PDF = """#!/bin/sh
printf '%%PDF-1.5 %s %s' "$SOURCE_DATE_EPOCH" "$*" > page.pdf
"""


def install(folder: Path, **programs: str) -> None:
    for name, text in programs.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs that are found before all others."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setenv("COUNTED", str(tmp_path / "counted"))
    return folder


def pages(data: bytes) -> int:
    streams = re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL)
    texts = [data]
    for stream in streams:
        try:
            texts.append(zlib.decompressobj().decompress(stream))
        except zlib.error:
            continue
    return sum(len(re.findall(rb"/Type\s*/Page\b", text)) for text in texts)


@pytest.mark.slow
def test_an_exam_is_the_same_bytes_each_time(require_tool: RequireTool) -> None:
    require_tool("xelatex")
    text = render_papers([exam("xor-mlp", "ridge-regression", title={"zh": "期末考试"})], form="latex")
    first = pdf_of(text)
    # dates in a PDF are in seconds
    time.sleep(1.1)
    assert pdf_of(text) == first
    assert first.startswith(b"%PDF-")
    assert pages(first) >= 3


@pytest.mark.slow
def test_a_table_over_several_pages_is_set_in_as_many_passes_as_it_takes(require_tool: RequireTool) -> None:
    require_tool("xelatex")
    rows = r"a\\" * 60 + r"\hbox to 5cm{b}\\" + r"\label{end}"
    body = r"see \pageref{end} \begin{longtable}{l}" + rows + r"\end{longtable}"
    text = DOCUMENT.replace("{article}", r"{article}\usepackage{longtable}") % body
    assert pages(pdf_of(text)) == 2
    assert pdf_of(render(solve(load_problem("xor-mlp")), "latex", "zh")).startswith(b"%PDF-")
    assert pdf_of(render_papers([paper("wide-mlp", STUDENT)], "key", "latex")).startswith(b"%PDF-")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "said"),
    [
        (r"a" + "\n" + r"\nothing", r"Undefined control sequence\. \(line 2 of the LaTeX\)"),
        (r"\input{no-such-file}", "File `no-such-file"),
    ],
)
def test_the_first_error_is_said(body: str, said: str, require_tool: RequireTool) -> None:
    require_tool("xelatex")
    with pytest.raises(UnsupportedError, match=said):
        pdf_of(DOCUMENT % body)


@pytest.mark.slow
def test_characters_that_no_font_has_are_told(require_tool: RequireTool) -> None:
    require_tool("xelatex")
    told: list[str] = []
    assert pdf_of(DOCUMENT % "a王b王", told.append).startswith(b"%PDF-")
    assert pdf_of(DOCUMENT % "a", told.append)
    assert told == ["王"]


@pytest.mark.slow
def test_rare_characters_of_names_are_printed(require_tool: RequireTool) -> None:
    require_tool("xelatex")
    fonts = subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, check=False).stdout
    if not re.search(r"(Noto|Source Han) (Serif|Sans)( CJK)? SC", fonts):
        pytest.skip("no font with rare characters")
    told: list[str] = []
    names = ("陶喆", "李堃", "王玥珺", "赟燚頔犇")
    pdf_of(render_papers([paper("xor-mlp", Student("1", name)) for name in names], form="latex"), told.append)
    assert told == []


@pytest.mark.slow
def test_each_exam_begins_on_a_leaf_of_its_own(require_tool: RequireTool) -> None:
    require_tool("xelatex")
    lengths = set()
    for names in (["svm-pegasos"], ["svm-pegasos", "sigmoid-mse-neuron"]):
        each = pages(pdf_of(render_papers([exam(*names)], form="latex")))
        # an empty page between two papers where a back is left over, and none at the end
        assert pages(pdf_of(render_papers([exam(*names)] * 3, form="latex"))) == 3 * each + 2 * (each % 2)
        lengths.add(each % 2)
    assert lengths == {0, 1}


@pytest.mark.slow
def test_a_document_runs_no_program_and_writes_nowhere_else(require_tool: RequireTool, tmp_path: Path) -> None:
    require_tool("xelatex")
    assert pdf_of(DOCUMENT % rf"x\immediate\write18{{touch {tmp_path}/ran}}")
    with pytest.raises(UnsupportedError):
        pdf_of(DOCUMENT % rf"\newwrite\out\immediate\openout\out={tmp_path}/written.txt x")
    assert list(tmp_path.iterdir()) == []


def test_without_an_engine_it_is_said_which_to_install(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tools))
    with pytest.raises(UnsupportedError, match=r"XeLaTeX.*tectonic.*--format latex"):
        pdf_of("x")


@pytest.mark.parametrize(
    ("notes", "reruns", "passes"), [("a,a,a", 1, 1), ("a,b,b,b", 2, 3), ("a,a,a", 2, 2), ("a,b,c,d,e,f", 9, 5)]
)
def test_passes_end_when_nothing_changes(
    notes: str, reruns: int, passes: int, tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tools, xelatex=FAKE_XELATEX, xdvipdfmx=FAKE_PDF)
    monkeypatch.setenv("FAKE_AUX", notes)
    monkeypatch.setenv("RERUNS", str(reruns))
    assert pdf_of("x").startswith(b"%PDF-1.5 946684800")
    assert (tmp_path / "counted").read_text().count("pass") == passes


def test_tectonic_stands_in_for_xelatex(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tools, tectonic=FAKE_PDF)
    monkeypatch.setattr(pdf.shutil, "which", lambda name: str(tools / name) if (tools / name).exists() else None)
    assert b"--untrusted" in pdf_of("x")


def test_an_engine_that_hangs_is_ended(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tools, xelatex="#!/bin/sh\nexec sleep 60\n")
    monkeypatch.setattr(pdf, "_SECONDS", 0.2)
    with pytest.raises(UnsupportedError, match="did not finish"):
        pdf_of("x")


def test_an_engine_that_says_nothing(tools: Path) -> None:
    install(tools, xelatex="#!/bin/sh\nexit 3\n")
    with pytest.raises(UnsupportedError, match="does not compile the page: no reason given"):
        pdf_of("x")
