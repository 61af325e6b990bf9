"""`stepwise verify` and `solve --verify` as somebody runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import complaint_of, output_of, run, run_here

PAGE_ROWS = 66


def test_the_table() -> None:
    text = output_of("verify", "xor-mlp")
    assert text.startswith("A sigmoid network for XOR, one training step: verification\n===")
    assert "Everything that was checked holds." in text
    for row in (r"dW1       4", r"db2       1", "exact arithmetic", "Ridders 1982"):
        assert row in text
    assert max(map(len, text.splitlines())) <= 100


def test_it_speaks_chinese() -> None:
    text = output_of("verify", "xor-mlp", "--lang", "zh")
    assert "检查过的各项全部成立。" in text
    assert "holds" not in text


def test_markdown_and_json() -> None:
    text = output_of("verify", "xor-mlp", "--format", "md")
    assert text.startswith("# ")
    assert "| `dW1` | 4 |" in text
    data = json.loads(output_of("verify", "xor-mlp", "--format", "json", "--exact"))
    assert (data["format"], data["problem"], data["holds"], data["misses"]) == (1, "xor-mlp", True, [])
    assert data["gradients"]["dW1"]["differences"]["verdict"] == "holds"
    assert data["gradients"]["dW1"]["symbolic"]["error"] < 1e-9
    assert data["checks"]["equalities"]["compared"] == PAGE_ROWS
    assert data["exact_instead_of_hand"] is False


def test_below_a_page() -> None:
    plain, checked = output_of("solve", "xor-mlp"), output_of("solve", "xor-mlp", "--verify")
    assert checked.startswith(plain.rstrip("\n"))
    assert "\n## Verification\n" in checked.removeprefix(plain.rstrip("\n"))
    assert "\\section{Verification}" in output_of("solve", "xor-mlp", "--verify", "--format", "latex")
    assert json.loads(output_of("solve", "xor-mlp", "--verify", "--format", "json"))["verified"]["holds"] is True
    assert "verified" not in json.loads(output_of("solve", "xor-mlp", "--format", "json"))
    cells = json.loads(output_of("solve", "xor-mlp", "--verify", "--format", "ipynb"))["cells"]
    assert cells[-1]["cell_type"] == "markdown" or cells[-2]["source"][0] == "## Verification\n"
    assert any(cell["source"][0] == "## Verification\n" for cell in cells)


def test_a_path_and_a_part_of_a_page() -> None:
    assert "## Verification" in output_of("solve", "xor-mlp", "--verify", "--path", "W1[1,1]")
    assert "not checked: a part of the page" in output_of("solve", "xor-mlp", "--verify", "--only", "dW1")


def test_the_numbers_of_a_code() -> None:
    code = output_of("sheet", "xor-mlp", "--count", "1", "--seed", "3").split("XOR-")[1][:10]
    text = output_of("verify", "xor-mlp", "--code", f"XOR-{code}")
    assert "Everything that was checked holds." in text


def test_a_miss_ends_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    from stepwise.verifying import differences, gradients

    honest = differences.slope
    monkeypatch.setattr(gradients, "slope", lambda loss, at, reach: honest(lambda t: loss(t) * 1.01, at, reach))
    code, out, _ = run_here("verify", "xor-mlp")
    assert code == 1
    assert "checks failed:" in out
    assert "dW1[1,1] is " in out
    assert "does not hold" in out
    code, out, _ = run_here("solve", "xor-mlp", "--verify", "--lang", "zh")
    assert code == 1
    assert "项检查未通过" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["no-such-problem"], "no-such-problem"),
        (["xor-mlp", "--format", "pdf"], "no format 'pdf'"),
        (["xor-mlp", "--lang", "fr"], "fr"),
    ],
)
def test_bad_input_ends_with_2(arguments: list[str], said: str) -> None:
    assert said in complaint_of(["verify", *arguments])


def test_options_that_exclude_one_another() -> None:
    for arguments in (["--exact", "--hand"], ["--letters", "--exact-forms"], ["--decimals", "2", "--figures", "2"]):
        code, _, err = run_here("verify", "xor-mlp", *arguments)
        assert (code, "exclude each other" in err) == (2, True)


def test_standard_input_and_a_file(tmp_path: Path) -> None:
    text = 'title: T\narchitecture: {layers: [{units: 1, activation: sigmoid}], loss: mse}\nweights: [[["0.5"]]]\n'
    done = run("verify", "-", "-o", "out.txt", folder=tmp_path, stdin=f"{text}inputs: [2]\nlabels: 1\n")
    assert (done.returncode, done.stdout) == (0, "")
    assert "holds" in (tmp_path / "out.txt").read_text(encoding="utf-8")


def test_a_plain_page_loads_nothing_of_it() -> None:
    done = run("--version")
    assert done.returncode == 0
    import subprocess
    import sys

    from tests.tooling import ROOT

    code = (
        "import sys; from stepwise import load_problem, render, solve; render(solve(load_problem('xor-mlp')));"
        "print([name for name in sys.modules if name.startswith('stepwise.verifying') or name == 'sympy'])"
    )
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
