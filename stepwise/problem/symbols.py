"""Symbols of the file go into formulas as LaTeX. Only what writes a symbol is let through."""

from __future__ import annotations

import re

_GREEK = """alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa lambda mu nu xi
    pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega
    Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"""
_ACCENTS = """hat bar tilde vec dot ddot check acute grave breve widehat widetilde overline underline mathbf mathrm
    mathit mathsf mathtt mathcal mathbb mathfrak boldsymbol operatorname text"""
_SIGNS = "ell nabla partial prime star ast dagger circ top bot infty hbar imath jmath Re Im aleph cdot times pm mp"

COMMANDS = frozenset(f"{_GREEK} {_ACCENTS} {_SIGNS}".split())
LONGEST = 60

_COMMAND = r"(?s)\\([A-Za-z]+|.?)"
_ALLOWED = r"[\w\s{}^'*+,.:;!?|/()\[\]=−-]*"


def symbol_fault(text: str) -> tuple[str, str] | None:
    """Why a text cannot be a symbol, and what to write; None where it can."""
    if not text.strip():
        return "the symbol is empty", "write a letter"
    if any(ord(letter) < 32 for letter in text):
        return "a backslash in double quotes starts an escape", r"write it unquoted or in 'single quotes', as in '\eta'"
    if len(text) > LONGEST:
        return f"the symbol has {len(text)} characters", f"write at most {LONGEST}"
    if text.isalnum():
        return None
    for command in re.findall(_COMMAND, text):
        if command not in COMMANDS and command not in {",", ";", "!", " "}:
            return f"\\{command} is not allowed in a symbol", r"write letters, \eta, \hat{y}, \mathbf{w} and the like"
    rest = re.sub(_COMMAND, "", text)
    if not re.fullmatch(_ALLOWED, rest):
        strange = next(letter for letter in rest if not re.fullmatch(_ALLOWED, letter))
        return f"{strange!r} is not allowed in a symbol", r"write letters, \eta, \hat{y}, \mathbf{w} and the like"
    return _unbalanced(rest)


def _unbalanced(text: str) -> tuple[str, str] | None:
    depth = 0
    for letter in text:
        depth += (letter == "{") - (letter == "}")
        if depth < 0:
            break
    return None if depth == 0 else ("the braces do not match", "every { needs its }")
