"""stepwise reference, as somebody runs it."""

from __future__ import annotations

import re
from pathlib import Path

from stepwise.document.reference import reference_names
from tests.cli.running import complaint_of, output_of, run


def test_alone_it_lists_the_sheets() -> None:
    lines = output_of("reference").splitlines()
    assert tuple(line.split()[0] for line in lines) == reference_names()
    assert all(len(line.split()) > 3 for line in lines)
    chinese = output_of("reference", "--lang", "zh").splitlines()
    assert len(chinese) == len(lines)
    assert all(re.search("[\u4e00-\u9fff]", line) for line in chinese)


def test_a_sheet_goes_to_standard_output() -> None:
    done = run("reference", "one-hot", "--lang", "en+zh")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("# One-hot labels / 独热编码（one-hot）\n")


def test_a_sheet_goes_to_a_file(tmp_path: Path) -> None:
    target = tmp_path / "svm.tex"
    assert output_of("reference", "svm", "--format", "latex", "-o", str(target)) == ""
    text = target.read_text(encoding="utf-8")
    assert text.startswith(r"\documentclass")
    assert text.endswith("\\end{document}\n")
    assert output_of("reference", "initialization") == output_of("reference", "initialisation")


def test_what_there_is_not_is_said() -> None:
    assert "did you mean `losses`?" in complaint_of(["reference", "loses"])
    assert "no format 'pdf' (there are md, latex)" in complaint_of(["reference", "svm", "--format", "pdf"])
    assert "no language 'de'" in complaint_of(["reference", "svm", "--lang", "de"])
    assert "no language 'de'" in complaint_of(["reference", "--lang", "de"])
    complaint_of(["reference", "svm", "batch"])
