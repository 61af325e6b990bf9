"""Re-do every printed equality of a page from its printed operands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Context
from fractions import Fraction

from stepwise.verifying.printed import values
from stepwise.verifying.printed.chains import Chain, is_equality, page_chains
from stepwise.verifying.printed.latex_numbers import COMPARISONS, evaluate, is_printed
from stepwise.verifying.printed.tokens import Token
from stepwise.verifying.printed.values import Num, PrintedError, ShapeError, TooLargeError, Value

_NOISE = Fraction(1, 10**30)
_NOTHING = Fraction(1, 10**46)
_CALCULATOR = 10**11
"""A number of fewer last places than this has a digit left over among its twelve."""
_LONGEST = 300
"""So much of a formula is quoted."""


@dataclass(frozen=True, slots=True)
class Miss:
    """What is untrue on a page, or could not be read: the line of the page, the formula, and what is wrong with it."""

    line: int
    formula: str
    complaint: str
    redone: str = ""
    """What an untrue equality gives when it is re-done …"""
    printed: str = ""
    """… and what is printed."""

    def __str__(self) -> str:
        return f"{self.formula}: {self.complaint}"


@dataclass(slots=True)
class PageReport:
    """What was re-done on a page.

    `redone` counts printed numbers compared (a matrix of four counts four), `elided` equalities and rows that hide
    something behind dots or hold an exponential too large to be written out, `symbolic` segments with letters,
    `conditions` printed comparisons such as 0.9 > 0; `misses` are what is untrue or could not be read.
    """

    redone: int = 0
    elided: int = 0
    symbolic: int = 0
    misses: list[Miss] = field(default_factory=list)
    conditions: int = 0

    @property
    def wrong(self) -> list[str]:
        """The misses as texts."""
        return [str(miss) for miss in self.misses]


@dataclass(slots=True)
class Segment:
    """One side of a relation; symbolic ones have no value."""

    tokens: list[Token]
    symbolic: bool = False
    dotted: bool = False
    value: Value = None
    error: str = ""
    beyond: bool = False
    """Holds an exponential whose value nobody can write out."""

    @property
    def printed(self) -> bool:
        return not self.symbolic and not self.error and not self.beyond and is_printed(self.value)


@dataclass(frozen=True, slots=True)
class Equality:
    """One printed number and what re-doing its formula gives."""

    printed: Num
    redone: Num
    relation: str


def check_page(text: str, *, figures: int | None = None) -> PageReport:
    """Re-do every chain of a page.

    `figures`: results are rounded to so many significant figures, so that 1234.5 ≈ 1230 is true for three of them.
    """
    page = page_chains(text)
    unread = [Miss(line_at(text, one.start), one.formula, one.complaint) for one in page.unreadable]
    report = PageReport(elided=page.dotted_rows, misses=unread)
    for chain in page.chains:
        report.misses += [miss_of(text, chain, *complaint) for complaint in _check_chain(chain, report, figures)]
    report.misses.sort(key=lambda miss: miss.line)
    return report


def miss_of(text: str, chain: Chain, complaint: str, redone: str = "", printed: str = "") -> Miss:
    """A complaint about a chain, with its place on the page."""
    return Miss(line_at(text, chain.start), formula_of(text, chain), complaint, redone, printed)


def formula_of(text: str, chain: Chain) -> str:
    """A chain as it is written, in one line."""
    return " ".join(text[chain.start : chain.end].split())[:_LONGEST]


def line_at(text: str, place: int) -> int:
    """The line of a place, counted from 1."""
    return text.count("\n", 0, place) + 1


def read_segments(chain: Chain) -> list[Segment]:
    """The segments of a chain with their values."""
    return [_read_segment(tokens) for tokens in chain.segments]


def _read_segment(tokens: list[Token]) -> Segment:
    segment = Segment(tokens)
    kinds = {token.kind for token in tokens}
    segment.symbolic = "letter" in kinds or not tokens
    segment.dotted = "dots" in kinds and not segment.symbolic
    if not segment.symbolic:
        try:
            segment.value = evaluate(tokens)
        except ShapeError as error:
            # Factors that hide different rows behind their dots do not fit one another: the value is hidden too.
            segment.error = "" if segment.dotted else str(error)
        except TooLargeError:
            segment.beyond = True
        except PrintedError as error:
            segment.error = str(error)
    return segment


def _check_chain(chain: Chain, report: PageReport, figures: int | None) -> Iterator[tuple[str, ...]]:
    """Complaints: what is wrong, and of an untrue equality what it gives and what is printed."""
    if not chain.relations:
        return
    segments = read_segments(chain)
    report.symbolic += sum(segment.symbolic for segment in segments)
    report.elided += sum(segment.beyond for segment in segments)
    for i, segment in enumerate(segments):
        if segment.error or (i and not segment.tokens):
            yield (segment.error or "nothing after the relation",)
        elif segment.printed:
            yield from ((text,) for text in _minus_zeros(segment.value))
    for i, j, relation in pairs(chain, segments):
        report.elided += segments[i].dotted or segments[j].dotted
        try:
            found = equalities(segments[i], segments[j], relation)
        except PrintedError as error:
            yield (str(error),)
            continue
        report.redone += len(found)
        for equality in found:
            if not agrees(equality.redone, equality.printed, relation, figures):
                printed = equality.printed.text or shown(equality.printed)
                redone = shown(equality.redone)
                yield f"{redone} {relation} {printed} is untrue", redone, printed
    yield from ((text,) for text in _check_conditions(chain, segments, report))


def _minus_zeros(value: Value) -> Iterator[str]:
    for row in values.grid(value).rows:
        for cell in row:
            if cell is not None and cell.value == 0 and cell.text.startswith("-"):
                yield f"a zero with a minus sign: {cell.text}"


def pairs(chain: Chain, segments: list[Segment]) -> Iterator[tuple[int, int, str]]:
    """Each numeric segment with the printed result it leads to: the next printed one, else the last numeric one.

    The relation is = where every relation on the way is.
    """
    for i, segment in enumerate(segments):
        if segment.symbolic or segment.error or segment.beyond:
            continue
        reach = i
        candidates: list[int] = []
        while reach < len(chain.relations) and is_equality(chain.relations[reach]):
            reach += 1
            if not segments[reach].symbolic and not segments[reach].error and not segments[reach].beyond:
                candidates.append(reach)
        if candidates:
            j = next((k for k in candidates if segments[k].printed), candidates[-1])
            yield i, j, "=" if set(chain.relations[i:j]) == {"="} else "≈"


def equalities(left: Segment, right: Segment, relation: str) -> list[Equality]:
    """The numbers of the right side, each with its re-done value; what either side hides behind dots is left out."""
    a, b = values.grid(left.value), values.grid(right.value)
    if a.shape != b.shape:
        if left.dotted or right.dotted:
            return []
        raise PrintedError(f"a result of shape {b.shape} for a value of shape {a.shape}")
    found = []
    for redone_row, printed_row in zip(a.rows, b.rows, strict=True):
        for redone, printed in zip(redone_row, printed_row, strict=True):
            if redone is None or printed is None:
                continue
            if relation == "≈" and printed.quantum is None and redone.value != printed.value:
                raise PrintedError(f"{shown(redone)} ≈ a formula: nothing printed to compare with")
            found.append(Equality(printed, redone, relation))
    return found


def agrees(redone: Num, printed: Num, relation: str, figures: int | None = None) -> bool:
    """Is the printed number the re-done one (=), or the re-done one rounded to its last printed digit (≈)?"""
    quantum = printed.quantum
    if relation == "=" or quantum is None:
        noise = Fraction(0) if redone.exact and printed.exact else _NOISE * abs(printed.value) + _NOTHING
        return abs(redone.value - printed.value) <= noise
    value = redone.value if redone.exact else _without_noise(redone.value)
    digits = str(abs(printed.value) / quantum)
    if printed.scientific and abs(value) < abs(printed.value) and digits.rstrip("0") == "1":
        # 1.00 × 10⁻⁵ stands for 9.996 × 10⁻⁶ only if that rounds up at its own third digit.
        quantum /= 10
    if quantum == printed.quantum:
        quantum = quantum_of(printed, figures)
    if values.round_half_up(value, quantum) == printed.value:
        return True
    # on paper 0.5 − 10⁻²¹² is a tie: no pocket calculator shows more than twelve digits
    short = abs(value) < _CALCULATOR * quantum
    return short and values.round_half_up(_to_digits(value, 12), quantum) == printed.value


def quantum_of(printed: Num, figures: int | None) -> Fraction:
    """The last digit that says something: of 1230 at three significant figures the tens."""
    assert printed.quantum is not None
    digits = len(str(abs(printed.value) / printed.quantum))
    return (
        Fraction(10 ** (digits - figures)) if figures and printed.quantum == 1 and digits > figures else printed.quantum
    )


def _without_noise(value: Fraction) -> Fraction:
    """An irrational value to 40 digits, so that a tie is a tie."""
    return _to_digits(value, 40)


def _to_digits(value: Fraction, count: int) -> Fraction:
    return Fraction(Context(prec=count).divide(value.numerator, value.denominator)) if value else value


def shown(number: Num) -> str:
    """A number for a complaint."""
    return f"{Context(prec=12).divide(number.value.numerator, number.value.denominator):g}"


def _check_conditions(chain: Chain, segments: list[Segment], report: PageReport) -> Iterator[str]:
    for k, relation in enumerate(chain.relations):
        if is_equality(relation):
            continue
        left, right = segments[k].value, segments[k + 1].value
        if isinstance(left, Num) and isinstance(right, Num):
            report.conditions += 1
            if not COMPARISONS[relation](left.value, right.value):
                yield f"the condition {shown(left)} {relation} {shown(right)} is untrue"
