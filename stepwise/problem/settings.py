"""Everything of a problem that is not its mathematics: title, language, training, rounding, notation, marks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, cast

from stepwise.problem.choices import number_of
from stepwise.problem.faults import View, did_you_mean
from stepwise.problem.model import Notation, Number, Rounding, Scheme, Train
from stepwise.problem.nodes import MapNode, listed, to_plain
from stepwise.problem.numbers import parse_number_or_letter
from stepwise.problem.symbols import symbol_fault
from stepwise.resources import known_languages

MOST_MARKS = 1_000_000
"""Marks of one quantity."""
MOST_NAMED = 1000
"""Quantities that a file may name in one place."""
LONGEST_TEXT = 500
"""Characters of a title."""


def read_title(view: View | None, name: str) -> Mapping[str, str]:
    """Language → title; one text for all languages has the key ""."""
    if view is None:
        return {"": name}
    if not view.fields():
        return {"": _line(view) if view.sound else ""}
    titles, known = {}, known_languages()
    for language, value in view.fields().items():
        if not value.sound:
            continue
        if language not in known:
            value.add(f"the language `{language[:20]}` is not known", did_you_mean(language, known))
        titles[language] = _line(value)
    return titles


def _line(view: View) -> str:
    text = " ".join(view.text.split())
    if not text.isprintable():
        view.add("there is a character that cannot be printed", "remove it")
    if len(text) > LONGEST_TEXT:
        view.add(f"the title has {len(text)} characters", f"write at most {LONGEST_TEXT}")
    return text


def read_languages(view: View | None) -> tuple[str, ...]:
    """`en`, `zh`, `en+zh`."""
    if view is None or not view.sound:
        return ("en",)
    known = known_languages()
    languages = tuple(part.strip() for part in view.text[:LONGEST_TEXT].split("+"))
    for language in languages:
        if language not in known:
            view.add(
                f"the language {language[:20]!r} is not known", did_you_mean(language, [*known, "+".join(known[:2])])
            )
    if len(set(languages)) < len(languages):
        view.add("a language is named twice", "name each once, as in en+zh")
    return languages


def read_rate(view: View | None, model: str, *, has_l2: bool) -> tuple[Number | None, Literal["constant", "inverse"]]:
    """The learning rate: a number, `{value: 0.1}`, or `{schedule: inverse}` for 1/(λt)."""
    if view is None:
        return None, "constant"
    is_map = isinstance(view.node, MapNode)
    schedule, value = view.good("schedule"), view.get("value") if is_map else view
    number = number_of(value) if is_map else _rate(view)
    if schedule is not None and schedule.text == "inverse":
        return _inverse(schedule, value, number, model, has_l2), "inverse"
    if number is None:
        if view.sound:
            view.add("there is no learning rate", "write a number above 0, or {value: 0.1}")
    elif number.value <= 0:
        (value or view).add(f"the learning rate {number.text} is not positive", "write a number above 0")
    return number, "constant"


def _rate(view: View) -> Number | None:
    return parse_number_or_letter(view.text) if view.sound and view.text else None


def _inverse(schedule: View, value: View | None, number: Number | None, model: str, has_l2: bool) -> Number:
    if model not in {"svm", "unknown"}:
        schedule.add("the inverse schedule 1/(λt) is for `model: svm`", "write a number")
    elif model == "svm" and not has_l2:
        schedule.add("the inverse schedule 1/(λt) needs λ", "write `l2: 1` under architecture")
    if value is not None and number is not None and number.value != 1:
        value.add("the inverse schedule is 1/(λt), without another number", "leave `value` out")
    return Number(1.0, "1")


def _whole(view: View | None, default: int) -> int:
    return int(view.text) if view is not None and view.sound else default


def _flag(view: View | None, default: bool) -> bool:
    return view.text == "true" if view is not None and view.sound else default


def _word(view: View | None, default: str) -> Any:
    return view.text if view is not None and view.sound else default


def read_train(view: View | None, model: str, *, biases: bool) -> Train:
    """What one run of training does."""
    if view is None:
        return Train()
    method, size, after = view.get("method"), view.good("batch_size"), view.get("loss_after")
    pegasos = _word(method, "subgradient") == "pegasos"
    if method is not None and pegasos and model not in {"svm", "unknown"}:
        method.add("pegasos is for `model: svm`", "leave it out")
    if (
        size is not None
        and model in {"svm", "perceptron"}
        and not ((model == "perceptron" or pegasos) and size.text == "1")
    ):
        size.add(f"batches are for `model: network`, not {model}", "leave it out")
    if after is not None and _flag(after, False) and model == "perceptron":
        after.add("a perceptron has no loss", "leave it out")
    update = view.good("update")
    if update is not None and not biases and {item.text for item in update.items()} == {"biases"}:
        update.add("there are no biases to update", "add the field `biases`, or leave `update` out")
    return Train(
        epochs=_whole(view.get("epochs"), 1),
        batch_size=int(size.text) if size is not None and model == "network" else None,
        update=frozenset(item.text for item in update.items()) if update else Train().update,
        method="pegasos" if pegasos else "subgradient",
        loss_after=_flag(after, False),
    )


def read_rounding(view: View | None) -> Rounding:
    """Digits, and whether rounded values are carried on."""
    if view is None:
        return Rounding()
    decimals, figures, zeros = view.get("decimals"), view.get("figures"), view.good("trailing_zeros")
    if decimals is not None and figures is not None:
        figures.add("decimals and figures are both given", "write one of them")
    chosen = {"true": "always", "false": "never"}.get(zeros.text, "auto") if zeros else "auto"
    quantities = view.get("quantities")
    each = quantities.fields() if quantities is not None and quantities.sound else {}
    return Rounding(
        carry=_flag(view.get("carry"), False),
        decimals=None if figures is not None else _whole(decimals, 4),
        figures=_whole(figures, 4) if figures is not None else None,
        quantities=tuple((name, int(value.text)) for name, value in each.items()),
        trailing_zeros=cast(Literal["auto", "always", "never"], chosen),
    )


def read_notation(view: View | None, model: str, *, single: bool) -> Notation:
    """How the mathematics is written."""
    if view is None:
        return Notation()
    default = Notation()
    backward = view.good("backward")
    if backward is not None and backward.text == "jacobian":
        if model not in {"network", "unknown"}:
            backward.add(f"Jacobians are for `model: network`, not {model}", "leave it out")
        elif not single:
            hint = "write one sample, as in `inputs: [1, 2]`, or `backward: chain`"
            backward.add("Jacobians are written for one sample, and `inputs` is a list of samples", hint)
    return Notation(
        style=_word(view.get("style"), default.style),
        product=_word(view.get("product"), default.product),
        symbols=_symbols(view.get("symbols")),
        delta=_word(view.get("delta"), default.delta),
        backward=_word(view.get("backward"), default.backward),
    )


def _symbols(view: View | None) -> Mapping[str, str]:
    if view is None or len(view.fields()) > MOST_NAMED:
        return {}
    symbols: dict[str, str] = {}
    for name, value in view.fields().items():
        if not value.sound:
            continue
        fault = symbol_fault(value.text)
        if fault is not None:
            value.add(*fault)
        key = "y" if name == "label" else name
        if key in symbols:
            value.add("`label` is another name of `y`", "write one of them")
        symbols[key] = value.text.strip()
    return symbols


def read_marks(view: View | None) -> Mapping[str, float]:
    """Marks by quantity id."""
    if view is None or len(view.fields()) > MOST_NAMED:
        return {}
    marks = {}
    for name, value in view.fields().items():
        number = number_of(value)
        if number is not None and number.value < 0:
            value.add(f"{number.text} marks are fewer than 0", "write 0 or more")
        if number is not None and number.value > MOST_MARKS:
            value.add(f"{number.text} marks are too many", f"write at most {MOST_MARKS:,}")
        marks[name] = number.value if number is not None else 0.0
    return marks


def read_marking(view: View | None) -> Scheme:
    """How answers are marked."""
    if view is None:
        return Scheme()
    default = Scheme()
    return Scheme(
        follows=_share(view.get("follows"), default.follows),
        too_few_digits=_share(view.get("too_few_digits"), default.too_few_digits),
        nothing_left=_share(view.get("nothing_left"), default.nothing_left),
        by=_word(view.get("by"), default.by),
    )


def _share(view: View | None, default: float) -> float:
    number = number_of(view)
    if view is None or number is None:
        return default
    if not 0 <= number.value <= 1:
        view.add(f"{number.text} is no share of the marks", "write a number from 0 to 1, such as 0.5 or 50%")
    return number.value


def read_ask(view: View | None) -> tuple[str, ...]:
    """The quantities a student is asked for."""
    return tuple(item.text for item in view.items()) if view is not None and view.sound else ()


def read_vary(view: View | None) -> Mapping[str, Any]:
    """What a sheet draws anew, as it stands in the file."""
    return dict(listed(to_plain(view.node))) if view is not None and isinstance(view.node, MapNode) else {}
