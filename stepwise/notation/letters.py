"""A letter typed in place of a number, as LaTeX: `w11` is w₁₁, `w1_12` is w⁽¹⁾₁₂, `eta` is η."""

from __future__ import annotations

import re

_GREEK = """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi rho sigma tau upsilon phi chi psi
    omega Gamma Delta Theta Lambda Xi Sigma Upsilon Phi Psi Omega""".split()
_SIGNS = dict(
    zip(
        "αβγδεζηθικλμνξρστυφχψωΓΔΘΛΞΣΥΦΨΩ",
        _GREEK,
        strict=True,
    )
)
_PARTS = re.compile(r"([A-Za-z]+|[%s])(\d*)(?:_([A-Za-z0-9]+(?:_\d+)*))?" % "".join(_SIGNS))
LONGEST = 20


def is_letter(text: str) -> bool:
    """Whether a text is a letter: a name, perhaps with digits and one subscript behind it."""
    return len(text) <= LONGEST and _PARTS.fullmatch(text) is not None


def letter_latex(text: str) -> str:
    """The letter as LaTeX. Digits are a subscript; with another subscript behind them they are the layer."""
    found = _PARTS.fullmatch(text)
    if found is None:
        return rf"\mathit{{{text}}}"
    name, digits, lower = found.groups()
    head = _head(name)
    if lower is None:
        return f"{head}_{{{digits}}}" if digits else head
    lower = lower.replace("_", ",")
    subscript = lower if len(lower) == 1 or not any(c.isalpha() for c in lower) else rf"\mathrm{{{lower}}}"
    return f"{head}^{{({digits})}}_{{{subscript}}}" if digits else f"{head}_{{{subscript}}}"


def _head(name: str) -> str:
    if name in _GREEK or name in _SIGNS:
        return rf"\{_SIGNS.get(name, name)}"
    return name if len(name) == 1 else rf"\mathit{{{name}}}"
