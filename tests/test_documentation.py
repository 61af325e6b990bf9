"""What README and CONTRIBUTING show is what happens."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from stepwise import load_problem, render, solve

ROOT = Path(__file__).parent.parent
PROBLEM = """
architecture: {layers: [{units: 2, activation: squared_relu}, {units: 1, activation: identity}], loss: mse}
weights: [[[0.5, -0.2], [0.3, 0.4]], [[1, -1]]]
inputs: [1, 2]
labels: 0.5
lr: 0.1
"""


def _blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```+{language}\n(.*?)^```+$", text, re.MULTILINE | re.DOTALL)


def test_readmes_excerpt_stands_on_the_page() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [excerpt] = _blocks(readme, "markdown")
    page = render(solve(load_problem("xor-mlp")))
    assert excerpt.strip() in page
    formula = excerpt[excerpt.index("$$") :].strip()
    assert readme.count(formula) == 2, "the excerpt is shown as source and as mathematics"


def test_readmes_shortest_problem_solves(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [problem] = [block for block in _blocks(readme, "yaml") if "architecture" in block]
    path = tmp_path / "neuron.yaml"
    path.write_text(problem, encoding="utf-8")
    assert "W1_new" in solve(load_problem(path))


def _merge(into: dict[str, object], new: dict[str, object]) -> None:
    for key, value in new.items():
        if isinstance(value, dict):
            inner = into.setdefault(key, {})
            assert isinstance(inner, dict)
            _merge(inner, value)
        else:
            into[key] = value


def test_an_activation_is_one_file_and_words(tmp_path: Path) -> None:
    """CONTRIBUTING's example, put into a copy of the house, gives a page with the right numbers."""
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    [code], [words] = _blocks(contributing, "python"), _blocks(contributing, "yaml")
    for folder in ("stepwise", "templates", "problems"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "stepwise/operations/activations/squared_relu.py").write_text(code, encoding="utf-8")
    for catalogue in (tmp_path / "templates/words").glob("*.yaml"):
        known = yaml.safe_load(catalogue.read_text(encoding="utf-8"))
        _merge(known, yaml.safe_load(words))
        catalogue.write_text(yaml.safe_dump(known, allow_unicode=True), encoding="utf-8")
    (tmp_path / "problem.yaml").write_text(PROBLEM, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "stepwise", "solve", "problem.yaml"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Activation: ReLU, then squared." in done.stdout
    # z = (0.1, 1.1), so a = z² = (0.01, 1.21) and a′ = 2z = (0.2, 2.2)
    assert "`a1` | $[0.01,\\ 1.21]$" in done.stdout
    assert "`da_dz1` | $[0.2,\\ 2.2]$" in done.stdout


def _marked_block(readme: str, mark: str) -> str:
    """The block that stands behind a comment in the README."""
    found = re.search(rf"<!-- {mark} -->\n```\w+\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    assert found is not None, mark
    return found[1]


def _checked(tmp_path: Path, *options: str) -> str:
    """What `stepwise check` prints for the answers in the README."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (tmp_path / "li-lei.yaml").write_text(_marked_block(readme, "answers"), encoding="utf-8")
    command = [sys.executable, "-m", "stepwise", "check", "homework-relu", "li-lei.yaml", *options]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1, done.stderr
    return done.stdout


def test_readmes_homework_is_marked_as_it_says(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    command, _, page = _marked_block(readme, "student").partition("\n")
    assert command == "$ stepwise check homework-relu li-lei.yaml --for student"
    assert page == _checked(tmp_path, "--for", "student")
    assert _marked_block(readme, "teacher") in _checked(tmp_path)


def test_readmes_report_of_a_search_is_what_sheet_says(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    command, _, report = _marked_block(readme, "search").partition("\n")
    program, *arguments = command.removeprefix("$ ").split()
    assert program == "stepwise"
    done = subprocess.run(
        [sys.executable, "-m", "stepwise", *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert (done.stdout, done.stderr) == ("", report)
    assert len(list((tmp_path / "sheets").glob("HOMER-*.md"))) == 100


def test_readmes_form_is_the_one_that_blank_writes() -> None:
    from stepwise.asking import questions_of
    from stepwise.document.blank import render_blank

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    problem = load_problem("homework-relu")
    [excerpt] = [block for block in _blocks(readme, "yaml") if "~" in block]
    assert excerpt in render_blank(questions_of(problem), "yaml", "en")
    [settings] = [yaml.safe_load(block) for block in _blocks(readme, "yaml") if block.startswith("ask:")]
    assert tuple(settings["ask"]) == problem.ask
    assert settings["marks"] == problem.marks


def test_readmes_library_marks_as_it_says() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [code] = [block for block in _blocks(readme, "python") if "import check," in block]
    names: dict[str, object] = {}
    exec(code, names)
    from stepwise import Report

    report = names["report"]
    assert isinstance(report, Report)
    assert report["delta2"].verdict == "wrong"
    assert [(one.name, one.line) for one in report["delta2"].mistakes] == [("forgot_activation_derivative", "delta2")]
    [(shown, result)] = re.findall(r"^(\[.*)  # (\[.*)$", code, re.MULTILINE)
    assert repr(eval(shown, names)) == repr(ast.literal_eval(result))


def test_readmes_other_quantities_are_there() -> None:
    from stepwise.asking import questions_of

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [ids] = re.findall(r"`--ask ([^`]+)` asks for", readme)
    assert [one.id for one in questions_of(load_problem("homework-relu"), ids.split()).asked] == ids.split()
