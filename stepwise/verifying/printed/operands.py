"""Where printed operands come from: each is a given, or rounds to a result printed before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from stepwise.verifying.printed.chains import Chain, is_equality, page_chains
from stepwise.verifying.printed.pages import Segment, formula_of, line_at, quantum_of, read_segments
from stepwise.verifying.printed.tokens import Token
from stepwise.verifying.printed.values import Num, grid, round_half_up

_SMALL = {Fraction(0), Fraction(1), Fraction(2)}


@dataclass(slots=True)
class ChainNumbers:
    """The numbers of a chain as printed: those put in, and its results."""

    operands: list[str] = field(default_factory=list)
    results: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class StrayOperand:
    """A number that is put in and comes from nowhere: its line of the page, the formula, the number."""

    line: int
    formula: str
    operand: str


@dataclass(slots=True)
class OperandReport:
    """How many numbers are put in on a page, and which come from nowhere."""

    counted: int = 0
    misses: list[StrayOperand] = field(default_factory=list)


def operands(text: str) -> list[ChainNumbers]:
    """The operands and results of every chain, in page order."""
    found = []
    for chain in page_chains(text).chains:
        put_in, results = _numbers(chain)
        found.append(ChainNumbers([o.text for o in put_in], [r.text for r in results]))
    return found


def check_operands(
    text: str, givens: Iterable[str], constants: Iterable[str], *, figures: int | None = None
) -> list[str]:
    """The misses of `operand_misses` as texts."""
    report = operand_misses(text, givens, constants, figures=figures)
    return [f"{one.formula}: {one.operand} is neither given nor printed before" for one in report.misses]


def operand_misses(
    text: str, givens: Iterable[str], constants: Iterable[str], *, figures: int | None = None
) -> OperandReport:
    """Operands that are neither given, nor constants, nor results printed before at fewer decimals.

    0, 1 and 2, and the parts of a typed fraction, may stand as a whole exponent, numerator or denominator. Signs are
    not looked at: re-doing the lines does that. `figures`: results have so many significant figures, so that 55980 of
    four of them is printed to the tens.
    """
    typed = [*givens, *constants]
    allowed = {_value(given) for given in typed}
    parts = {abs(Fraction(part)) for given in typed if "/" in given for part in given.split("/")} | _SMALL
    printed: dict[Fraction, set[Fraction]] = {}
    report = OperandReport()
    for chain in page_chains(text).chains:
        put_in, results = _numbers(chain)
        for operand in put_in:
            report.counted += 1
            value = abs(operand.num.value)
            if value in allowed or (operand.part and value in parts):
                continue
            parts_of = _factors(operand.num) if operand.num.scientific else ()
            if parts_of and all(one in allowed or _is_printed(one, printed) for one in parts_of):
                continue
            if not _is_printed(value, printed):
                place = line_at(text, chain.start)
                report.misses.append(StrayOperand(place, formula_of(text, chain), operand.text))
        for result in results:
            if result.quantum is not None:
                printed.setdefault(quantum_of(result, figures), set()).add(abs(result.value))
    return report


def _is_printed(value: Fraction, printed: Mapping[Fraction, set[Fraction]]) -> bool:
    """Does the number round to a result that was printed before?"""
    return any(round_half_up(value, quantum) in known for quantum, known in printed.items())


def _factors(number: Num) -> tuple[Fraction, ...]:
    """0.1 × 10⁵ is one number, or 0.1 times the result 10⁵: the two it may be the product of."""
    head = number.text.partition("\\")[0].strip()
    if "^" in head:
        return ()  # 10⁻⁵ alone is no product
    digits = Fraction(head or 1)
    return (digits, abs(number.value / digits)) if digits else ()


@dataclass(frozen=True, slots=True)
class _Operand:
    num: Num
    text: str
    part: bool


def _value(given: str) -> Fraction:
    """The size of a number as typed: 0.10, 1/3, 50%, 1e-3."""
    number, percent = given.strip().removesuffix("%"), given.strip().endswith("%")
    try:
        numerator, _, denominator = number.partition("/")
        return abs(Fraction(numerator) / Fraction(denominator or 1)) / (100 if percent else 1)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"not a typed number: {given!r}") from None


def _numbers(chain: Chain) -> tuple[list[_Operand], list[Num]]:
    """Operands and results: a printed number before any computed one, with a result to come, is put in."""
    segments = read_segments(chain)
    put_in: list[_Operand] = []
    results: list[Num] = []
    computed = False
    for i, segment in enumerate(segments):
        if segment.symbolic:
            continue
        if segment.printed and (computed or not _leads_to_result(chain, segments, i)):
            results += [cell for row in grid(segment.value).rows for cell in row if cell is not None]
        elif len(segments) > 1 and not _is_condition(chain, i):
            put_in += _operands_of(segment.tokens)
        computed = True
    return put_in, results


def _leads_to_result(chain: Chain, segments: list[Segment], i: int) -> bool:
    for k in range(i, len(chain.relations)):
        if not is_equality(chain.relations[k]):
            return False
        if segments[k + 1].printed:
            return True
    return False


def _is_condition(chain: Chain, i: int) -> bool:
    """Does the segment stand only in comparisons?"""
    around = chain.relations[max(i - 1, 0) : i + 1]
    return not any(is_equality(relation) for relation in around)


def _operands_of(tokens: list[Token]) -> list[_Operand]:
    found = []
    for i, token in enumerate(tokens):
        if token.num is None:
            continue
        signed = i > 0 and tokens[i - 1].text == "-"
        negative = signed and (i == 1 or tokens[i - 2].kind not in ("num", "close", "end"))
        found.append(_Operand(token.num, f"-{token.text}" if negative else token.text, _is_part(tokens, i)))
    return found


def _is_part(tokens: list[Token], i: int) -> bool:
    """Is the number a whole exponent, numerator or denominator?"""
    kinds = [token.kind for token in tokens]
    before = kinds[i - 1] if i else ""
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    if before == "power" or (i and tokens[i - 1].text == "/") or (after is not None and after.text == "/"):
        return True
    grouped = i >= 2 and tokens[i - 1].text == "{" and after is not None and after.text == "}"
    return grouped and (kinds[i - 2] in ("power", "frac") or _ends_numerator(tokens, i - 2))


def _ends_numerator(tokens: list[Token], i: int) -> bool:
    """Is the group that ends at i the numerator of a fraction?"""
    depth = 0
    while i >= 0:
        depth += (tokens[i].kind in ("close", "end")) - (tokens[i].kind in ("open", "begin"))
        i -= 1
        if depth == 0:
            return i >= 0 and tokens[i].kind == "frac"
    return False
