"""What can go wrong, and how it is said.

    StepwiseError            anything stepwise says instead of a traceback
    ├── SpecError            a problem file that cannot be read as a problem
    ├── AnswerError          an answer file that cannot be read as answers
    ├── TemplateError        a template that does not render
    └── UnsupportedError     a correct request that stepwise does not do

The command line prints these in one place and exits with 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def nearest(word: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """The known name that is most like `word`, if it is like enough: what a message asks whether it was meant."""
    if len(word) > 60:
        return None
    from difflib import get_close_matches  # only a mistake pays for it

    lowered = {name.lower(): name for name in known}
    close = get_close_matches(word.lower(), lowered, 1, likeness)
    return lowered[close[0]] if close else None


class StepwiseError(Exception):
    """Base of every error that stepwise raises on purpose; `str(error)` is the message for the user."""


class Fault:
    """One thing that is wrong in a file: where it is, what it is, and what to write instead.

    `line` counts from 1 (None: the whole file); `path` is the place inside the file as a person writes it
    (`architecture.layers[2].activation`, list places counted from 1), "" for the whole file.
    """

    # a plain class: `--help` waits for this file, and records take longer to define than to write out
    __slots__ = ("hint", "line", "message", "path")

    def __init__(self, message: str, path: str = "", line: int | None = None, hint: str = "") -> None:
        self.message, self.path, self.line, self.hint = message, path, line, hint

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fault) and self._all() == other._all()

    def __hash__(self) -> int:
        return hash(self._all())

    def __repr__(self) -> str:
        return f"Fault{self._all()}"

    def _all(self) -> tuple[str, str, int | None, str]:
        return self.message, self.path, self.line, self.hint

    def text(self, source: str) -> str:
        place = source if self.line is None else f"{source}:{self.line}"
        where = f"{self.path}: " if self.path else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{place}: {where}{self.message}{hint}"


class SpecError(StepwiseError):
    """Everything that is wrong with one problem file, at once."""

    def __init__(self, source: str, faults: Sequence[Fault]) -> None:
        self.source = source
        self.faults = tuple(faults)
        super().__init__("\n".join(fault.text(source) for fault in self.faults))

    def __reduce__(self) -> tuple[type[SpecError], tuple[str, tuple[Fault, ...]]]:
        # for other processes: without this the message alone would travel
        return type(self), (self.source, self.faults)


class AnswerError(StepwiseError):
    """An answer file that cannot be read as answers."""


class TemplateError(StepwiseError):
    """A template that does not exist or does not render."""


class UnsupportedError(StepwiseError):
    """A correct request that stepwise does not do."""
