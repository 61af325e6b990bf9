"""Help, version and the small commands: problems, new, schema."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from stepwise import __version__, load_problem, solve
from stepwise.cli import COMMANDS
from stepwise.problem import shipped_problems
from tests.cli.running import complaint_of, invoke, output_of, run, run_here
from tests.tooling import ROOT

# ---- help


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    text = output_of(command, "--help")
    assert text.startswith(f"Usage: stepwise {command} ")
    assert re.search(rf"\n  Examples?:\n +stepwise {command}\b", text)


def test_the_first_help_lists_the_commands_with_an_example() -> None:
    text = output_of("--help")
    assert text == output_of("-h")
    assert re.search(r"\n  Example:\n +stepwise solve xor-mlp\n", text)
    for command in COMMANDS:
        assert re.search(rf"^  {command} +\S.*\.$", text, re.MULTILINE)


def examples() -> list[str]:
    found = []
    for command in ((), *((name,) for name in COMMANDS)):
        found += re.findall(r"^ +(stepwise .*)$", output_of(*command, "--help").split("Example", 1)[1], re.MULTILINE)
    return [line for line in dict.fromkeys(found) if "..." not in line]


def test_every_example_of_the_help_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    output_of("new", "my-problem")
    (tmp_path / "answers").mkdir()
    form = output_of("blank", "xor-mlp")
    (tmp_path / "answers" / "s1.yaml").write_text(form.replace("student:", "student: s1"), encoding="utf-8")
    (tmp_path / "students.csv").write_text("s1,Ada\n学号2,李雷\n", encoding="utf-8")
    (tmp_path / "exam.yaml").write_text("questions: [{problem: xor-mlp, marks: 4}]\n", encoding="utf-8")
    lines = examples()
    assert len(lines) >= 6
    for line in lines:
        done = invoke(*shlex.split(line)[1:])
        # an empty form is not all right
        assert done.exit_code == (1 if line.startswith("stepwise check ") else 0), (line, done.output)
    assert {path.name for path in tmp_path.iterdir()} >= {"xor.tex", "my-network.yaml", "stepwise.schema.json"}


def test_no_command_is_the_help() -> None:
    _, out, err = run_here()
    assert "Usage: stepwise" in out + err


def test_version() -> None:
    assert output_of("--version") == f"stepwise {__version__}\n"


def test_an_unknown_command_gives_the_nearest() -> None:
    assert "Did you mean 'solve'?" in complaint_of(["solv", "xor-mlp"])
    message = complaint_of(["qqqqqq"])
    assert all(command in message for command in COMMANDS)


@pytest.mark.parametrize(
    "arguments", [["solve"], ["solve", "xor-mlp", "--frmat", "md"], ["new"], ["problems", "x", "y"]]
)
def test_a_wrong_use_is_said(arguments: list[str]) -> None:
    complaint_of(arguments)


# ---- problems


def test_problems_has_a_line_for_each() -> None:
    lines = output_of("problems").splitlines()
    assert [line.split()[0] for line in lines] == list(shipped_problems())
    assert sorted(path.stem for path in (ROOT / "problems").glob("*.yaml")) == list(shipped_problems())
    for line in lines:
        name, title = line.split(maxsplit=1)
        assert title == load_problem(name).title.get("en", title)
    # the titles stand in one column
    assert len({len(line) - len(line.split(maxsplit=1)[1]) for line in lines}) == 1


def test_problems_in_chinese() -> None:
    for line in output_of("problems", "--lang", "zh").splitlines():
        name, title = line.split(maxsplit=1)
        assert title == load_problem(name).title["zh"]


# ---- new


def test_new_writes_a_problem_that_solves(tmp_path: Path) -> None:
    done = run("new", "mine", folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert "stepwise solve mine.yaml" in done.stderr
    text = (tmp_path / "mine.yaml").read_text(encoding="utf-8")
    assert text.count("#") > 10
    solved = run("solve", "mine.yaml", folder=tmp_path)
    assert solved.returncode == 0
    assert "## Forward pass" in solved.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["mine.yaml"]


def test_new_in_chinese_is_the_same_problem(tmp_path: Path) -> None:
    for language in ("en", "zh"):
        assert run_here("new", f"{language}.yaml", "--lang", language, folder=tmp_path)[0] == 0
    english, chinese = (solve(load_problem(str(tmp_path / f"{language}.yaml"))) for language in ("en", "zh"))
    assert list(english) == list(chinese)
    assert all((english[name] == chinese[name]).all() for name in english)
    comments = re.findall(r"#.*", (tmp_path / "zh.yaml").read_text(encoding="utf-8"))
    assert sum(bool(re.search(r"[\u3400-\u9fff]", comment)) for comment in comments) > len(comments) / 2
    assert "## 前向传播" in run_here("solve", "zh.yaml", folder=tmp_path)[1]


def test_new_replaces_nothing_unless_forced(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("mine", encoding="utf-8")
    assert "mine.yaml is there already" in complaint_of(["new", "mine"], folder=tmp_path)
    assert (tmp_path / "mine.yaml").read_text(encoding="utf-8") == "mine"
    assert run_here("new", "mine", "--force", folder=tmp_path)[0] == 0
    assert "layers:" in (tmp_path / "mine.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        ["mine", "--lang", "fr"],
        ["mine", "--lang", "../../problems/xor-mlp"],
        ["nowhere/mine"],
        ["folder.yaml", "--force"],
    ],
)
def test_new_says_what_it_cannot_do(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    complaint_of(["new", *arguments], folder=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.yaml"]


# ---- schema


def test_the_schema_is_one_and_the_shipped_problems_keep_to_it(tmp_path: Path) -> None:
    text = output_of("schema")
    schema = json.loads(text)
    validator = jsonschema.validators.validator_for(schema)
    assert "$schema" in schema
    validator.check_schema(schema)
    for name in shipped_problems():
        document = yaml.safe_load((ROOT / "problems" / f"{name}.yaml").read_text(encoding="utf-8"))
        assert [error.message for error in validator(schema).iter_errors(document)] == [], name
    assert list(validator(schema).iter_errors({"architecture": {"layers": [{"activation": "no-such"}]}}))
    assert list(validator(schema).iter_errors({"titel": "x"}))
    output_of("schema", "-o", str(tmp_path / "s.json"))
    assert (tmp_path / "s.json").read_text(encoding="utf-8") == text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_new_writes_keeps_to_the_schema(language: str) -> None:
    document = yaml.safe_load((ROOT / "templates" / "new" / f"{language}.yaml").read_text(encoding="utf-8"))
    jsonschema.validate(document, json.loads(output_of("schema")))
