"""The code cells of a worked notebook: the given numbers as arrays, then every line of the calculation in NumPy."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from stepwise.derivation import Step
from stepwise.document.phrases import Phrase, phrase
from stepwise.document.plain_formula import plain_symbol
from stepwise.expressions import Cases, Expr, Fill, Func, walk
from stepwise.expressions.rewrite import rebuild
from stepwise.notation.numpy_code import code
from stepwise.resources import resource
from stepwise.trace import Quantity, Trace, symbol_text
from stepwise.trace.arithmetic import digits_in
from stepwise.trace.effort import batches

_WIDEST = 88
"""Columns of a line of code; the rows of a longer array stand below one another."""
_DATA = ("x", "y")
_COUNTS = ("N", "t")
_IMPORTS = {"Phi": ("from", "scipy.stats", "import", "norm"), "erf": ("from", "scipy", "import", "special")}
"""What a function needs that NumPy does not have."""
_NUMPY = ("import", "numpy", "as", "np")
_FOR = ("for", "t", "in")
_DECIMAL = ("from", "decimal", "import", "ROUND_HALF_UP,", "Decimal")


class CodePart(Struct, frozen=True):
    """A code cell: its id, and the heading of the section behind which it belongs."""

    id: str
    heading: Phrase
    lines: tuple[str, ...]


def code_parts(trace: Trace, guarded: frozenset[str], iterations: Sequence[int]) -> list[CodePart]:
    """The code cells of a trace in numbers, in the order of the calculation.

    `guarded` names the precautions (against overflow and the like) that the page says it took; `iterations` are those
    that the page works in full, where there are several.
    """
    return list(_Code(trace, guarded).parts(iterations))


class _Code:
    def __init__(self, trace: Trace, guarded: frozenset[str]) -> None:
        self.trace, self.problem, self.derivation = trace, trace.problem, trace.derivation
        self.guarded = guarded
        self.digits = digits_in(self.problem, self.derivation)
        self.hand = trace.arithmetic == "hand"
        self.slices = batches(self.problem, self.derivation)
        self.data = [name for name in _DATA if name in self.derivation.givens or name in self.derivation.steps]

    def parts(self, iterations: Sequence[int]) -> Iterator[CodePart]:
        several = len(self.slices) > 1
        before = list(self._phases(self.derivation.before))
        kept = tuple(self._kept()) if several else ()
        yield CodePart("given", phrase("section.setup"), (*self._given(), *(() if before else kept)))
        yield from (replace(part, lines=(*part.lines, *kept)) for part in before)
        if not several:
            yield from self._phases((*self.derivation.each, *self.derivation.after))
            return
        total = len(self.slices)
        for number in iterations:
            heading = phrase("section.iteration", number=number, total=total)
            yield CodePart(f"iteration-{number}", heading, tuple(self._iteration(number)))
        done = max(iterations, default=0)
        if done < total:
            heading = phrase("section.history", total=total)
            yield CodePart("iterations", heading, tuple(self._rest(done + 1)))
        if self.derivation.after:
            lines = (*self._all_samples(), *self._lines(self.derivation.after), *_shown(self.derivation.after))
            yield CodePart("after", phrase("section.after_all", total=total), lines)

    # ---- what is given

    def _given(self) -> Iterator[str]:
        steps = list(self.derivation)
        named = {node.name for step in steps for node in walk(step.tree) if isinstance(node, Func)}
        if self.hand:
            yield from (" ".join(_DECIMAL), "")
        yield " ".join(_NUMPY)
        yield from (" ".join(words) for name, words in _IMPORTS.items() if name in named)
        yield ""
        for name in ("show", *(("rounded",) if self.hand else ())):
            yield ""
            yield from (resource("templates") / "notebook" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
            yield ""
        yield ""
        if self.guarded:
            yield 'np.seterr(all="ignore")'
        yield from _arrays(self.trace)
        if len(self.slices) == 1:
            yield from self._counted("N", str(self.problem.samples))
            yield from self._counted("t", "1")

    def _counted(self, name: str, text: str) -> Iterator[str]:
        if name in self.derivation.givens:
            yield f"{name} = {text}"

    # ---- one run through the lines

    def _phases(self, steps: Iterable[Step]) -> Iterator[CodePart]:
        for phase, group in groupby(steps, key=lambda step: step.phase):
            lines = list(group)
            said = "error" if phase == "loss" and self.problem.model == "perceptron" else phase
            yield CodePart(phase, phrase(f"section.{said}"), (*self._lines(lines), *_shown(lines)))

    def _lines(self, steps: Iterable[Step]) -> Iterator[str]:
        for step in steps:
            text = self._expression(step.tree)
            if self.hand:
                digits = self.digits(step.id)
                text = f"rounded({text}, {'figures=' if digits.figures else ''}{digits.count})"
            yield f"{step.id} = {text}"

    def _expression(self, tree: Expr) -> str:
        if isinstance(tree, Fill):
            return f"np.full_like({code(tree.like)[0]}, {code(tree.value)[0]})"
        return code(rebuild(tree, self._unguarded))[0]

    def _unguarded(self, node: Expr) -> Expr | None:
        """A precaution that was taken is written like any other case; `code` leaves out the others."""
        if isinstance(node, Cases) and node.note in self.guarded:
            changed: Expr = rebuild(Cases(node.cases, node.otherwise), self._unguarded)
            return changed
        return None

    # ---- several iterations

    @property
    def _batched(self) -> bool:
        return any(chosen != slice(None) for chosen in self.slices)

    def _kept(self) -> Iterator[str]:
        """All samples under a name of their own, before an iteration takes some of them."""
        if self._batched:
            yield f"{', '.join(f'{name}_all' for name in self.data)} = {', '.join(self.data)}"

    def _all_samples(self) -> Iterator[str]:
        if self._batched:
            yield f"{', '.join(self.data)} = {', '.join(f'{name}_all' for name in self.data)}"
        yield from self._counted("N", str(self.problem.samples))

    def _samples(self, start: str, stop: str) -> Iterator[str]:
        part = f"[:, {start}:{stop}]" if self.problem.layout == "column" else f"[{start}:{stop}]"
        if self._batched:
            yield f"{', '.join(self.data)} = {', '.join(f'{name}_all{part}' for name in self.data)}"
        yield from self._counted("N", f"x.shape[{1 if self.problem.layout == 'column' else 0}]")

    def _iteration(self, number: int) -> Iterator[str]:
        chosen = self.slices[number - 1]
        yield from self._counted("t", str(number))
        yield from self._samples(str(chosen.start), str(chosen.stop))
        yield from self._lines(self.derivation.each)
        yield from _shown(self.derivation.each)
        yield from self._carried()

    def _rest(self, first: int) -> Iterator[str]:
        """The iterations that the page does not work in full."""
        yield " ".join((*_FOR, f"range({first}, {len(self.slices) + 1}):"))
        inside: list[str] = []
        if self._batched:
            size = self.slices[0].stop - self.slices[0].start
            epoch = len(self.slices) // self.problem.train.epochs if self.derivation.carried else len(self.slices)
            inside.append(f"start = (t - 1) % {epoch}" + (f" * {size}" if size > 1 else ""))
        stop = "start + 1" if not self._batched or self.slices[0].stop == 1 else f"start + {self.slices[0].stop}"
        inside += [*self._samples("start", stop), *self._lines(self.derivation.each), *self._carried()]
        yield from (f"    {line}" for line in inside)
        last = self.derivation.carried.values()
        yield from _shown([self.derivation.steps[name] for name in last] or self.derivation.each)

    def _carried(self) -> Iterator[str]:
        """What the next iteration starts from."""
        carried = self.derivation.carried
        if carried:
            yield f"{', '.join(carried)} = {', '.join(carried.values())}"


def _shown(steps: Iterable[Step]) -> Iterator[str]:
    """The results that have a symbol, printed."""
    names = [step.id for step in steps if step.symbol is not None]
    line = f"show({', '.join(f'{name}={name}' for name in names)})"
    if names and len(line) <= _WIDEST:
        yield line
    elif names:
        yield "show("
        yield from (f"    {name}={name}," for name in names)
        yield ")"


def given_lines(trace: Trace) -> Iterator[str]:
    """The given numbers as arrays, for somebody who calculates with them."""
    yield from (" ".join(_NUMPY), "")
    yield from _arrays(trace)


def _arrays(trace: Trace) -> Iterator[str]:
    for name in trace.derivation.givens:
        quantity = trace.quantities.get(name)
        if quantity is not None and quantity.value is not None and name not in _COUNTS:
            yield from _array(name, quantity.value, quantity.texts, _called(quantity), scalar=quantity.rank == 0)


def _called(quantity: Quantity) -> str:
    """A comment with the symbol of the text, where it is not the name: `  # t` for `y`."""
    symbol = plain_symbol(symbol_text(quantity))
    letters = "".join(filter(str.isalnum, symbol))
    return "" if letters in ("", quantity.name.replace("_", "")) else f"  # {symbol}"


def _array(name: str, values: Any, texts: Any, comment: str, *, scalar: bool) -> Iterator[str]:
    """`x = np.array([[1], [2]], dtype=float)`, with numbers as typed."""
    rows = [
        [
            number_code(float(value), None if texts is None else str(texts[row, column]))
            for column, value in enumerate(line)
        ]
        for row, line in enumerate(values)
    ]
    if scalar:
        yield f"{name} = {rows[0][0]}{comment}"
        return
    listed = [f"[{', '.join(row)}]" for row in rows]
    whole = f"{name} = np.array([{', '.join(listed)}], dtype=float){comment}"
    if len(whole) <= _WIDEST:
        yield whole
        return
    yield f"{name} = np.array([{comment}"
    yield from (f"    {row}," for row in listed)
    yield "], dtype=float)"


def number_code(value: float, text: str | None) -> str:
    """A number as typed where Python reads it so, else by its digits."""
    if text is None:
        return repr(value)
    try:
        for part in text.split("/"):
            ast.literal_eval(part.strip())
    except (ValueError, SyntaxError):
        return repr(value)
    return text


Headed = Callable[[Phrase], bool]
"""Whether a page has a section of this heading."""


def shown_in_full(trace: Trace, has: Headed) -> list[int]:
    """The iterations that have a section of their own, from the first on."""
    total, found = trace.iterations, []
    for number in range(1, total + 1) if total > 1 else ():
        if not has(phrase("section.iteration", number=number, total=total)):
            break
        found.append(number)
    return found


def has_code(trace: Trace) -> bool:
    """Whether the calculation is one of numbers, which NumPy can do again."""
    return trace.problem.has_numbers and trace.problem.model != "separability" and not trace.in_forms
