"""A written page held against its problem: every equality, every value, every remark, the tables and the set-up."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from stepwise.problem import Problem
from stepwise.verifying.printed import check_page, operand_misses, operands
from stepwise.verifying.printed.chains import Chain, formulas
from stepwise.verifying.printed.pages import pairs
from stepwise.verifying.printed.values import PrintedError
from tests.pages.problems import constants, givens
from tests.sheets.by_hand import Array, decimals_of

from .complaints import Complaint, decimal_of, is_printed_as, misprinted, same_figures
from .proofs import check_proof_page
from .reading import Found, Reading, aligned, is_loose, results_of, zeros_printed
from .said import check_words, headings
from .tables import check_tables

AT_FULL_LENGTH = 3
"""So many iterations are all worked out on the page; of more, the first ones are."""


def check_page_of(problem: Problem, text: str, language: str, folder: Path) -> list[Complaint]:
    """Everything that is wrong with a page: first what is untrue by itself, then what is not the problem's."""
    found = [*_untrue(problem, text)]
    if problem.model == "separability":
        return [*found, *check_proof_page(problem, text)]
    if problem.has_letters or not problem.has_numbers:
        return found
    page = Reading(text, problem, folder)
    page.results += results_of(page)
    found += [*_values(page), *_lacking(page), *_ordered(page), *_relations(page)]
    return [*found, *check_tables(page), *check_words(page, language)]


def check_words_of(problem: Problem, text: str, language: str, folder: Path) -> list[Complaint]:
    """What is wrong with the sentences of a page."""
    page = Reading(text, problem, folder)
    page.results += results_of(page)
    return list(check_words(page, language))


def _untrue(problem: Problem, text: str) -> tuple[Complaint, ...]:
    """What is wrong with the formulas alone: they are the same in every language and format."""
    try:
        found = "\n\n".join(f"$${source}$$" for source, _ in formulas(text))
    except PrintedError:
        found = text
    return _wrong_formulas(problem, found)


@lru_cache(maxsize=4)
def _wrong_formulas(problem: Problem, text: str) -> tuple[Complaint, ...]:
    return tuple(_complaints(problem, text))


def _complaints(problem: Problem, text: str) -> Iterator[Complaint]:
    figures = problem.rounding.figures
    for miss in check_page(text, figures=figures).misses:
        kinds = {"minus sign": "minus zero", "the condition": "condition", "shape": "shape", "untrue": "equality"}
        kind = next((name for part, name in kinds.items() if part in miss.complaint), "unreadable")
        yield Complaint(kind, miss.formula, miss.complaint)
    if problem.model != "separability":
        for stray in operand_misses(text, givens(problem), constants(problem), figures=figures).misses:
            yield Complaint("operand", stray.formula, str(stray))

    if problem.rounding.carry:
        yield from _unrounded_operands(problem, text)


def _unrounded_operands(problem: Problem, text: str) -> Iterator[Complaint]:
    """In hand arithmetic an operand is a printed result as it was printed, not what it was rounded from."""
    known = {decimal_of(typed) for typed in (*givens(problem), *constants(problem))}
    known = {abs(one) for one in known if one is not None}
    for chain in operands(text):
        for typed in chain.operands:
            number = decimal_of(typed)
            if number is not None and abs(number) not in known and number != int(number):
                yield Complaint("operand", typed, "this was rounded before, and is put in unrounded")
        known |= {abs(number) for number in map(decimal_of, chain.results) if number is not None}


def _values(page: Reading) -> Iterator[Complaint]:
    """Every result is the one that the problem has, to the decimals of its quantity."""
    rule = decimals_of(page.problem.document)
    for one in page.results:
        known = page.number(one.name, one.iteration)
        assert known is not None
        label, value = known
        given = page.trace.quantities[label].given if label in page.trace.quantities else False
        decimals = None if given or page.problem.rounding.figures else rule(one.name)
        values = value[one.place].reshape(1, 1) if one.place is not None and value.size > 1 else value
        wrong = _misprint(one, values, decimals, page)
        if wrong:
            yield Complaint("value" if " is printed for " in wrong else "digits", label, wrong)


def _misprint(one: Found, values: Array, decimals: int | None, page: Reading) -> str:
    zeros = zeros_printed(page.problem)
    figures = page.problem.rounding.figures
    cells = list(aligned(one.texts, values))
    if not cells:
        return f"its shape is {values.shape}: {one.line}"
    for text, value in cells:
        wrong = misprinted(text, value, decimals, zeros=zeros)
        if wrong and not (figures and same_figures(text, value, figures)):
            return wrong
    return ""


def _lacking(page: Reading) -> Iterator[Complaint]:
    """Every line of an iteration that is shown, and the loss after it, is there."""
    seen: dict[tuple[int | None, str], int] = {}
    for one in page.results:
        key = (one.iteration, one.name)
        seen[key] = seen.get(key, 0) + (10**9 if one.place is None else 1)
    iterations = page.trace.iterations
    numbered = sorted({number for _, number in headings(page.text) if number})
    shown: list[int | None] = [*numbered] if iterations > 1 else [None]
    needed = range(1, iterations + 1) if iterations <= AT_FULL_LENGTH else [1]
    for number in [one for one in needed if one not in shown and iterations > 1]:
        yield Complaint("missing", f"iteration {number}", "this iteration is missing")
    for quantity in page.trace.quantities.values():
        if quantity.step is None or quantity.symbol is None or quantity.step not in page.trace.derivation.each:
            continue
        for number in shown if quantity.iteration in (None, 1) else []:
            known = page.number(quantity.name, number)
            if known is None or (iterations > 1 and quantity.iteration is None):
                continue
            entries = min(known[1].size, 3)
            if seen.get((number, quantity.name), 0) < entries:
                yield Complaint("missing", quantity.name, f"not worked out in iteration {number}")
    for name in ("L_new", "J_new"):
        if name in page.numbers and (None, name) not in seen:
            yield Complaint("missing", name, "not worked out")


def _ordered(page: Reading) -> Iterator[Complaint]:
    """No result before those that it is worked out from."""
    seen: set[tuple[int | None, str]] = set()
    printed = {(one.iteration, one.name) for one in page.results}
    steps = page.trace.derivation.steps
    for one in page.results:
        for operand in steps[one.name].operands if one.name in steps else ():
            before = (one.iteration, operand)
            if operand in steps and before in printed and before not in seen:
                yield Complaint("order", one.name, f"{operand} comes later")
        seen.add((one.iteration, one.name))


def _relations(page: Reading) -> Iterator[Complaint]:
    """= where every printed number of a result is the number itself, else ≈."""
    if page.problem.rounding.carry:
        yield from _relations_by_hand(page)
        return
    for one in page.results:
        known = page.number(one.name, one.iteration)
        assert known is not None
        value = known[1]
        values = value[one.place].reshape(1, 1) if one.place is not None and value.size > 1 else value
        cells = list(aligned(one.texts, values))
        if any(decimal_of(text) is None for text, _ in cells):
            continue
        same = all(is_printed_as(text, number) for text, number in cells)
        hidden = any(cell is None for row in one.texts for cell in row)
        if cells and not hidden and (one.relation == "=") is not same and not (same and one.loose):
            yield Complaint("relation", known[0], f"{one.relation} in {one.line}")


def _relations_by_hand(page: Reading) -> Iterator[Complaint]:
    """Each line by itself: the formula of the printed numbers gives the printed result, or it had to be rounded."""
    for chain, segments in page.chains:
        if any(True for _ in pairs(chain, segments)) and chain.relations[-1] == "≈" and not is_loose(chain, segments):
            yield Complaint("relation", _line(page, chain), "≈ where nothing was rounded")


def _line(page: Reading, chain: Chain) -> str:
    return " ".join(page.text[chain.start : chain.end].split())
