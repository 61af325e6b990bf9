"""Which quantity, or which one number of it, a name in an answer file means: `z1`, `t2.dW1`, `dW1[1,2]`."""

from __future__ import annotations

import re
from functools import lru_cache

from stepwise.asking import Asked, Questions
from stepwise.checking.reading.typed import plain
from stepwise.derivation import plan
from stepwise.problem.faults import suggestion
from stepwise.problem.nodes import shortened

Place = tuple[int, int]
"""An entry of an array on paper, counted from 0."""

_KEY = re.compile(r"([^\[\]]+?)\s*(?:\[\s*([0-9]{1,6})\s*(?:,\s*([0-9]{1,6})\s*)?\])?")
_LETTERS = {"δ": "delta", "Δ": "delta", "∇": "d", "η": "lr", "ŷ": "yhat"}
_WORDS = {"loss": "L", "cost": "L", "损失": "L"}
_LONGEST = 60
"""Characters of a name."""
_MOST_LISTED = 20


class UnfitError(ValueError):
    """Why something is no answer; `hint` says what to write."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UnknownError(UnfitError):
    """A name that is like none of the problem's names."""


@lru_cache(maxsize=4096)
def find(questions: Questions, key: str) -> tuple[Asked, Place | None]:
    """The quantity that `key` names, and the entry if it names one. Raises UnfitError for any other name."""
    found = _KEY.fullmatch(plain(key)) if len(key) <= _LONGEST else None
    name = found[1] if found else key
    asked = questions.quantities.get(name)
    if asked is None:
        raise _unknown(questions, name)
    if found is None or found[2] is None:
        return asked, None
    return asked, _place(asked, int(found[2]), None if found[3] is None else int(found[3]))


def _place(asked: Asked, first: int, second: int | None) -> Place:
    rows, columns = asked.shape
    if second is None:
        if asked.rank == 2 and 1 not in asked.shape:
            hint = f"write the row and the column, such as {asked.id}[1,2]"
            raise UnfitError(f"`{asked.id}` is a matrix of {rows} × {columns}", hint)
        first, second = (1, first) if rows == 1 else (first, 1)
    if not (1 <= first <= rows and 1 <= second <= columns):
        last = str(rows * columns) if asked.rank < 2 else f"{rows},{columns}"
        raise UnfitError(f"`{asked.id}` has no such entry", f"its last one is {asked.id}[{last}]; they count from 1")
    return first - 1, second - 1


def place_name(asked: Asked, place: Place) -> str:
    """An entry as a student names it: `z1[2]`, `dW1[1,2]`."""
    row, column = place
    return f"{asked.id}[{row + 1},{column + 1}]" if asked.rank == 2 else f"{asked.id}[{row + column + 1}]"


@lru_cache(maxsize=8)
def _givens(questions: Questions) -> frozenset[str]:
    return frozenset(plan(questions.problem).givens)


@lru_cache(maxsize=8)
def _symbols(questions: Questions) -> dict[str, str]:
    """The names that the problem's own symbols stand for, by the symbol as it would be typed."""
    found = {}
    for name, symbol in questions.problem.notation.symbols.items():
        accented = re.sub(r"\\(hat|bar|tilde)\s*\{?(\w)\}?", r"\2\1", symbol)
        found[_simple(re.sub(r"\\(mathbf|mathrm|mathit|boldsymbol)|[\\{}\s]", "", accented))] = name
    return {symbol: "y" if name == "label" else name for symbol, name in found.items()}


def _simple(name: str) -> str:
    """A symbol as it would be typed with letters alone."""
    for letter, word in {**_LETTERS, "η": "eta"}.items():
        name = name.replace(letter, word)
    return re.sub("[_^]", "", name)


def _by_symbol(questions: Questions, name: str, bare: str) -> UnfitError | None:
    """A name that is a symbol on the page: of what is asked, or of what is given."""
    typed, index = _simple(bare), ""
    meant = _symbols(questions).get(typed)
    if meant is None and (found := re.fullmatch("(.*[^0-9])([0-9]+)", typed)):
        meant, index = _symbols(questions).get(found[1]), f"[{found[2]}]"
    if meant is None or bare == meant:
        return None
    ids = [one.id for one in questions.quantities.values() if one.name == meant]
    if ids:
        near = f"{name.removesuffix(bare)}{meant}"
        near = (near if near in ids else ids[0]) + index
        given = f"`{bare}` stands for a given value here" if bare in _givens(questions) else ""
        message = given or f"no quantity `{shortened(name)}` in this problem"
        return UnfitError(message, f"did you mean `{near}`, which the page writes as {shortened(bare)}?")
    return (
        UnfitError(f"`{shortened(name)}` is given, not asked", "leave it out") if meant in _givens(questions) else None
    )


def _resembles(questions: Questions, name: str) -> bool:
    """Whether a name has a part like `z9` or `dL/dz`, which is only written for a quantity."""
    stems = {
        re.sub("[0-9]+.*", "", known) for known in (*questions.quantities, *_givens(questions)) if known[-1].isdigit()
    }
    numbered = re.findall("([A-Za-z]+)_?[0-9]", name[:_LONGEST])
    return not stems.isdisjoint(numbered) or re.match("d[A-Za-z]/d|∂", name) is not None


def _unknown(questions: Questions, name: str) -> UnfitError:
    bare = re.sub(r"^t[0-9]+\.", "", name)
    if (error := _by_symbol(questions, name, bare)) is not None:
        return error
    if bare in _givens(questions):
        return UnfitError(f"`{shortened(name)}` is given, not asked", "leave it out")
    several = [one.id for one in questions.quantities.values() if one.name == name]
    if several:
        choice = f"`{several[0]}` … `{several[-1]}`" if len(several) > 1 else f"`{several[0]}`"
        return UnfitError(f"there is a `{name}` in every iteration", f"write {choice}")
    if bare in questions.quantities:
        return UnfitError(f"no quantity `{shortened(name)}` in this problem", f"did you mean `{bare}`?")
    written = _WORDS.get(name.casefold(), name)
    for letter, word in _LETTERS.items():
        written = written.replace(letter, word)
    same = (one.id for one in questions.quantities.values() if written in {one.id, one.name})
    near = next(same, None) or suggestion(written, questions.quantities)
    if near is not None:
        return UnfitError(f"no quantity `{shortened(name)}` in this problem", f"did you mean `{near}`?")
    known = [one.id for one in questions.asked]
    more = " …" if len(known) > _MOST_LISTED else ""
    hint = f"there are {', '.join(known[:_MOST_LISTED])}{more}"
    kind = UnfitError if _resembles(questions, name) else UnknownError
    return kind(f"no quantity `{shortened(name)}` in this problem", hint)
