"""What is shared out when a class's papers are written: some tickets in, files out. A task can run in any process."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from stepwise.errors import UnsupportedError
from stepwise.sheets.model import Paper
from stepwise.sheets.series import Assignment, Series, Ticket

SUFFIXES = {
    "md": ".md",
    "latex": ".tex",
    "pdf": ".pdf",
    "yaml": ".yaml",
    "moodle": ".xml",
    "qti": ".zip",
    "ipynb": ".ipynb",
}
"""Every format of papers and how its files end."""
BINARY = frozenset({"pdf", "qti"})
_ASSIGNMENTS = 4
"""So many assignments a process keeps ready."""


class Style(Struct, frozen=True):
    """How papers are written."""

    kind: str
    form: str
    language: str
    formulas: bool = False
    templates: str | None = None


class Order(Struct, frozen=True):
    """One paper that is wanted: its ticket, and what its file is called, without ending."""

    ticket: Ticket
    stem: str


Files = list[tuple[str, bytes]]
"""Names of files and what is in them."""


def packed(assignment: Assignment) -> bytes:
    """An assignment on its way to other processes."""
    return pickle.dumps(assignment)


def written(assignment: bytes, style: Style, orders: Sequence[Order]) -> list[tuple[str, Files]]:
    """The files of some papers, each with the stem of its order. `assignment` is packed."""
    papers = _series(assignment).papers([one.ticket for one in orders])
    return [(one.stem, files_of(paper, one.stem, style)) for paper, one in zip(papers, orders, strict=True)]


@lru_cache(maxsize=_ASSIGNMENTS)
def _series(assignment: bytes) -> Series:
    """Made ready once in every process."""
    return Series(pickle.loads(assignment))


def files_of(paper: Paper, stem: str, style: Style) -> Files:
    """The file of one paper; of an exam as problem files one for each question."""
    suffix = SUFFIXES[style.form]
    if style.form == "yaml" and paper.is_exam:
        from stepwise.document.variant_file import problem_yaml

        return [
            (f"{stem}_{number}_{one.code}{suffix}", problem_yaml(one.problem).encode())
            for number, one in enumerate(paper.variants, 1)
        ]
    return [(f"{stem}{suffix}", document([paper], style))]


def document(papers: Sequence[Paper], style: Style) -> bytes:
    """All papers as one document."""
    form, kind, language = style.form, style.kind, style.language
    if form == "yaml":
        from stepwise.document.variant_file import problem_yaml

        variants = [one for paper in papers for one in paper.variants]
        if len(variants) != 1:
            raise UnsupportedError(f"{len(variants)} problems are not one problem file (give --each and -o DIR)")
        return problem_yaml(variants[0].problem).encode()
    if form == "moodle":
        from stepwise.document.moodle import render_moodle

        return render_moodle(papers, language).encode()
    if form == "qti":
        from stepwise.document.qti import qti_package

        return qti_package(papers, language)
    if form == "ipynb":
        from stepwise.document.paper_notebook import render_paper_notebook

        return render_paper_notebook(papers, kind, language, style.formulas).encode()
    from stepwise.document.papers import render_papers

    text = render_papers(
        papers, kind, "md" if form == "md" else "latex", language, formulas=style.formulas, templates=style.templates
    )
    if form != "pdf":
        return text.encode()
    from stepwise.cli.output import warn_of_missing
    from stepwise.document.pdf import pdf_of

    return pdf_of(text, warn_of_missing)
