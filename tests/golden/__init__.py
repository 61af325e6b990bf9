"""Golden pages: whole pages as they looked when somebody last looked at them.

They guard the layout only: order, spacing, headings, line breaks. That the numbers on them are right is tested
elsewhere, from the documents and by re-doing every line. After a wanted change look at the difference and renew them:

    python -m tests.golden
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stepwise import load_problem, render, solve

FOLDER = Path(__file__).parent / "pages"


@dataclass(frozen=True)
class Golden:
    """One page that is kept."""

    problem: str
    format: str
    language: str

    @property
    def path(self) -> Path:
        """A text file, whatever its format, so that no formatter touches it."""
        return FOLDER / f"{self.problem}.{self.language}.{self.format}.txt"

    def page(self) -> str:
        return render(solve(load_problem(self.problem)), self.format, self.language)


PAGES = (
    Golden("xor-mlp", "md", "en"),
    Golden("softmax-cross-entropy-mlp", "md", "zh"),
    Golden("svm-hinge-subgradient", "md", "en+zh"),
    Golden("batch-softmax-shapes", "md", "en"),
    Golden("sigmoid-mse-neuron", "latex", "zh"),
    Golden("xor-separability", "md", "en+zh"),
)


def renew() -> list[Path]:
    """Write every page that has changed; the paths of those that were written."""
    FOLDER.mkdir(exist_ok=True)
    written = []
    for golden in PAGES:
        text = golden.page()
        if not golden.path.exists() or golden.path.read_text(encoding="utf-8") != text:
            golden.path.write_text(text, encoding="utf-8", newline="\n")
            written.append(golden.path)
    return written
