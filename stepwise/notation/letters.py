"""A letter typed in place of a number, as LaTeX: `w11` is w₁₁, `w1_12` is w⁽¹⁾₁₂, `eta` is η."""

from __future__ import annotations

import re

_SIGNS = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "ρ": "rho", "σ": "sigma", "τ": "tau",
    "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta",
    "Λ": "Lambda", "Ξ": "Xi", "Σ": "Sigma", "Υ": "Upsilon", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
}  # fmt: skip
_GREEK = frozenset(_SIGNS.values())
_NAMES = "|".join(sorted(_GREEK))
PATTERN = rf"(?:{_NAMES}|[A-Za-z]|[{''.join(_SIGNS)}])[0-9]*(?:_[A-Za-z0-9]+(?:_[0-9]+)*)?"
"""One letter or the name of a Greek one, perhaps with digits, perhaps with a subscript."""
_PARTS = rf"([A-Za-z]+|[{''.join(_SIGNS)}])([0-9]*)(?:_(\w+))?"
LONGEST = 20


def is_letter(text: str) -> bool:
    """Whether a text may stand in place of a number: w, w11, w1_12, eta."""
    return len(text) <= LONGEST and re.fullmatch(PATTERN, text) is not None


def letter_latex(text: str) -> str:
    """The letter as LaTeX. Digits are a subscript; with another subscript behind them they are the layer."""
    found = re.fullmatch(_PARTS, text)
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
