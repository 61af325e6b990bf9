"""The output formats: each is a template of macros in templates/formats and an entry here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from msgspec import Struct


class Format(Struct, frozen=True):
    """How one format treats plain text, and what its files are called."""

    name: str
    suffix: str
    escape: Callable[[str], str]
    inline: Callable[[str], str]
    code: Callable[[str], str]
    """A quantity id, as it is typed."""


_MARKDOWN = r"([\\`*_{}\[\]()#+!|$~^])"
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
}


_CHINESE = r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_BETWEEN_CHINESE = rf"(?<={_CHINESE})[ \u3000]+(?={_CHINESE})"
"""A space that TeX would leave out, as that of a name."""
_SIGNS = {
    "≈": r"\approx", "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "→": r"\to", "∇": r"\nabla", "∂": r"\partial",
    "∞": r"\infty", "∈": r"\in", "∑": r"\sum", "√": r"\surd", "⊙": r"\odot", "⊤": r"\top", "∘": r"\circ",
}  # fmt: skip
_GREEK = frozenset({
    "ALPHA", "BETA", "GAMMA", "DELTA", "EPSILON", "ZETA", "ETA", "THETA", "IOTA", "KAPPA", "LAMBDA", "MU",
    "NU", "XI", "PI", "RHO", "SIGMA", "TAU", "UPSILON", "PHI", "CHI", "PSI", "OMEGA",
})  # fmt: skip
_GREEK_CAPITALS = frozenset({
    "GAMMA", "DELTA", "THETA", "LAMBDA", "XI", "PI", "SIGMA", "UPSILON", "PHI", "PSI", "OMEGA",
})  # fmt: skip


def _one_line(text: str) -> str:
    """Line breaks and control characters become spaces: a title cannot end its heading."""
    return "".join(" " if ord(c) < 32 or ord(c) == 127 or c in "\u2028\u2029\u0085" else c for c in text)


def escape_markdown(text: str) -> str:
    """Plain text that Markdown, HTML and mathematics renderers all show as it is."""
    text = "".join(_HTML.get(c, c) for c in _one_line(text))
    return re.sub(_MARKDOWN, r"\\\1", text)


def escape_words(text: str) -> str:
    """Our own sentences in Markdown: no markup is in them, only signs that need care."""
    return "".join(_HTML.get(c, c) for c in text)


def escape_latex(text: str) -> str:
    return re.sub(_BETWEEN_CHINESE, r"\\ ", "".join(_LATEX.get(c) or _greek(c) for c in _one_line(text)))


def _greek(character: str) -> str:
    """Greek and mathematical signs, which text fonts lack, are set in mathematics."""
    if character in _SIGNS:
        return rf"\ensuremath{{{_SIGNS[character]}}}"
    if "\u0370" <= character <= "\u03ff":
        import unicodedata

        words = unicodedata.name(character, "").replace("LAMDA", "LAMBDA").split()
        if words[:3] == ["GREEK", "SMALL", "LETTER"] and words[-1] in _GREEK:
            return rf"\ensuremath{{\{words[-1].lower()}}}"
        if words[:3] == ["GREEK", "CAPITAL", "LETTER"] and words[-1] in _GREEK_CAPITALS:
            return rf"\ensuremath{{\{words[-1].capitalize()}}}"
    return character


FORMATS: Mapping[str, Format] = {
    "md": Format("md", ".md", escape_markdown, lambda latex: f"${latex}$", lambda name: f"`{name}`"),
    "latex": Format(
        "latex", ".tex", escape_latex, lambda latex: rf"\({latex}\)", lambda name: rf"\texttt{{{escape_latex(name)}}}"
    ),
}
