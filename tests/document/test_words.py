"""The sentences: the same in every language, all of them used, none of them missing, and nothing but sentences."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from string import Formatter

import pytest

from stepwise.derivation import plan
from stepwise.document import render
from stepwise.document.phrases import Math, phrase
from stepwise.document.words import Speaker, catalogue
from stepwise.operations.activations import ACTIVATIONS
from stepwise.operations.initialisation import SCHEMES
from stepwise.operations.losses import LOSSES
from stepwise.problem import Problem, load_problem
from stepwise.resources import known_languages
from stepwise.trace import solve
from tests.document.listening import listening
from tests.document.samples import HANDMADE, NAMES, SHIPPED, combinations, read, trace_of
from tests.tooling import ROOT

JOINTS = {"list.separator"}
"""What stands between the entries of a list: no sentence."""

CHINESE = r"[\u3400-\u9fff]"
REGISTRIES: Mapping[str, Mapping[str, object]] = {"activation": ACTIVATIONS, "loss": LOSSES, "scheme": SCHEMES}
OF_EACH_ACTIVATION = ("activation", "line.activation")
OF_EACH_LOSS = ("loss", "line.losses", "line.loss")


def slots(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


# ---- the catalogues against one another


def test_there_is_english_and_chinese() -> None:
    assert {"en", "zh"} <= set(known_languages())


@pytest.mark.parametrize("language", known_languages())
def test_every_language_has_the_same_keys(language: str) -> None:
    assert sorted(catalogue(language)) == sorted(catalogue("en"))


@pytest.mark.parametrize("language", known_languages())
def test_every_language_has_the_same_slots(language: str) -> None:
    differing = {
        key: (slots(sentence), slots(catalogue(language)[key]))
        for key, sentence in catalogue("en").items()
        if slots(sentence) != slots(catalogue(language)[key])
    }
    assert differing == {}


# ---- used, and there


@cache
def spoken_keys() -> frozenset[str]:
    """Every key that some page says: the shipped problems, the handmade ones, every activation with every loss."""
    with listening() as heard:
        for name in NAMES:
            render(trace_of(name), "md", "en")
        for problem in combinations():
            render(solve(problem), "md", "en")
        render(solve(load_problem("minibatch-softmax-epoch"), "letters"), "md", "en")
        for name in ("letters-network", "softmax-regression"):
            render(solve(load_problem(name), "forms"), "md", "en")
            render(solve(load_problem(name), "letters"), "md", "en", expand=True)
    return frozenset(heard)


def registered() -> set[str]:
    """The keys that exist because something is registered."""
    found = {f"{prefix}.{name}" for prefix in OF_EACH_ACTIVATION for name in ACTIVATIONS}
    found |= {f"{prefix}.{name}" for prefix in OF_EACH_LOSS for name in LOSSES}
    found |= {f"line.derivative.{name}" for name, record in ACTIVATIONS.items() if record.derivative is not None}
    found |= {f"scheme.{name}" for name in SCHEMES}
    return found | {f"line.spread.{name}" for name, scheme in SCHEMES.items() if scheme.distribution != "zeros"}


def test_every_sentence_is_said_on_some_page() -> None:
    unused = set(catalogue("en")) - spoken_keys() - registered() - JOINTS
    assert unused == set()


@pytest.mark.parametrize(("language", "wanted"), [("en", "<1>, <2>, <3>"), ("zh", "<1>、<2>、<3>")])
def test_a_list_is_joined_as_its_language_joins(language: str, wanted: str) -> None:
    speaker = Speaker(language, str, lambda latex: f"<{latex}>")
    three = (Math("1"), Math("2"), Math("3"))
    for count, joined in ((3, wanted), (1, "<1>")):
        text = speaker.say(phrase("remark.margin.wrong", samples=three[:count]))
        assert text == catalogue(language)["remark.margin.wrong"].format(samples=joined)


@pytest.mark.parametrize("language", known_languages())
def test_every_registered_name_has_its_words(language: str) -> None:
    assert registered() <= set(catalogue(language))


@pytest.mark.parametrize("language", known_languages())
@pytest.mark.parametrize("prefix", REGISTRIES)
def test_no_words_for_what_is_not_registered(prefix: str, language: str) -> None:
    named = {key.removeprefix(f"{prefix}.") for key in catalogue(language) if key.startswith(f"{prefix}.")}
    assert named - {"with", "own"} == set(REGISTRIES[prefix])


@pytest.mark.parametrize(
    ("document", "texts"),
    [
        ("sigmoid-above-wrong", ["squared error, factor $"]),
        ("leaky_relu-on", [r"leaky ReLU with $\alpha = 0.01$"]),
        ("relu-on", ["2 × ReLU\n"]),
        ("class-right", ["- Loss: cross-entropy\n"]),
    ],
)
def test_parameters_are_said_where_there_are_some(document: str, texts: list[str]) -> None:
    page = render(trace_of(document), "md", "en")
    assert [text for text in texts if text not in page] == []


def planned() -> Iterator[Problem]:
    # a proof is not told line by line: its words have a test of their own
    yield from (asked for asked in map(load_problem, SHIPPED) if asked.model != "separability")
    yield from (read(document, name) for name, document in HANDMADE.items())
    yield from combinations()


@pytest.mark.parametrize("language", known_languages())
def test_every_line_of_every_derivation_has_words(language: str) -> None:
    """A line inside a formula is written with it and says nothing of its own."""
    words = catalogue(language)
    silent = {
        (step.role, step.variant)
        for problem in planned()
        for step in plan(problem)
        if step.group == step.id
        if f"line.{step.role}.{step.variant}" not in words and f"line.{step.role}" not in words
    }
    assert silent == set()


def test_every_key_in_the_code_exists() -> None:
    """`phrase("a.b")` is in a catalogue, and `phrase(f"a.{b}")` has sentences under it."""
    kinds = [path.name for path in (ROOT / "templates" / "words").iterdir() if path.is_dir()]
    keys, missing = {key for kind in ("", *kinds) for key in catalogue("en", kind)}, []
    for text in asked_for():
        pattern = re.compile(re.escape(text).replace(r"\*", r"[\w.+]+"))
        if not any(pattern.fullmatch(key) for key in keys):
            missing.append(text)
    assert missing == []
    assert "remark.stopped.step" in set(asked_for())


def asked_for() -> Iterator[str]:
    """The first argument of every call of `phrase` in the code and in the stories; `*` where it is put together."""
    for path in (ROOT / "stepwise" / "document").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "phrase":
                yield from literal(node.args[0])
    for path in (ROOT / "templates" / "stories").glob("*.jinja"):
        for argument in re.findall(r"phrase\(([^,()]+)", path.read_text(encoding="utf-8")):
            if '"' in argument:
                yield re.sub(r'"\s*~[^"]*"', "*", re.sub(r'"\s*~[^"]*$', '*"', argument)).strip('"')


def literal(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from literal(node.body)
        yield from literal(node.orelse)
    elif isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)


# ---- sentences and nothing else

MARKUP = re.compile(r"[$\\`*_^#<>|~&]|\{\{|\}\}|\[|\]|https?:")


@pytest.mark.parametrize("language", known_languages())
def test_words_have_no_markup(language: str) -> None:
    marked = {
        key: sentence
        for key, sentence in catalogue(language).items()
        if MARKUP.search(re.sub(r"\{\w+\}", "", sentence))
        or "\n" in sentence
        or (sentence != sentence.strip() and key not in JOINTS)
    }
    assert marked == {}


@pytest.mark.parametrize("sentence", ["see $x$", r"a \beta", "*so*", "<b>so</b>", "`W1`", "a_1", "# so", "two\nlines"])
def test_markup_is_found(sentence: str) -> None:
    assert MARKUP.search(sentence) or "\n" in sentence


def western(sentence: str) -> list[str]:
    """Punctuation of the wrong width beside Chinese characters (or slots, which stand for what is beside them)."""
    text = re.sub(r"\{\w+\}", "量", sentence)
    marks = re.findall(rf"{CHINESE}\s*[,.;:!?()]|[,.;:!?()]\s*{CHINESE}", text)
    return marks + re.findall(
        rf"[，。；：！？（）]\s|\s[，。；：！？（）]|{CHINESE}\s+{CHINESE}", re.sub(r"\{\w+\}", "x", sentence)
    )


def test_chinese_has_chinese_punctuation() -> None:
    assert {key: western(text) for key, text in catalogue("zh").items() if western(text)} == {}


@pytest.mark.parametrize("sentence", ["这样,那样。", "共 {count} 次.", "这样(那样)", "这样： 那样", "损 失"])
def test_western_punctuation_is_found(sentence: str) -> None:
    assert western(sentence)


def test_chinese_sentences_end_as_the_english_do() -> None:
    """A colon where the English ends, or runs on into the formula."""
    differing = [
        key
        for key, sentence in catalogue("zh").items()
        if key.split(".")[0] in ("line", "remark", "note") and not same_end(sentence, catalogue("en")[key])
    ]
    assert differing == []


def same_end(chinese: str, english: str) -> bool:
    if english.endswith("."):
        return chinese[-1] in "。："
    return chinese[-1] == "：" if english.endswith(" is") else chinese[-1] not in "。："


def test_other_ends_are_found() -> None:
    assert same_end("其中 r 为：", "where r is")
    assert not same_end("其中 r 为。", "where r is")
    assert not same_end("这样", "So.")
    assert not same_end("这样。", "so")


def test_english_has_no_chinese_and_chinese_is_chinese() -> None:
    assert [key for key, text in catalogue("en").items() if re.search(rf"{CHINESE}|[，。；：！？（）、“”]", text)] == []
    names = ("activation.", "scheme.")
    sentences = {key: text for key, text in catalogue("zh").items() if key not in JOINTS and not key.startswith(names)}
    assert [key for key, text in sentences.items() if not re.search(CHINESE, text)] == []


# ---- no words anywhere else

TAG = re.compile(r"<#.*?#>|<%.*?%>", re.DOTALL)
LETTERS = re.compile(rf"[A-Za-z]+|{CHINESE}")


def words_in_template(text: str) -> list[str]:
    return LETTERS.findall(TAG.sub(" ", text))


@pytest.mark.parametrize("path", sorted((ROOT / "templates" / "stories").glob("*.jinja")), ids=lambda path: path.stem)
def test_a_story_has_no_words_of_its_own(path: object) -> None:
    text = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert words_in_template(text) == []
    sentences = [s for s in re.findall(r'"([^"]*)"', "".join(TAG.findall(text))) if re.search(rf"\w\s+\w|{CHINESE}", s)]
    assert sentences == []


def test_a_word_in_a_story_is_found() -> None:
    assert words_in_template('<%= to.section("x") %>Loss<# a comment #>') == ["Loss"]


def test_the_markdown_format_has_no_words() -> None:
    """Beside commands of mathematics one name is left: the language of a code block."""
    text = (ROOT / "templates" / "formats" / "md.jinja").read_text(encoding="utf-8")
    assert words_in_template(re.sub(r"\\[a-z]+", " ", text)) == ["python"]


def test_the_latex_format_has_only_commands() -> None:
    """Outside commands, their arguments and lengths nothing is left."""
    text = TAG.sub(" ", (ROOT / "templates" / "formats" / "latex.jinja").read_text(encoding="utf-8"))
    rest = re.sub(r"\\[A-Za-z]+\*?(\[[^\]]*\])?(\{[^{}]*\})*|\{l*\}|\d*\.?\d+(pt|em|cm)", " ", text)
    # the kinds of columns: one line, a paragraph
    assert set(LETTERS.findall(rest.replace(r"\\", " "))) <= {"l", "p"}


@pytest.mark.parametrize("room", ["document", "notation", "derivation", "trace"])
def test_no_sentences_in_code_that_makes_pages(room: str) -> None:
    """Texts of several words are messages of errors or documentation; no Chinese at all."""
    found = []
    for path in (ROOT / "stepwise" / room).rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        allowed = {id(part) for node in ast.walk(tree) for part in ast.walk(node) if is_message(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in allowed:
                found += [f"{path.name}:{node.lineno}: {node.value}"] if is_sentence(node.value) else []
    assert found == []


def is_message(node: ast.AST) -> bool:
    """An exception that is raised, a fault, the hint of one, or a text that stands alone (documentation)."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    name = getattr(getattr(node, "targets", [None])[0], "id", "") if isinstance(node, ast.Assign) else ""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Fault", "UnsupportedError"}:
        return True
    return isinstance(node, ast.Raise) or name == "hint" or (isinstance(node, ast.FunctionDef) and node.name == "_hint")


def is_sentence(text: str) -> bool:
    return bool(re.search(rf"{CHINESE}|[A-Za-z]{{2,}} [a-z]{{2,}}", text))


def test_a_sentence_in_code_would_be_found() -> None:
    assert is_sentence("The loss fell")
    assert is_sentence("损失")
    assert not is_sentence(r"\begin{aligned} &= ")
