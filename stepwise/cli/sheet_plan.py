"""What `stepwise sheet` is to write: the assignment, and for each paper its file and its row in the table."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import click
from msgspec.structs import asdict, replace

from stepwise import __version__
from stepwise.cli.reports import safe_name
from stepwise.cli.sheet_folder import Wanted
from stepwise.cli.sheet_tasks import Order, Style
from stepwise.problem.nodes import listed
from stepwise.sheets.series import Assignment, Question, Series, Ticket

_ENDINGS = {"sheet": "", "key": "-key", "solutions": "-solutions"}
_HASH = 16
"""Characters of the hash of what decides about a file."""


def assignment_of(
    problem: str, ask: Sequence[str] = (), vary: str | None = None, prediction: str | None = None
) -> Assignment:
    """The exam in a file, or one problem for itself. Raises SpecError for what is wrong with it."""
    from stepwise.cli.solve import load
    from stepwise.problem.vary_text import read_vary_text
    from stepwise.sheets.exams import is_exam, read_exam

    if problem != "-" and is_exam(problem):
        for name, given in (("--ask", bool(ask)), ("--vary", vary is not None)):
            if given:
                raise click.UsageError(f"{name} is for one problem; in an exam every question has its own `{name[2:]}`")
        assignment = read_exam(problem)
    else:
        one = load(problem)
        rules = None if vary is None else read_vary_text(vary)
        assignment = Assignment(one.name, (Question(one, rules, tuple(ask)),), None, one.languages)
    if prediction is None:
        return assignment
    questions = tuple(
        replace(one, vary=_with_prediction(one.problem.vary if one.vary is None else one.vary, prediction))
        for one in assignment.questions
    )
    return replace(assignment, questions=questions)


def _with_prediction(vary: Mapping[str, Any], prediction: str) -> Mapping[str, Any]:
    conditions = {**(vary.get("conditions") or {}), "prediction": prediction}
    return {**vary, "conditions": conditions}


def orders_for(tickets: Sequence[Ticket], kind: str, assignment: Assignment) -> list[Order]:
    """What the file of each paper is called: by its code, or the exam's name and number; then whose it is."""
    taken: set[str] = set()
    found = []
    for ticket in tickets:
        own = f"_{ticket.student.id}" if ticket.student is not None and assignment.title is None else ""
        name = safe_name(f"{ticket.name}{own}")
        number, stem = 1, name
        while stem.casefold() in taken:  # some file systems take Ada and ada for one
            number += 1
            stem = f"{name} ({number})"
        taken.add(stem.casefold())
        found.append(Order(ticket, f"{stem}{_ENDINGS[kind]}"))
    return found


def wanted_of(orders: Sequence[Order], series: Series, style: Style) -> list[Wanted]:
    """What the folder is to hold: each paper by a hash of everything that decides about it."""
    run = _fingerprint(series.assignment, style)
    found = []
    for order in orders:
        ticket, student = order.ticket, order.ticket.student
        who = ("", "") if student is None else (student.id, student.name)
        made_of = sha256(json.dumps([run, order.stem, ticket.name, ticket.counters, *who]).encode()).hexdigest()
        codes = " ".join(series.code(number, counter) for number, counter in enumerate(ticket.counters))
        found.append(Wanted(made_of[:_HASH], codes, *who))
    return found


def _fingerprint(assignment: Assignment, style: Style) -> str:
    questions = [
        [one.problem.name, dict(one.problem.document), one.vary, one.ask, one.marks] for one in assignment.questions
    ]
    content = [
        __version__,
        [assignment.name, assignment.title, assignment.languages, questions],
        {**asdict(style), "templates": _templates(style.templates)},
    ]
    return sha256(json.dumps(listed(content), default=str).encode()).hexdigest()


def _templates(folder: str | None) -> list[list[str]] | None:
    """The user's own templates, for they decide about the pages too."""
    if folder is None:
        return None
    paths = sorted(path for path in Path(folder).rglob("*") if path.is_file())
    return [[str(path.relative_to(folder)), sha256(path.read_bytes()).hexdigest()] for path in paths]
