"""stepwise sheet"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from stepwise.cli.sheet_tasks import Order, Style
    from stepwise.sheets.series import Series, Ticket

_CHUNK = 20
"""Papers of one task: their lines are worked out together."""
_SLOW_CHUNK = 2
"""The same where each paper takes a second."""
_MOST = 1_000_000
_WITH_KEY = ("moodle", "qti")
"""Formats for learning systems, which mark by themselves."""
_PAGES = ("md", "latex", "pdf")
_WITH_FORMULAS = (*_PAGES, "ipynb")


@click.command(name="sheet", short_help="Write sheets with fresh numbers, their keys and solutions.")
@click.argument("problem", metavar="PROBLEM|EXAM")
@click.argument("more", nargs=-1, metavar="")
@click.option("--count", type=click.IntRange(1, _MOST), metavar="N", help="How many papers. [default: 1]")
@click.option("--seed", default="1", metavar="S", help="The same seed draws the same numbers. [default: 1]")
@click.option("--key", is_flag=True, help="The key in place of the sheet: results, and what is accepted.")
@click.option("--solutions", is_flag=True, help="The worked solutions in place of the sheet.")
@click.option("--each", is_flag=True, help="One file for each paper, in the folder named by -o.")
@click.option("--roster", metavar="FILE", help="A CSV of students (id,name): a paper for each, drawn by seed and id.")
@click.option("--formulas", is_flag=True, help="Sheets give the formula of everything that is asked for.")
@click.option("--format", "form", default="md", metavar="FORMAT", help="md, latex, pdf, yaml, moodle, qti or ipynb.")
@click.option("--lang", "language", metavar="LANG", help="en, zh or en+zh. [default: the file's, else en]")
@click.option("--ask", multiple=True, metavar="ID...", help="Ask for these quantities; names may be patterns.")
@click.option("--vary", metavar="TEXT|FILE", help="What varies, in place of the file's: 'inputs: {choices: [1, 2]}'.")
@click.option("--prediction", type=click.Choice(["any", "right", "wrong"]), help="What the model predicts at first.")
@click.option("--jobs", type=click.IntRange(1, 256), metavar="N", help="Share the files out over N processes.")
@click.option("--dask", metavar="ADDRESS", help="Share the files out over a Dask cluster: tcp://10.0.0.1:8786.")
@click.option("--templates", metavar="DIR", help="A folder of templates to use before the shipped ones.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing of how the search went.")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE, or with --each to a folder.")
def command(
    problem: str,
    more: tuple[str, ...],
    count: int | None,
    seed: str,
    key: bool,
    solutions: bool,
    each: bool,
    roster: str | None,
    formulas: bool,
    form: str,
    language: str | None,
    ask: tuple[str, ...],
    vary: str | None,
    prediction: str | None,
    jobs: int | None,
    dask: str | None,
    templates: str | None,
    quiet: bool,
    output: str | None,
) -> None:
    """Write PROBLEM with fresh numbers, each time worth doing; or an EXAM of several problems.

    Every paper bears the code of its numbers: `solve --code` works it out, `check --code` marks it. The same command
    with --key or --solutions writes what belongs to the same papers. A folder that was interrupted is gone on with.

    \b
    Examples:
      stepwise sheet xor-mlp --count 3 --seed 7
      stepwise sheet xor-mlp --count 3 --seed 7 --key
      stepwise sheet xor-mlp --vary 'inputs: {choices: [0, 1, 2]}' --format latex -o sheet.tex
      stepwise sheet xor-mlp --roster students.csv --each -o sheets/
      stepwise sheet practice-exam --roster students.csv --lang zh -o exam.md
      stepwise sheet xor-mlp --count 50 --each --solutions --jobs 2 -o sheets/
      stepwise sheet xor-mlp --count 30 --format moodle -o quiz.xml
    """
    if more and not ask:
        raise click.UsageError(f"one problem or exam at a time; what is {more[0]!r}? (several ids go behind --ask)")
    if key and solutions:
        raise click.UsageError("--key and --solutions exclude each other; call once for each")
    if count is not None and roster is not None:
        raise click.UsageError("--roster says how many papers there are; leave --count out")
    kind = "key" if key else "solutions" if solutions else "sheet"
    _check_format(form, kind, formulas, templates)
    _check_places(each, output, jobs, dask)
    if (jobs or 1) > 1:
        from stepwise.cli.workers import make_ready

        make_ready()
    from stepwise.cli.output import refuse_input
    from stepwise.cli.sheet_plan import assignment_of
    from stepwise.cli.sheet_tasks import Style
    from stepwise.document.options import languages_of
    from stepwise.sheets.series import Series

    languages_of(language)
    refuse_input(output, problem, roster, vary)
    wanted = [name for text in (*ask, *more) for name in text.split(",") if name]
    series = Series(assignment_of(problem, wanted, vary, prediction))
    tickets = _tickets(series, seed, count or 1, roster)
    style = Style(kind, form, language or "+".join(series.assignment.languages), formulas, templates)
    if not quiet:
        from stepwise.cli.sheet_report import tell_search

        tell_search(series, tickets)
    if each:
        _write_each(series, tickets, style, Path(str(output)), jobs or 1, dask, quiet=quiet)
    else:
        _write_one(series, tickets, style, output)


def _check_format(form: str, kind: str, formulas: bool, templates: str | None) -> None:
    from stepwise.cli.sheet_tasks import SUFFIXES
    from stepwise.errors import UnsupportedError

    if form not in SUFFIXES:
        raise UnsupportedError(f"no format {form!r} (there are {', '.join(SUFFIXES)})")
    if kind != "sheet" and form in (*_WITH_KEY, "yaml"):
        why = "is of problem files" if form == "yaml" else "has the key in it"
        raise click.UsageError(f"--format {form} {why}: leave --{kind} out")
    if formulas and kind != "sheet":
        raise click.UsageError(f"--formulas is for sheets; leave it or --{kind} out")
    if formulas and form not in _WITH_FORMULAS:
        raise click.UsageError(f"--formulas is not for --format {form}")
    if templates is not None and form not in _PAGES:
        raise click.UsageError(f"--templates is for {', '.join(_PAGES)}, not for {form}")
    if templates is not None and not Path(templates).is_dir():
        raise UnsupportedError(f"there is no folder {templates} (--templates names a folder of templates)")


def _check_places(each: bool, output: str | None, jobs: int | None, dask: str | None) -> None:
    if each and output in (None, "-"):
        raise click.UsageError("--each writes files into a folder: name it with -o DIR")
    if jobs is not None and dask is not None:
        raise click.UsageError("--jobs and --dask exclude each other")
    if not each and (jobs not in (None, 1) or dask is not None):
        name = "--dask" if dask is not None else "--jobs"
        raise click.UsageError(f"{name} shares out files: give --each and -o DIR, too")
    if not each and output is not None and Path(output).is_dir():
        raise click.UsageError(f"{output} is a folder: give a file name, or --each for one file a paper")


def _tickets(series: Series, seed: str, count: int, roster: str | None) -> list[Ticket]:
    """Who gets which numbers."""
    if roster is None:
        return list(series.tickets(seed, count))
    from stepwise.cli.progress import progress
    from stepwise.sheets.roster import read_roster

    students = read_roster(roster)
    found = []
    with progress("drawing") as moved:
        for ticket in series.tickets_for(students, seed):
            found.append(ticket)
            if moved is not None:
                moved(len(found), len(students))
    return found


def _write_one(series: Series, tickets: Sequence[Ticket], style: Style, output: str | None) -> None:
    """All papers as one document."""
    from stepwise.cli.output import emit, refuse_terminal
    from stepwise.cli.sheet_tasks import BINARY, document

    binary = style.form in BINARY
    if binary:
        refuse_terminal(output)
    content = document(series.papers(tickets), style)
    emit(content if binary else content.decode(), output)


def _write_each(
    series: Series, tickets: Sequence[Ticket], style: Style, path: Path, jobs: int, dask: str | None, *, quiet: bool
) -> None:
    """A file for each paper, but for what is there already; and the table of them."""
    from stepwise.cli.progress import progress
    from stepwise.cli.sheet_folder import Folder
    from stepwise.cli.sheet_plan import orders_for, wanted_of
    from stepwise.cli.sheet_report import counted
    from stepwise.cli.sheet_tasks import packed, written
    from stepwise.cli.workers import shared_out

    orders = orders_for(tickets, style.kind, series.assignment)
    wanted = wanted_of(orders, series, style)
    assignment = packed(series.assignment)
    each = len(series.assignment.questions) if style.form == "yaml" else 1
    with Folder(path, style.kind, each) as folder, progress("writing") as moved:
        to_do = [(one.made_of, order) for one, order in zip(wanted, orders, strict=True) if not folder.has(one.made_of)]
        made_of = {order.stem: name for name, order in to_do}
        tasks = ((assignment, style, chunk) for chunk in _chunks([order for _, order in to_do], style.form))
        done = 0
        for files in shared_out(written, tasks, jobs, dask):
            for stem, content in files:
                folder.write(made_of[stem], content)
            done += len(files)
            if moved is not None:
                moved(done, len(to_do))
        others = folder.finish(wanted)
    if not quiet:
        kept = f", {counted(len(orders) - done, 'paper')} kept" if done < len(orders) else ""
        click.echo(f"{path}: {counted(done, 'paper')} written{kept}; the list is {folder.table}", err=True)
        if others:
            click.echo(f"  it also has {counted(others, 'file')} of other runs, which are still there", err=True)


def _chunks(orders: Sequence[Order], form: str) -> Iterator[list[Order]]:
    rest = iter(orders)
    while chunk := list(islice(rest, _SLOW_CHUNK if form == "pdf" else _CHUNK)):
        yield chunk
