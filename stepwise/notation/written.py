"""A piece of mathematics on its way to the page: LaTeX, how tightly it binds, and where it may be broken."""

from __future__ import annotations

from msgspec import Struct

NEGATIVE, SUM, PRODUCT, ATOM = range(4)
"""How tightly a piece binds: −a, a + b, ab, a."""


class Written(Struct, frozen=True):
    """LaTeX in parts; a line may be broken before any part but the first."""

    parts: tuple[str, ...]
    level: int = ATOM
    number: bool = False
    """A single number (no function, no matrix)."""

    @property
    def latex(self) -> str:
        return self.parts[0] if len(self.parts) == 1 else " ".join(self.parts)

    @property
    def tall(self) -> bool:
        return r"\frac" in self.latex or r"\begin" in self.latex or r"\sum" in self.latex

    def inside(self, level: int) -> Written:
        """Itself where it binds at least as tightly as `level`, else in parentheses."""
        return self if self.level >= level else self.parenthesised()

    def parenthesised(self) -> Written:
        """In parentheses, and still broken where it was: `layout` sees to a pair that comes apart."""
        opening, closing = (r"\left(", r"\right)") if self.tall else ("(", ")")
        # only around fractions are there signs of a fixed size that serve instead of \left and \right
        parts = [self.latex] if r"\begin" in self.latex or r"\sum" in self.latex else list(self.parts)
        parts[0] = opening + parts[0]
        parts[-1] += closing
        return Written(tuple(parts), number=self.number)


def atom(latex: str) -> Written:
    return Written((latex,))


def number(latex: str) -> Written:
    """A printed number; a negative one binds like −a, and a power of ten like a product."""
    level = NEGATIVE if latex.startswith("-") else PRODUCT if r"\times" in latex else ATOM
    return Written((latex,), level, number=True)
