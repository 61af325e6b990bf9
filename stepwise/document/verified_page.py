"""What is told of a verification: the verdict, the misses, a table of gradients, a table of counts, notes. No words."""

from __future__ import annotations

from stepwise.document.phrases import Foreign, Math, Phrase, phrase
from stepwise.document.tables import Cell, Table
from stepwise.verifying import Compared, Counted, GradientCheck, Missed, Verification
from stepwise.verifying.differences import HALVINGS
from stepwise.verifying.exact import DIGITS
from stepwise.verifying.gradients import LEAST_OF_LOSS, LEAST_SYMBOLIC, TOLERANCE, TOLERANCE_SYMBOLIC

_MOST_MISSES = 40
"""So many misses are listed."""
_OPEN = ("corner", "jumps", "clipped", "overflows", "unclear", "drowned")


class VerifiedPage:
    """One verification; `below` a page it has a heading, `plain` text has no mathematics."""

    def __init__(self, verified: Verification, *, below: bool = False, plain: bool = False) -> None:
        self.below = below
        self._verified = verified
        self._plain = plain

    @property
    def verdict(self) -> Phrase:
        """Whether everything holds."""
        count = len(self._verified.misses)
        if count == 0:
            return phrase("verify.holds")
        return phrase("verify.missed_one") if count == 1 else phrase("verify.missed_several", count=count)

    @property
    def misses(self) -> list[Phrase]:
        """What is not true, each in a sentence."""
        return [_said(one) for one in self._verified.misses[:_MOST_MISSES]]

    # ---- the tables

    @property
    def gradients(self) -> Table | None:
        """A row for each gradient; None where there are none."""
        found = self._verified.gradients
        if not found:
            return None
        names = ("gradient", "numbers", "differences", "symbolic", "result")
        rows: list[list[Cell]] = [
            [one.quantity, _share(one), self._error(one.differences), self._error(one.symbolic), _result(one)]
            for one in found
        ]
        return Table(_header(names), rows, (15, 19, 24, 24, 18))

    @property
    def counts(self) -> Table:
        """A row for each check that counts."""
        rows = [[phrase(f"verify.kind.{one.kind}"), _counted(one), _outcome(one)] for one in self._verified.counts]
        return Table(_header(("check", "counted", "result")), rows, (52, 18, 30))

    def _error(self, found: Compared) -> Cell:
        """The largest relative error, or why there is none."""
        if found.verdict == "holds":
            return self._number(found.worst)
        if found.verdict == "misses":
            return phrase("verify.cell.misses", error=self._number(found.worst))
        return phrase(f"verify.cell.{found.verdict}")

    def _number(self, value: float | None) -> Math | Foreign:
        """One significant figure: 2 × 10⁻¹²."""
        text = f"{value or 0:.0e}"
        digit, _, exponent = text.partition("e")
        if not value:
            return self._math("0", "0")
        power = int(exponent)
        if power == 0:
            return self._math(digit, digit)
        factor = "" if digit == "1" else rf"{digit} \times "
        return self._math(rf"{factor}10^{{{power}}}", f"{digit}e{power}")

    def _math(self, latex: str, plain: str) -> Math | Foreign:
        return Foreign(plain) if self._plain else Math(latex)

    # ---- notes

    @property
    def notes(self) -> list[Phrase]:
        """How it was compared, and what has to be known to read the tables."""
        verified, said = self._verified, []
        if verified.exact_instead and verified.gradients:
            said.append(phrase("verify.note.hand"))
        elif verified.exact_instead:
            said.append(phrase("verify.note.hand_rule"))
        if verified.letters:
            put_in = tuple(self._math(_equation(*one), " = ".join(one)) for one in verified.letters)
            said.append(phrase("verify.note.letters", letters=put_in))
        if verified.kept < verified.iterations:
            said.append(phrase("verify.note.kept", iterations=verified.iterations, count=verified.kept))
        if verified.gradients:
            said += self._methods()
        if any(one.exempt for one in verified.counts):
            said.append(phrase("verify.note.exempt"))
        return said

    def _methods(self) -> list[Phrase]:
        found = self._verified.gradients
        error = self._math(r"|a - n| / \max(|a|, |n|)", "|a − n| / max(|a|, |n|)")
        ours, theirs = self._math("a", "a"), self._math("n", "n")
        floors = {"floor": self._number(LEAST_OF_LOSS), "small": self._number(LEAST_SYMBOLIC)}
        said = [phrase("verify.note.errors", error=error, ours=ours, theirs=theirs, **floors)]
        quotient = self._math(r"(J(\theta + h) - J(\theta - h)) / 2h", "(J(θ + h) − J(θ − h)) / 2h")
        tolerance = self._number(TOLERANCE)
        said.append(phrase("verify.note.differences", quotient=quotient, halvings=HALVINGS, tolerance=tolerance))
        if any(one.symbolic.verdict != "skipped" for one in found):
            tolerance = self._number(TOLERANCE_SYMBOLIC)
            said.append(phrase("verify.note.symbolic", digits=DIGITS, tolerance=tolerance))
        else:
            said.append(phrase("verify.note.too_large"))
        if any(one.differences.compared < one.size for one in found):
            said.append(phrase("verify.note.some"))
        verdicts = {one.differences.verdict for one in found} | {one.symbolic.verdict for one in found}
        said += [phrase(f"verify.note.{name}") for name in _OPEN if name in verdicts]
        return said


def _header(names: tuple[str, ...]) -> list[Cell]:
    return [phrase(f"verify.column.{name}") for name in names]


def _share(one: GradientCheck) -> Cell:
    compared = max(one.differences.compared, one.symbolic.compared)
    if compared == one.size:
        return phrase("verify.all", count=one.size)
    return phrase("verify.some", compared=compared, size=one.size)


def _result(one: GradientCheck) -> Cell:
    """A miss of either method is one; what one method leaves open, the other may decide."""
    verdicts = (one.differences.verdict, one.symbolic.verdict)
    order = ("misses", "holds", *_OPEN, "skipped")
    return phrase(f"verify.result.{min(verdicts, key=order.index)}")


def _counted(one: Counted) -> Cell:
    if one.exempt:
        return phrase("verify.exempt", count=one.counted, exempt=one.exempt)
    return phrase("verify.all", count=one.counted)


def _outcome(one: Counted) -> Cell:
    return phrase(f"verify.reason.{one.reason}") if one.reason else phrase(f"verify.result.{one.verdict}")


def _equation(letter: str, value: str) -> str:
    """A letter and the number put in for it: a fraction as one."""
    numerator, _, denominator = value.partition("/")
    sign, size = ("-", numerator[1:]) if numerator.startswith("-") else ("", numerator)
    number = rf"{sign}\tfrac{{{size}}}{{{denominator}}}" if denominator else numerator
    return f"{letter} = {number}"


def _said(one: Missed) -> Phrase:
    found, expected, formula = Foreign(one.found), Foreign(one.expected), Foreign(one.formula)
    if one.what == "equality":
        return phrase("verify.miss.equality", line=one.line, found=found, expected=expected, formula=formula)
    if one.what in ("operand", "unreadable"):
        return phrase(f"verify.miss.{one.what}", line=one.line, found=found, formula=formula)
    if one.what == "finite":
        return phrase("verify.miss.finite", place=Foreign(one.place), found=found)
    return phrase(f"verify.miss.{one.what}", place=Foreign(one.place), found=found, expected=expected)
