"""stepwise check"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from stepwise.asking import Questions
    from stepwise.checking import ClassReport
    from stepwise.checking.by_hand import Override
    from stepwise.cli.check_variants import Variants

_MANY = 20
"""Files from which on a terminal sees how far the reading is."""
_SUFFIXES = (".yaml", ".yml", ".json", ".csv", ".md", ".txt")
_FORMS = {".csv": "csv", ".json": "json", ".md": "md"}
NOT_RIGHT, UNREADABLE = 1, 2
"""Exit codes."""


@click.command(name="check", short_help="Mark answers, and say where an error starts and which it is.")
@click.argument("problem")
@click.argument("answers", nargs=-1, required=True, metavar="ANSWERS...")
@click.option("--format", "form", metavar="FORMAT", help="text (default), md, json or csv; else by the name of FILE.")
@click.option("--for", "audience", default="teacher", metavar="WHO", help="teacher (default): all; student: hints.")
@click.option("--tolerance", metavar="X", help="Accept what is this near: 0.01, or 1% of each number.")
@click.option("--ask", multiple=True, metavar="ID...", help="The quantities that count; names may be patterns.")
@click.option("--code", metavar="CODE", help="The code of the sheet that ANSWERS belong to, where they do not say.")
@click.option("--question", type=click.IntRange(1), metavar="N", help="PROBLEM is an exam: mark its N-th question.")
@click.option("--roster", metavar="FILE", help="The students (id,name,code) of `sheet --roster`, or its variants.csv.")
@click.option("--seed", metavar="S", help="The seed of `sheet --roster`, where the roster has no codes. [default: 1]")
@click.option("--vary", metavar="TEXT|FILE", help="What varied, where the sheets were written with --vary.")
@click.option("--by-hand", metavar="FILE", help="A CSV of marks set by hand: student,quantity,marks.")
@click.option("--lang", "language", metavar="LANG", help="en, zh or en+zh. [default: the problem's, else en]")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE, or to a folder/ with a file for each student.")
def command(
    problem: str,
    answers: tuple[str, ...],
    form: str | None,
    audience: str,
    tolerance: str | None,
    ask: tuple[str, ...],
    code: str | None,
    question: int | None,
    roster: str | None,
    seed: str | None,
    vary: str | None,
    by_hand: str | None,
    language: str | None,
    output: str | None,
) -> None:
    """Mark ANSWERS to PROBLEM: files (YAML, JSON, CSV, Markdown), folders or patterns, one student or a class.

    An answer is right if careful rounding can reach it; what follows from an earlier error is no second error; where an
    error starts, a known mistake is named. A table of marks that is written again keeps the marks set by hand in its
    last column, and the rows of students who are not among ANSWERS.

    Answers with the code of a sheet are marked against the numbers of that sheet; a roster says who has which, and
    without codes in it they are drawn again. Sheets made with --ask or --prediction are drawn in another way: they need
    their codes, in ANSWERS or in the variants.csv beside them. Of an exam one question is marked at a time.

    Exit code: 0 all right, 1 something is not, 2 something could not be read (the rest is marked all the same).

    \b
    Examples:
      stepwise check xor-mlp my-answers.yaml
      stepwise check xor-mlp my-answers.yaml --for student --lang zh
      stepwise check xor-mlp my-answers.yaml --ask z1 a1 L delta2
      stepwise check xor-mlp answers/*.yaml --format csv -o marks.csv
      stepwise check xor-mlp answers/*.yaml --for student -o reports/
      stepwise check xor-mlp my-answers.yaml --code XOR-7F3K9QDM-E
      stepwise check xor-mlp answers/ --roster students.csv --seed 7
      stepwise check practice-exam --question 1 answers/ --roster students.csv --seed 7
    """
    if code is not None and roster is not None:
        raise click.UsageError("--code is one for all, --roster says whose is which: leave one of them out")
    if seed is not None and roster is None:
        raise click.UsageError("--seed says how the codes of a roster were drawn: give --roster, too")
    from stepwise.cli.check_variants import variants_of
    from stepwise.cli.chosen import chosen
    from stepwise.cli.reports import check_folder, is_folder, write_each
    from stepwise.document.marking import check_request

    folder = output is not None and is_folder(output)
    form = form or ("text" if folder else _FORMS.get(Path(output or "").suffix.lower(), "text"))
    check_request(form, language, audience)
    if folder:
        check_folder(str(output), form)
    answers, more = _files_and_ids(answers) if ask else (answers, ())
    wanted = [name for text in (*ask, *more) for name in text.split(",") if name]
    variants = variants_of(chosen(problem, question, vary), wanted, code=code, roster=roster, seed=seed)
    table = _Table(variants.questions, form, output, by_hand)
    marked = _without_tables(_marked(variants, answers, tolerance, table), output, (roster, problem))
    if folder:
        marked = write_each(marked, Path(str(output)), form, language, audience, _tell)
    else:
        _tell(marked)
        _write(marked, table, language, audience)
    if marked.unreadable:
        sys.exit(UNREADABLE)
    if not marked.all_right:
        sys.exit(NOT_RIGHT)


class _Table:
    """The marks set by hand, and the table of an earlier run in the file that is written again."""

    def __init__(self, questions: Questions, form: str, output: str | None, by_hand: str | None) -> None:
        from stepwise.checking.by_hand import over, read_by_hand
        from stepwise.checking.earlier import Earlier, earlier_marks

        self.form = form
        self.output = output
        again = form == "csv" and output not in (None, "-")
        kept = _by_hand(Path(str(output))) if again else ()
        self.earlier = earlier_marks(Path(str(output)), questions) if again else Earlier()
        self.own = list(read_by_hand(by_hand)) if by_hand is not None else []
        self.overrides = over(kept, self.own)
        if kept:
            click.echo(f"{output}: kept {_counted(len(kept), 'total')} set by hand", err=True)


def _write(marked: ClassReport, table: _Table, language: str | None, audience: str) -> None:
    """One report of all, to a file or to standard output."""
    from stepwise.checking.by_hand import label, unclaimed
    from stepwise.checking.earlier import kept_marks
    from stepwise.cli.output import emit
    from stepwise.document.marking import CSV, render_report

    form, output = table.form, table.output
    earlier = kept_marks(table.earlier, marked, table.overrides)
    kept = unclaimed(marked, table.own) if form == CSV else ()
    if not marked.reports and not kept:
        return
    nameless = {label(report) for report in marked.reports if not report.student}
    for name in sorted(nameless & {row.student for row in table.earlier.rows}):
        # a file name alone says nothing of who wrote it
        _warn(f"the row {name!r} of {output} is taken for the answers in {name}, which have no name in them")
    known = {row.student for row in earlier.rows}
    text = render_report(marked, form, language, audience, [one for one in kept if one.student not in known], earlier)
    # without this mark a spreadsheet takes names in other scripts for gibberish; a pipe is better off without it
    mark = "\ufeff" if form == CSV and output not in (None, "-") and not text.isascii() else ""
    emit(mark + text, output)
    if absent := {row.student for row in earlier.rows} - {label(report) for report in marked.reports}:
        are = "who is" if len(absent) == 1 else "who are"
        click.echo(f"{output}: kept {_counted(len(absent), 'student')} {are} not in this run", err=True)
    if form != CSV and audience == "student" and len(marked.reports) > 1:
        _warn(f"the reports of {len(marked.reports)} students are in one piece; a folder has one each: -o reports/")


def _files_and_ids(words: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What stands behind --ask are ids, but for what is a file, a folder, or looks like one."""
    ids = tuple(word for word in words if not _is_file(word))
    files = tuple(word for word in words if _is_file(word))
    if not files:
        raise click.UsageError("no answers to mark (give their files before --ask)")
    return files, ids


def _is_file(word: str) -> bool:
    path = Path(word)
    return word == "-" or path.name != word or path.suffix in _SUFFIXES or path.exists()


def _marked(variants: Variants, answers: Sequence[str], tolerance: str | None, table: _Table) -> ClassReport:
    from msgspec.structs import replace

    from stepwise.checking import Unreadable
    from stepwise.checking.by_hand import apply_by_hand
    from stepwise.checking.reading.files import read_answers, read_many
    from stepwise.checking.roll import odd_names
    from stepwise.cli.progress import progress
    from stepwise.errors import AnswerError

    questions = variants.questions
    with progress("reading", _MANY) as moved:
        given, unreadable = read_many([name for name in answers if name != "-"], questions, moved)
    if "-" in answers:
        try:
            given += read_answers(sys.stdin.buffer, questions)
        except AnswerError as error:
            unreadable.append(Unreadable("-", str(error)))
    marked = variants.marked(given, tolerance)
    marked = replace(marked, unreadable=(*unreadable, *marked.unreadable))
    marked = replace(marked, warnings=(*marked.warnings, *odd_names(marked.reports)))
    return apply_by_hand(marked, table.overrides, {row.student for row in table.earlier.rows})


def _without_tables(marked: ClassReport, output: str | None, others: Sequence[str | None]) -> ClassReport:
    """The report of an earlier run, a roster, an exam are no answer files; and no answers are written over."""
    from msgspec.structs import replace

    if output is not None and any(_is_same(report.source, output) for report in marked.reports):
        raise click.UsageError(f"{output} has answers in it: write the report to another file")
    known = [name for name in (output, *others) if name is not None]
    unreadable = (one for one in marked.unreadable if not any(_is_same(one.source, name) for name in known))
    return replace(marked, unreadable=tuple(unreadable))


def _is_same(source: str, other: str) -> bool:
    return Path(source).is_file() and Path(other).is_file() and Path(source).samefile(other)


def _by_hand(table: Path) -> Sequence[Override]:
    """The marks in the table that is written again."""
    from stepwise.checking.by_hand import has_marks_by_hand, read_by_hand

    return read_by_hand(table) if has_marks_by_hand(table) else ()


def _tell(marked: ClassReport) -> None:
    """On standard error what could not be read and what is odd."""
    for one in marked.unreadable:
        click.echo(f"{click.style('error:', fg='red', bold=True)} {one.message}", err=True)
    notes = [f"{report.source}: {note}" for report in marked.reports for note in report.notes]
    for text in (*notes, *marked.warnings):
        _warn(text)
    if marked.unreadable and marked.reports:
        click.echo(f"{_counted(len(marked.unreadable), 'answer')} not read, {len(marked.reports)} marked", err=True)


def _warn(text: str) -> None:
    click.echo(f"{click.style('warning:', fg='yellow', bold=True)} {text}", err=True)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
