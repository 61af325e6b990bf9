"""The sentences of a page: its remarks, and what the set-up and the notes say of the problem."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from stepwise.document.words import catalogue
from tests.document.true_notes import notes
from tests.document.true_remarks import remarks_of_quantities, sentence

from .complaints import Complaint

if TYPE_CHECKING:
    from .reading import Reading

_HEADING = re.compile(r"^(?:#+ |\\(?:sub)*section\{)(.*?)\}?$", re.MULTILINE)
_ITERATION = re.compile(r"Iteration (\d+) of (\d+)|第 (\d+) 次迭代（共 (\d+) 次）")
_PERCENT = re.compile(r"\$(-?[\d.]+)(?: \\times 10\^\{(-?\d+)\})?\\%\$")
_PARTS = ("remark.prediction.right", "remark.prediction.wrong", "remark.loss.L", "remark.loss.J")
"""What stands in the slots of remarks."""
Line = tuple[int | None, str]
"""A quantity of an iteration."""
Fact = tuple[str, dict[str, int]]
"""A phrase, and the counts that it may name."""
FORMS = ("clipped", "other_form", "series", "shifted", "sure")


def headings(text: str) -> list[tuple[int, int | None]]:
    """Where each section begins, and the iteration it is of (None: of none, or of the one that there is)."""
    found: list[tuple[int, int | None]] = []
    for heading in _HEADING.finditer(text):
        number = _ITERATION.search(heading[1])
        if number:
            found.append((heading.start(), int(number[1] or number[3])))
        elif not heading[0].startswith(("###", r"\subsection")):
            found.append((heading.start(), None))
    return found


def check_words(page: Reading, language: str) -> Iterator[Complaint]:
    """What is said is true, and what is to be said is said."""
    lines = plain_lines(page.text)
    worked = list(dict.fromkeys((one.iteration, one.name) for one in page.results if _is_line(page, one.name)))
    words = catalogue(language)
    yield from _remarks(page, lines, worked, words)
    for form in FORMS:
        said = words[f"note.{form}"].replace("{tiny}", "$10^{-12}$") in lines
        if said is not (form in notes(page.trace, worked)):
            yield Complaint("note", form, "said, and not so" if said else "so, and not said")
    yield from _facts(page, lines, words)
    yield from _numbered(page)


def _is_line(page: Reading, name: str) -> bool:
    return name in page.trace.derivation.steps


def plain_lines(text: str) -> Counter[str]:
    """The lines of a page, mathematics in dollars, without the marks of lists and notes."""
    text = text.replace(r"\(", "$").replace(r"\)", "$").replace(r"\item ", "- ")
    return Counter(re.sub(r"^(- |> )", "", line.strip()) for line in text.splitlines() if line.strip())


def _remarks(
    page: Reading, lines: Counter[str], worked: list[tuple[int | None, str]], words: Mapping[str, str]
) -> Iterator[Complaint]:
    wanted = Counter(sentence(key, words) for key in remarks_of_quantities(page.trace, worked))
    remark = any_remark(tuple(words[key] for key in words if key.startswith("remark.") and key not in _PARTS))
    heard = Counter({line: count for line, count in lines.items() if remark.fullmatch(line)})
    heard, wanted = _alike(heard), _alike(wanted)
    for line in heard - wanted:
        yield Complaint("remark", line, "this is not so")
    for line in wanted - heard:
        yield Complaint("remark", line, "this is to be said")


def _alike(lines: Counter[str]) -> Counter[str]:
    """Percentages to whole halves: how they are rounded is told by the digits of the page."""
    found: Counter[str] = Counter()
    for line, count in lines.items():
        found[_PERCENT.sub(lambda one: f"${float(one[1]) * 10.0 ** int(one[2] or 0):.1f}%$", line)] += count
    return found


@cache
def any_remark(sentences: tuple[str, ...]) -> re.Pattern[str]:
    """Any of these sentences, with anything in their slots."""
    return re.compile("|".join(_pattern(sentence) for sentence in sentences))


def _pattern(sentence: str) -> str:
    return re.sub(r"\\\{(\w+)\\\}", ".+?", re.escape(sentence))


def _facts(page: Reading, lines: Counter[str], words: Mapping[str, str]) -> Iterator[Complaint]:
    """Numbers of samples, batches, epochs and iterations."""
    wanted = dict(_setup(page))
    for key in FACTS:
        pattern = re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(words[key])))
        found = next((match for line in lines if (match := pattern.fullmatch(line))), None)
        if found is None and key in wanted:
            yield Complaint("fact", key, "not said")
        if found is not None:
            said = {name: int(re.sub(r"\D", "", text) or -1) for name, text in found.groupdict().items()}
            if key not in wanted or any(said.get(name, value) != value for name, value in wanted[key].items()):
                yield Complaint("fact", key, f"{found[0]}: true is {wanted.get(key, 'otherwise')}")


FACTS = (
    "setup.one_sample", "setup.samples_column", "setup.samples_row", "setup.no_bias",
    "setup.reduction.mean", "setup.reduction.sum", "setup.batches", "setup.batches_short", "setup.epochs",
    "setup.sgd", "setup.one_by_one", "setup.repeats", "note.iterations", "note.one_iteration", "note.divided",
)  # fmt: skip


def _setup(page: Reading) -> Iterator[Fact]:
    """What is to be said of the problem, from its file."""
    document = page.problem.document
    model, train = document.get("model", "network"), document.get("train", {})
    loss = document.get("architecture", {}).get("loss", "")
    samples = page.numbers["x"].shape[1 if page.problem.layout == "column" else 0]
    inputs = document["inputs"]
    single = not isinstance(inputs, dict) and not (isinstance(inputs, list) and isinstance(inputs[0], list))
    if single:
        yield "setup.one_sample", {}
    else:
        yield f"setup.samples_{page.problem.layout}", {"count": samples}
    one_by_one = model == "perceptron" or train.get("method") == "pegasos"
    if (loss or model == "svm") and not single and not one_by_one:
        usual = "sum" if model == "svm" else "mean"
        yield f"setup.reduction.{loss.get('reduction', usual) if isinstance(loss, dict) else usual}", {}
    if "biases" not in document:
        yield "setup.no_bias", {}
    if page.problem.notation.delta == "divided" and not single:
        yield "note.divided", {}
    if "lr" in document:
        yield from _training(train, samples, single=single, one_by_one=one_by_one)
    total = page.trace.iterations
    if total > 3:
        shown = len({number for _, number in headings(page.text) if number})
        yield (
            ("note.iterations", {"total": total, "shown": shown})
            if shown > 1
            else ("note.one_iteration", {"total": total})
        )


def _training(train: Mapping[str, int], samples: int, *, single: bool, one_by_one: bool) -> Iterator[Fact]:
    epochs, size = int(train.get("epochs", 1)), int(train.get("batch_size", samples))
    counts = {
        "epochs": epochs,
        "samples": samples,
        "size": size,
        "batches": -(-samples // size),
        "rest": samples % size,
    }
    if one_by_one:
        yield "setup.one_by_one", counts
    elif size < samples:
        yield "setup." + ("sgd" if size == 1 else "batches_short" if samples % size else "batches"), counts
    elif epochs > 1:
        yield "setup.repeats" if single else "setup.epochs", counts


def _numbered(page: Reading) -> Iterator[Complaint]:
    """Iterations are counted from 1, out of as many as there are."""
    total = page.trace.iterations
    numbers = []
    for heading in _HEADING.finditer(page.text):
        found = _ITERATION.search(heading[1])
        if found and not heading[1].startswith("After"):
            numbers.append(int(found[1] or found[3]))
            if int(found[2] or found[4]) != total:
                yield Complaint("heading", heading[1], f"there are {total}")
    if numbers != [*range(1, len(numbers) + 1)]:
        yield Complaint("heading", str(numbers), "iterations are counted from 1, one by one")
