"""Who handed in: answers of the same student, answers without a name."""

from __future__ import annotations

from collections.abc import Sequence

from stepwise.checking.model import Report


def odd_names(reports: Sequence[Report]) -> list[str]:
    """A warning for each student who handed in more than once, and for answers without a name."""
    sources: dict[str, list[str]] = {}
    found = []
    for report in reports:
        if report.student:
            sources.setdefault(report.student, []).append(report.source)
        else:
            found.append(f"{report.source}: there is no name in it (write a name or an id for `student`)")
    for student, files in sources.items():
        if len(files) > 1:
            found.append(f"{student} handed in {len(files)} times, and each is marked: {', '.join(files[:5])}")
    return found
