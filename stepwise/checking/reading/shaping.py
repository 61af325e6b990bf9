"""From what is written for one quantity to numbers in its shape, as on paper."""

from __future__ import annotations

import math
import re

import numpy as np

from stepwise.asking import Asked
from stepwise.checking.model import Answer
from stepwise.checking.reading.keys import UnfitError
from stepwise.checking.reading.typed import EXAMPLES, NOTHING, Typed, parse_typed, plain, with_exponents
from stepwise.problem.nodes import ListNode, Node, Scalar, kind, shortened
from stepwise.problem.numbers import NumberError

Shape = tuple[int, ...]

_SQUARE = str.maketrans("()", "[]")
_ROW = re.compile(r"\[([^\[\]]*)\]")
_DEEPEST = 2
_MOST_SHOWN = 12
"""Numbers of a quantity whose form is shown in a message."""


class EntryError(UnfitError):
    """Why something inside a list is no answer: `place` is where (`[1][2]`), `line` its line."""

    def __init__(self, message: str, hint: str = "", place: str = "", line: int | None = None) -> None:
        super().__init__(message, hint)
        self.place = place
        self.line = line


def answer_of(node: Node, asked: Asked) -> Answer | None:
    """The numbers written for a quantity; None where all are left empty. Raises EntryError where they do not fit."""
    if isinstance(node, Scalar):
        if node.is_null:
            return None
        node = _from_text(node, asked)
    found: list[Typed] = []
    shape = _collect(node, found, "")
    if not any(one.text for one in found):
        return None
    _check(shape, len(found), asked)
    return answer_from(found, asked)


def answer_from(typed: list[Typed], asked: Asked) -> Answer:
    """An answer from its numbers, row by row."""
    values, halves, texts = zip(*typed, strict=True)
    array = np.empty(len(texts), dtype=np.object_)
    array[:] = texts
    return Answer(
        np.array(values, dtype=np.float64).reshape(asked.shape),
        np.array(halves, dtype=np.float64).reshape(asked.shape),
        array.reshape(asked.shape),
    )


def one_number(node: Node) -> Typed:
    """The number at a place that holds just one. Raises EntryError for anything else."""
    found: list[Typed] = []
    if not isinstance(node, Scalar) and _size(_collect(node, found, "")) != 1:
        raise EntryError("a list stands where one number belongs", EXAMPLES)
    return found[0] if found else _number(node, "")


def _number(node: Node, place: str) -> Typed:
    if not isinstance(node, Scalar):
        raise EntryError(f"{kind(node)} stand where a number belongs", EXAMPLES, place, node.line)
    if node.is_null:
        return NOTHING
    try:
        return parse_typed(node.text)
    except NumberError as error:
        raise EntryError(str(error), error.hint, place, node.line) from None


def _collect(node: Node, found: list[Typed], place: str, depth: int = 0) -> Shape:
    """Gather the numbers of lists in lists; how many there are along each axis."""
    if not isinstance(node, ListNode):
        found.append(_number(node, place))
        return ()
    if depth == _DEEPEST:
        raise EntryError("lists in lists in lists", "write a matrix as a list of rows: [[1, 2], [3, 4]]", "", node.line)
    first: Shape | None = None
    items = [one for item in node.items for one in _apart(item)]
    for number, item in enumerate(items, 1):
        shape = _collect(item, found, f"{place}[{number}]", depth + 1)
        if first is not None and shape != first:
            message = f"row {number} has {_counted(shape)}, the first has {_counted(first)}"
            raise EntryError(message, "make all rows equally long", "", item.line)
        first = shape
    return (len(items), *(first or ()))


def _apart(node: Node) -> list[Node]:
    """`0.8，-0.3` in a list: to YAML the commas of a Chinese keyboard are letters."""
    if not isinstance(node, Scalar) or node.quoted or not re.search("[，、；]", node.text):
        return [node]
    return [Scalar(text, node.line, True) for text in re.split("[，、；]", node.text)]


def _check(shape: Shape, count: int, asked: Asked) -> None:
    """A number may stand in brackets, a vector may be a row or a column, a matrix has its shape."""
    size = _size(asked.shape)
    typed_as_vector = len(shape) < 2 or (1 in shape and asked.rank < 2)
    asked_as_vector = asked.rank < 2 or 1 in asked.shape
    if count == size and (size == 1 or shape == asked.shape or (typed_as_vector and asked_as_vector)):
        return
    message = f"{_counted(shape)} where {_counted(_natural(asked))} {'belongs' if size == 1 else 'belong'}"
    raise EntryError(message, _shape_hint(shape, count, asked))


def _shape_hint(shape: Shape, count: int, asked: Asked) -> str:
    rows, columns = asked.shape
    if asked.rank == 2 and shape == (columns, rows):
        return "it looks transposed: " + _form(asked)
    if count == 2 * rows * columns:
        return f'{_form(asked)}; a decimal comma between brackets separates: write 0.47, or "0,47" in quotes'
    return _form(asked)


def _form(asked: Asked) -> str:
    """What the form looks like."""
    rows, columns = asked.shape
    if rows * columns > _MOST_SHOWN:
        return f"write {_counted(_natural(asked))}"
    row = f"[{', '.join('~' * columns)}]"
    if asked.rank == 0:
        return f"write `{asked.id}: ~` with the number for ~"
    whole = f"[{', '.join([row] * rows)}]" if asked.rank == 2 else f"[{', '.join('~' * (rows * columns))}]"
    return f"write `{asked.id}: {whole}` with a number for each ~"


def _natural(asked: Asked) -> Shape:
    return ((), (_size(asked.shape),), asked.shape)[asked.rank]


def _size(shape: Shape) -> int:
    return math.prod(shape)


def _counted(shape: Shape) -> str:
    if len(shape) == 2:
        return f"{shape[0]} × {shape[1]} numbers"
    count = _size(shape)
    return "one number" if count == 1 else f"{count or 'no'} numbers"


def _from_text(node: Scalar, asked: Asked) -> Node:
    """A list in a text, such as `[0.8, -0.3]`, `0,8; -0,3` or `1 2; 3 4`, as a list."""
    text = plain(node.text).replace("$", "")
    text = " ".join(re.sub(r"<br\s*/?>|\n", ";", text).split())
    text = with_exponents(re.sub(" ?/ ?", "/", text).replace(" %", "%"))
    if text.startswith(("(", "[(")) and text.endswith((")", ")]")):
        text = text.translate(_SQUARE)
    inside = text[1:-1] if text.startswith("[") and text.endswith("]") and not _apart_rows(text) else text
    size = _size(asked.shape)
    if inside is text and (size == 1 or not re.search("[0-9]", text) or ("," not in text and _is_number(text))):
        return Scalar(text, node.line, quoted=True)
    if "[" in inside:
        rows = _ROW.findall(inside)
        if _ROW.sub("", inside).strip(" ,;"):
            raise EntryError(
                f"{shortened(node.text)!r} is no list of numbers", "write a list such as [0.8, -0.3]", "", node.line
            )
    else:
        rows = inside.split(";")
    width = asked.shape[1] if len(rows) == asked.shape[0] > 1 else size if len(rows) == 1 else 1
    lists: list[Node] = [ListNode([Scalar(item, node.line, True) for item in _items(row, width)]) for row in rows]
    return lists[0] if len(rows) == 1 and "[" not in inside else ListNode(lists, node.line)


def _apart_rows(text: str) -> bool:
    """Whether this is `[1, 2], [3, 4]`: rows without brackets around them."""
    row = _ROW.match(text)
    return row is not None and row.end() < len(text)


def _items(row: str, width: int) -> list[str]:
    """The numbers of a row: between commas or blanks; commas are decimal where that gives as many as belong there."""
    between_commas = [item for part in row.split(",") for item in part.split() or [""]]
    between_blanks = [item.rstrip(",") for item in row.split()]
    if len(between_commas) != width == len(between_blanks) and all(map(_is_number, between_blanks)):
        return between_blanks
    return between_commas


def _is_number(text: str) -> bool:
    try:
        parse_typed(text)
    except NumberError:
        return False
    return True
