"""The page of one parameter's path: the chain rule from it to the loss, every factor with its number, the product."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from stepwise.derivation.path import COPIED, Factor, PathPlan, plan_path
from stepwise.derivation.place import find_place
from stepwise.document.options import format_of, languages_of
from stepwise.document.page import Page, beside
from stepwise.document.path_lines import PathLines
from stepwise.document.phrases import Math, Phrase, phrase
from stepwise.document.rendering import DETAILS, JSON, told_below
from stepwise.errors import UnsupportedError
from stepwise.expressions import Entry
from stepwise.notation.layout import Chain, displays
from stepwise.notation.numbers import same
from stepwise.notation.written import Written, atom
from stepwise.problem.model import Problem
from stepwise.trace import Trace, solve_planned

if TYPE_CHECKING:
    from stepwise.verifying import Verification

_FROM_LOSS = {"loss": 0, "delta": 0, "mixed": 1, "slope": 1, "weight": 2, "input": 3, "bias": 3}
_OF_LONG_RUNS = ("note.iterations", "note.one_iteration")


def render_path(
    problem: Problem,
    path: str,
    format: str = "md",
    language: str | None = None,
    detail: str = "full",
    *,
    verified: Verification | None = None,
    templates: Path | str | None = None,
) -> str:
    """The chain rule from one parameter to the loss: `path` is `W1[1,2]`, `b1[2]` or, of iteration 2, `t2.W1[1,2]`;
    `verified` goes below the page as a table.

    Raises UnsupportedError for a parameter there is not, a problem without layers or loss, or too many samples.
    """
    languages = languages_of(language, problem.languages)
    if detail not in DETAILS:
        raise UnsupportedError(f"no detail {detail!r} (there are {', '.join(DETAILS)})")
    if format == JSON:
        raise UnsupportedError("a path is written in md and latex; the json of the whole problem has every factor")
    form = format_of(format)
    plan, trace = planned_path(problem, path)
    from stepwise.document.telling import Told, tell

    page = PathPage(trace, plan, detail)
    told = Told("path", page, problem, "path", page.about, told_below(verified))
    return tell(told, form, languages, templates)


def planned_path(problem: Problem, path: str) -> tuple[PathPlan, Trace]:
    """The lines of a path, and their values. Raises UnsupportedError as `render_path` does."""
    plan = plan_path(problem, find_place(problem, path))
    trace = solve_planned(problem, plan.derivation)
    if plan.place.iteration is not None and plan.place.iteration not in trace.kept:
        kept = ", ".join(f"t{number}" for number in trace.kept)
        raise UnsupportedError(f"of the {trace.iterations} iterations only {kept} are kept whole, for {path!r} as well")
    return plan, trace


class Group(Struct, frozen=True):
    """Lines of one kind: what they are, and their displays."""

    said: Phrase
    displays: tuple[str, ...]


class PathPage:
    """What the story of a path tells."""

    def __init__(self, trace: Trace, plan: PathPlan, detail: str) -> None:
        self.trace, self.plan = trace, plan
        self._lines = PathLines(trace, detail, plan.place.iteration)
        self._page = Page(trace, detail)

    @property
    def about(self) -> Phrase:
        """Whose path it is, behind the title."""
        parameter, number = Math(self.plan.parameter), self.plan.place.iteration
        if number is None:
            return phrase("path.of", parameter=parameter)
        return phrase("path.of_iteration", parameter=parameter, number=number)

    # ---- the chain rule

    @property
    def intro(self) -> list[Phrase]:
        """Which parameter it is, and how many paths lead from it to the loss."""
        plan, samples = self.plan, self.plan.place.samples
        parameter = Math(plan.parameter)
        said = [phrase("path.intro", parameter=parameter)]
        if plan.place.iteration is not None:
            said = [phrase("path.intro_iteration", parameter=parameter, number=plan.place.iteration)]
        if samples > 1:
            said.append(phrase("path.samples", count=plan.count, samples=samples))
        else:
            said.append(phrase("path.one") if plan.count == 1 else phrase("path.several", count=plan.count))
        if plan.collected:
            said.append(phrase("path.elided", shown=len(plan.products) - 1))
        return said

    @cached_property
    def routes(self) -> list[str]:
        """Every path as arrows, and as a product of derivatives."""
        found: list[str] = []
        for product in self.plan.products:
            start, *way = product.route
            found += displays([Chain(start, tuple((r"\to", atom(stop)) for stop in way))])
            first, *rest = (factor.symbol for factor in product.factors)
            symbols = Written((first, *(rf"\cdot {symbol}" for symbol in rest)))
            found += displays([Chain(self._lines.left(product.id), (("=", symbols),))])
        return found

    # ---- the factors

    @cached_property
    def known(self) -> list[str]:
        """Results of the usual calculation that the lines of this page are computed from."""
        lines, plan = self._lines, self.plan
        own = [*self._factors(), *(plan.collected.factors if plan.collected else ())]
        calculated = [f.number for f in own if isinstance(f.number, Entry) and f.kind not in COPIED]
        needed = dict.fromkeys(operand for node in calculated for operand in lines.operands(node))
        needed |= dict.fromkeys(operand for name in plan.sums for operand in lines.operands_of_sum(name))
        numbers, order = {factor.number for factor in own}, list(self.trace.quantities)
        found = [node for node in needed if node not in numbers and lines.quantity(node.name).texts is None]
        found.sort(key=lambda node: (order.index(lines.quantity(node.name).id), node.row, node.column))
        return beside([lines.result(node) for node in found])

    def _factors(self) -> list[Factor]:
        """Every factor once, from the loss back to the parameter."""
        every = dict.fromkeys(factor for product in self.plan.products for factor in product.factors)
        return sorted(every, key=lambda factor: (-factor.layer, _FROM_LOSS[factor.kind]))

    @cached_property
    def factors(self) -> list[Group]:
        """The factors with their numbers, those of one kind in one layer together."""
        found = []
        for (kind, _), group in groupby(self._factors(), key=lambda factor: (factor.kind, factor.layer)):
            lines = [list(self._lines.factor(factor)) for factor in group]
            found.append(Group(phrase(f"path.factor.{kind}"), _displayed(lines)))
        return found

    # ---- the products

    @cached_property
    def products(self) -> list[str]:
        """The product of each path that is written, with the numbers."""
        return [text for product in self.plan.products for text in displays([self._lines.product(product)])]

    @cached_property
    def sums(self) -> list[Group]:
        """What makes the derivative of all paths: their sum, or the error term that has collected them."""
        found = []
        for name in self.plan.sums:
            collected = self.plan.collected
            if collected is not None and name == collected.id:
                lines = [[*self._lines.factor(collected.factors[0]), self._lines.product(collected)]]
            else:
                lines = [list(self._lines.sum(name))]
            said = phrase(f"path.sum.{self._kind_of_sum(name)}", count=self.plan.count)
            found.append(Group(said, _displayed(lines)))
        return found

    def _kind_of_sum(self, name: str) -> str:
        kind = name.removeprefix("path_")
        step = self._lines.quantity(name).step
        if kind == "sum" and not self.trace.problem.single:
            kind = "mean" if step is not None and "N" in step.operands else "samples"
        return kind

    # ---- what is to be noticed

    @cached_property
    def remarks(self) -> list[Phrase]:
        """Which paths are blocked, and whether back-propagation has the same number."""
        return [*self._blocked(), self._compared()]

    def _blocked(self) -> list[Phrase]:
        blocked = [product for product in self.plan.products if any(self._is_zero(f) for f in product.factors)]
        if not blocked:
            return []
        if self.plan.count == 1:
            return [phrase("path.blocked_one")]
        return [phrase("path.blocked", paths=tuple(Math(str(product.number)) for product in blocked))]

    def _is_zero(self, factor: Factor) -> bool:
        node = factor.number
        if not isinstance(node, Entry):
            return False
        value = self._lines.quantity(node.name).value
        assert value is not None
        return bool(value[int(node.row), int(node.column)] == 0)

    def _compared(self) -> Phrase:
        place, name = self.plan.place, self.plan.gradient
        total = self.plan.sums[-1] if self.plan.sums else self.plan.products[0].id
        view = self._lines.view(name)
        own, other = self._lines.view(total).number(0, 0), view.number(place.row, place.column)
        gradient = self._lines.quantity(name)
        assert gradient.symbol is not None
        where = Math(gradient.symbol.entry(place.row, place.column, gradient.shape))
        text = Math(view.text(place.row, place.column))
        if bool(np.all(same(own, other))):
            return phrase("path.agrees", where=where, value=text)
        return phrase("path.rounded", where=where, value=text, own=Math(self._lines.view(total).text(0, 0)))

    @cached_property
    def conventions(self) -> list[Phrase]:
        """How numbers are printed on this page. Read after the lines."""
        self._page.notes |= self._lines.notes
        self._page.guarded |= self._lines.guarded
        return [said for said in self._page.noted() if said.key not in _OF_LONG_RUNS]


def _displayed(lines: Sequence[Sequence[Chain]]) -> tuple[str, ...]:
    """Single lines stand side by side; with lines inside, which begin differently, each stands alone."""
    chains = [chain for group in lines for chain in group]
    if all(len(group) == 1 for group in lines):
        return tuple(displays(chains))
    return tuple(text for chain in chains for text in displays([chain]))
