"""The answer form: every asked quantity once, in its shape, said in words; and it reads back as answers not given."""

from __future__ import annotations

import csv
import io
import json
import re
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
import yaml
from msgspec.structs import replace

from stepwise import load_problem, solve
from stepwise.asking import Questions, questions_of
from stepwise.checking.reading.files import read_answers
from stepwise.document.blank import FORM_FORMATS, render_blank
from stepwise.document.words import catalogue
from stepwise.errors import UnsupportedError
from stepwise.expressions import Case, Cases, Compare, Const, ref
from stepwise.problem import problem_from_document, shipped_problems
from stepwise.resources import known_languages
from tests.document.listening import listening
from tests.document.samples import HANDMADE, combinations

LANGUAGES = ("en", "zh", "en+zh")
CHINESE = re.compile(r"[\u3400-\u9fff]")


@cache
def all_questions() -> dict[str, Questions]:
    """The shipped problems that have numbers to ask for."""
    found = {}
    for name in shipped_problems():
        try:
            found[name] = questions_of(load_problem(name))
        except UnsupportedError:
            continue
    return found


def asked_of(name: str, *ask: str) -> Questions:
    return questions_of(load_problem(name), ask)


def comments(text: str) -> str:
    """Everything that the comments of a form say, as one line."""
    return " ".join(line.strip().removeprefix("#").strip() for line in text.splitlines() if line.strip()[:1] == "#")


def said_of(text: str, name: str) -> str:
    """The comment above a quantity."""
    lines = text.split(f"\n  {name}:")[0].split("\n\n")[-1].splitlines()
    return " ".join(line.strip().removeprefix("# ") for line in lines)


def sentences(text: str) -> set[str]:
    """The words of English sentences, without the names that every language shares."""
    return set(re.findall(r"\b(?:the|of|and|with|one|number|numbers|matrix|layer|loss|row)\b", text))


# ---- what is asked


def test_there_are_problems_with_forms_of_every_model() -> None:
    models = {questions.problem.model for questions in all_questions().values()}
    assert models == {"network", "svm", "perceptron"}


@pytest.mark.parametrize("name", sorted(all_questions()))
def test_a_form_has_every_asked_quantity_in_its_shape(name: str) -> None:
    questions, trace = all_questions()[name], solve(load_problem(name))
    form = yaml.safe_load(render_blank(questions))
    assert form["problem"] == name
    assert form["student"] is None
    assert list(form["answers"]) == [one.id for one in questions.asked]
    for quantity, empty in form["answers"].items():
        values = trace[quantity].tolist()
        assert json.dumps(empty) == re.sub(r"[-\d.e+]+", "null", json.dumps(values)), quantity
    assert json.loads(render_blank(questions, "json"))["answers"] == form["answers"]


def test_the_form_of_an_example_by_hand() -> None:
    text = render_blank(asked_of("xor-mlp", "z1", "L", "dW1", "dW2"), language="en")
    lines = [line for line in text.splitlines() if line and "#" not in line]
    assert lines == [
        "problem: xor-mlp",
        "student:",
        "answers:",
        "  z1: [~, ~]",
        "  L: ~",
        "  dW2: [[~, ~]]",
        "  dW1: [[~, ~], [~, ~]]",
    ]


def test_a_wide_matrix_has_a_line_for_each_row() -> None:
    text = render_blank(asked_of("wide-mlp", "dW1"))
    assert "  dW1:\n" + "    - [~, ~, ~, ~, ~, ~, ~, ~]\n" * 6 in f"{text}\n"


def test_several_iterations_have_their_prefix_and_heading() -> None:
    text = render_blank(all_questions()["minibatch-softmax-epoch"], language="en")
    order = ["Iteration 1 of 2", "  t1.z1: [[~, ~], [~, ~]]", "Iteration 2 of 2", "  t2.z1: [[~, ~]]"]
    order += ["After all 2 iterations", "  W1_new: [[~, ~], [~, ~]]"]
    places = [text.index(part) for part in order]
    assert places == sorted(places)


@pytest.mark.parametrize("form", ["yaml", "md", "json"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_form_reads_back_as_nothing_given(tmp_path: Path, form: str, language: str) -> None:
    for name, questions in all_questions().items():
        path = tmp_path / f"{name}.{form}"
        path.write_text(render_blank(questions, form, language), encoding="utf-8")
        (answers,) = read_answers(path, questions)
        assert (answers.values, answers.student, answers.notes) == ({}, "", ()), name


@pytest.mark.parametrize("form", ["yaml", "md"])
def test_a_filled_in_form_reads_back_number_by_number(tmp_path: Path, form: str) -> None:
    questions = all_questions()["softmax-jacobian"]
    head, rest = re.split(r"(?=answers:|\n## )", render_blank(questions, form, "zh"), maxsplit=1)
    count = iter(range(10_000))
    filled = re.sub(r"[~?]", lambda _: f"0.{next(count):04}", rest)
    path = tmp_path / f"a.{form}"
    named = head.replace("student:", "student: 李雷").replace("________", "李雷")
    path.write_text(named + filled, encoding="utf-8")
    (answers,) = read_answers(path, questions)
    assert answers.student == "李雷"
    found = [text for answer in answers.values.values() for text in answer.texts.ravel()]
    assert found == [f"0.{number:04}" for number in range(sum(one.shape[0] * one.shape[1] for one in questions.asked))]
    assert list(answers.values) == [one.id for one in questions.asked]


@pytest.mark.parametrize("name", ["xor-mlp", "wide-mlp", "svm-pegasos"])
def test_the_form_of_a_class_has_a_column_for_every_number(tmp_path: Path, name: str) -> None:
    questions = all_questions()[name]
    text = render_blank(questions, "csv")
    (header,) = csv.reader(io.StringIO(text))
    assert header[0] == "student"
    assert len(header) - 1 == sum(one.shape[0] * one.shape[1] for one in questions.asked)
    path = tmp_path / "class.csv"
    rows = [["李雷", *(str(number) for number in range(len(header) - 1))], ["x", *[""] * (len(header) - 1)]]
    path.write_text(text + "\n".join(",".join(row) for row in rows), encoding="utf-8")
    full, empty = read_answers(path, questions)
    assert [float(value) for answer in full.values.values() for value in answer.values.ravel()] == list(
        range(len(header) - 1)
    )
    assert (full.student, empty.values) == ("李雷", {})


@pytest.mark.parametrize("title", ["yes: no", "null", "- x", "#1", "1e3", "a'b\"c", "作业 1"])
def test_any_name_of_a_problem_can_be_read_back(tmp_path: Path, title: str) -> None:
    questions = questions_of(problem_from_document(load_problem("xor-mlp").document, name=title))
    path = tmp_path / "a.yaml"
    path.write_text(render_blank(questions), encoding="utf-8")
    assert read_answers(path, questions)[0].notes == ()


# ---- what is said


def test_a_student_reads_what_a_quantity_is() -> None:
    text = render_blank(asked_of("xor-mlp", "exp1", "z2", "a1", "back1", "delta1", "W1_new", "L", "dW1"), language="en")
    assert said_of(text, "exp1") == "exponential, e^(-z1); 2 numbers"
    assert said_of(text, "z2") == "pre-activation of layer 2, z2 = W2 a1 + b2; one number"
    assert said_of(text, "a1") == "output of layer 1, activation function: sigmoid; 2 numbers"
    assert said_of(text, "L") == "loss (squared error); one number"
    assert said_of(text, "back1") == "error that layer 2 sends back to the output of layer 1; 2 numbers"
    assert said_of(text, "dW1") == "gradient of the loss with respect to W1; 2 × 2 matrix, row by row"
    assert said_of(text, "W1_new") == "W1 after the update; 2 × 2 matrix, row by row"
    chinese = render_blank(asked_of("xor-mlp", "z2", "dW1"), language="zh")
    assert said_of(chinese, "z2") == "第 2 层的净输入，z2 = W2 a1 + b2；一个数"
    assert said_of(chinese, "dW1") == "损失对 W1 的梯度；2 × 2 矩阵，逐行填写"


def test_a_helper_is_told_by_its_formula() -> None:
    """The squared error is ½(a − y)²; the sigmoid 1/(1 + e^(−z)), its derivative a(1 − a)."""
    names = ("diff", "square", "sum1", "one_minus2", "step_W2")
    text = render_blank(asked_of("xor-mlp", *names), language="en")
    assert said_of(text, "diff") == "a line on the way to L, diff = a2 - y; one number"
    assert said_of(text, "square") == "a line on the way to L, square = diff²; one number"
    assert said_of(text, "sum1") == "a line on the way to a1, sum1 = 1 + exp1; 2 numbers"
    assert said_of(text, "one_minus2") == "a line on the way to da_dz2, one_minus2 = 1 - a2; one number"
    chinese = render_blank(asked_of("xor-mlp", *names), language="zh")
    assert said_of(chinese, "square") == "计算 L 的中间步骤，square = diff²；一个数"
    assert "a line on the way to L, square = diff²; one number" in render_blank(
        asked_of("xor-mlp", *names), "md", "en+zh"
    ).replace("`", "")


def test_a_helper_with_cases_is_told_by_its_id() -> None:
    questions = asked_of("xor-mlp", "square")
    square = questions.quantities["square"]
    tree = Cases((Case(Compare(ref("diff"), "<", Const("0")), Const("0")),), ref("diff"))
    piecewise = replace(square, step=replace(square.step, tree=tree))
    text = render_blank(replace(questions, quantities={"square": piecewise}), language="en")
    assert said_of(text, "square") == "a line on the way to L, square; one number"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_quantities_of_a_part_are_told_alike(language: str) -> None:
    for name in all_questions():
        for part in render_blank(questions_of(load_problem(name), ["*"]), "yaml", language).split("  # ----")[1:]:
            said = re.findall(r"((?:^  # .*\n)+)(?=^  [^#\n])", part, re.MULTILINE)
            assert len(said) == len(re.findall(r"^  [^# \n]+:", part, re.MULTILINE)), name
            assert len(set(said)) == len(said), name


def test_row_layout_multiplies_from_the_left() -> None:
    assert "z1 = x W1;" in said_of(render_blank(all_questions()["relu-mlp-rows"], language="en"), "z1")


def test_a_batch_says_where_the_samples_are_and_who_divides_by_their_number() -> None:
    rows = render_blank(all_questions()["ridge-regression"], language="en")
    assert "one row for each sample" in said_of(rows, "z1")
    assert "not divided by N" in said_of(rows, "delta1")
    assert "gradient of the objective with respect to W1; 2 × 1 matrix, row by row" in said_of(rows, "dW1")
    document = {**load_problem("ridge-regression").document, "notation": {"delta": "divided"}}
    divided = render_blank(questions_of(problem_from_document(document)), language="en")
    assert "1/N is in it already" in said_of(divided, "delta1")
    columns = render_blank(all_questions()["hinge-network"], language="en")
    assert "one column for each sample" in said_of(columns, "a1")


def test_the_digits_that_a_problem_sets_are_said() -> None:
    text = render_blank(all_questions()["softmax-cross-entropy-mlp"], language="en")
    assert "Hand arithmetic" in comments(text)
    assert said_of(text, "a2").endswith("; 2 decimals")
    assert "decimals" not in said_of(text, "z1")
    exact = comments(render_blank(all_questions()["ridge-regression"], language="en"))
    assert "at least 3 decimals" in exact
    assert "3 significant figures" in exact


@pytest.mark.parametrize("form", ["yaml", "md"])
def test_each_language_says_its_own_and_both_say_both(form: str) -> None:
    for name, questions in all_questions().items():
        english, chinese, both = (render_blank(questions, form, language) for language in LANGUAGES)
        assert not CHINESE.search(english), name
        assert CHINESE.search(chinese), name
        assert len(both) > max(len(english), len(chinese)), name
        body = english if form == "md" else comments(english)
        assert len(sentences(body)) > 5, name
        assert sentences((chinese if form == "md" else comments(chinese)).replace(name, "")) == set(), name


def test_no_line_of_a_form_is_too_long_to_read() -> None:
    for name, questions in all_questions().items():
        for line in render_blank(questions, "yaml", "en+zh").splitlines():
            assert len(line) <= 104 or "~" in line, (name, line)


def test_the_language_is_the_problems_own_unless_asked() -> None:
    document = {**load_problem("xor-mlp").document, "language": "zh"}
    assert CHINESE.search(render_blank(questions_of(problem_from_document(document))))


# ---- what cannot be done


def test_unknown_formats_and_languages_are_refused() -> None:
    with pytest.raises(UnsupportedError, match=", ".join(FORM_FORMATS)):
        render_blank(all_questions()["xor-mlp"], "pdf")
    with pytest.raises(UnsupportedError, match="no language"):
        render_blank(all_questions()["xor-mlp"], "yaml", "fr")


# ---- the words


def slots(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def words(language: str) -> dict[str, str]:
    return {key: text for key, text in catalogue(language, "check").items() if key.startswith("blank.")}


@pytest.mark.parametrize("language", known_languages())
def test_every_language_has_the_same_words(language: str) -> None:
    english = words("en")
    assert {key: slots(text) for key, text in words(language).items()} == {
        key: slots(text) for key, text in english.items()
    }
    assert len(english) > 40


def test_every_word_of_a_form_is_said_somewhere() -> None:
    with listening() as heard:
        problems = [*(questions.problem for questions in all_questions().values()), *combinations()]
        problems += [problem_from_document(document, name=name) for name, document in HANDMADE.items()]
        document = {**load_problem("ridge-regression").document, "notation": {"delta": "divided"}}
        for problem in (*problems, problem_from_document(document)):
            try:
                everything = questions_of(problem, ["*"])
            except UnsupportedError:
                continue
            render_blank(everything, "yaml", "en")
        for form in ("md", "yaml"):
            render_blank(all_questions()["xor-mlp"], form, "en", with_code=True)
    assert set(words("en")) - heard == set()
