"""stepwise solve"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from stepwise.cli.output import emit_page, refuse_input

if TYPE_CHECKING:
    from stepwise.problem import Problem
    from stepwise.trace.forms import Forms


@click.command(name="solve", short_help="Write the worked solution of a problem.")
@click.argument("problem")
@click.argument("more", nargs=-1, metavar="")
@click.option("--format", "form", default="md", metavar="FORMAT", help="md (default), latex, pdf, json or ipynb.")
@click.option("--lang", "language", metavar="LANG", help="en, zh or en+zh. [default: the file's, else en]")
@click.option("--detail", default="full", metavar="DETAIL", help="full (default), or brief: formulas and results only.")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE instead of standard output.")
@click.option("--exact", is_flag=True, help="Full precision, rounded in print.")
@click.option("--hand", is_flag=True, help="Round every line and carry on.")
@click.option("--decimals", type=click.IntRange(0, 12), metavar="N", help="Decimals of every result.")
@click.option("--figures", type=click.IntRange(1, 12), metavar="N", help="Significant figures of every result.")
@click.option("--letters", is_flag=True, help="A letter in place of every number.")
@click.option("--exact-forms", is_flag=True, help="Exact forms such as 2/3 and 1/(1+e^-1), nothing rounded.")
@click.option("--expand", is_flag=True, help="Letters and exact forms: every line down to what is given.")
@click.option("--only", multiple=True, metavar="ID...", help="Only these quantities; names may be patterns.")
@click.option("--until", metavar="ID", help="Everything up to this quantity.")
@click.option("--path", metavar="WEIGHT", help='One weight\'s way to the loss, by the chain rule: "W1[1,2]", "b1[2]".')
@click.option("--verify", is_flag=True, help="Check every number and line by other ways; a table below the page.")
@click.option("--code", metavar="CODE", help="The numbers of the practice sheet with this code.")
@click.option("--vary", metavar="TEXT|FILE", help="What varied, where the sheet was written with --vary.")
@click.option("--question", type=click.IntRange(1), metavar="N", help="PROBLEM is an exam, and this is its N-th.")
@click.option("--templates", metavar="DIR", help="A folder of templates to use before the shipped ones.")
def command(
    problem: str,
    more: tuple[str, ...],
    form: str,
    language: str | None,
    detail: str,
    output: str | None,
    exact: bool,
    hand: bool,
    decimals: int | None,
    figures: int | None,
    letters: bool,
    exact_forms: bool,
    expand: bool,
    only: tuple[str, ...],
    until: str | None,
    path: str | None,
    verify: bool,
    code: str | None,
    vary: str | None,
    question: int | None,
    templates: str | None,
) -> None:
    """Write the worked solution of PROBLEM: a file, the name of a shipped problem, or - for standard input.

    \b
    Examples:
      stepwise solve xor-mlp
      stepwise solve xor-mlp --lang en+zh --format latex -o xor.tex
      stepwise solve xor-mlp --exact-forms --until a2
      stepwise solve xor-mlp --path "W1[1,1]"
      stepwise solve xor-mlp --verify
      stepwise solve xor-mlp --format ipynb -o xor.ipynb
      stepwise solve my-problem.yaml --hand --decimals 3 --only dW1 W1_new
      stepwise solve xor-mlp --code XOR-7F3K9QDM-E
      stepwise solve practice-exam --question 2 --lang zh
    """
    if more and not only:
        raise click.UsageError(f"one problem at a time; what is {more[0]!r}? (several ids go behind --only)")
    refuse_choices(exact, hand, decimals, figures, letters, exact_forms, code, vary)
    if path is not None and (only or until or letters or exact_forms or expand):
        raise click.UsageError("--path is a page of its own, in numbers: leave the other choice of lines out")
    refuse_input(output, problem)
    carry = hand if exact or hand else None
    asked = asked_problem(problem, question, code, vary, language, carry, decimals, figures)
    if path is not None:
        _write(_path_writer(asked, path, detail, templates, verify), form, output)
        return
    wanted = [name for text in (*only, *(more if only else ())) for name in text.split(",") if name]
    if hand and asked.has_letters:
        raise click.UsageError("hand arithmetic rounds, and letters cannot be rounded")
    cut: dict[str, Any] = {"only": wanted, "until": until, "expand": expand, "templates": templates}
    forms: Forms | None = "letters" if letters else "forms" if exact_forms else None
    _write(_page_writer(asked, forms, detail, cut, verify), form, output)


Writer = Callable[[str], tuple[str, bool]]
"""Makes the page in a format; whether all that was checked of it holds."""


def _write(write: Writer, form: str, output: str | None) -> None:
    """Write the page; exit 1 where something that was checked of it does not hold."""
    held: list[bool] = []

    def text(form: str) -> str:
        page, holds = write(form)
        held.append(holds)
        return page

    emit_page(text, form, output)
    if not all(held):
        sys.exit(1)


def _page_writer(asked: Problem, forms: Forms | None, detail: str, cut: dict[str, Any], verify: bool) -> Writer:
    from stepwise.document import render
    from stepwise.trace import solve

    trace = solve(asked, forms)
    if not verify:
        return lambda form: (render(trace, form, None, detail, **cut), True)
    from stepwise.document.verified import render_verified

    def write(form: str) -> tuple[str, bool]:
        page, verified = render_verified(trace, form, None, detail, **cut)
        return page, verified.holds

    return write


def _path_writer(asked: Problem, path: str, detail: str, templates: str | None, verify: bool) -> Writer:
    if not verify:
        from stepwise.document.path import render_path

        return lambda form: (render_path(asked, path, form, None, detail, templates=templates), True)
    from stepwise.document.verified import render_verified_path

    def write(form: str) -> tuple[str, bool]:
        page, verified = render_verified_path(asked, path, form, None, detail, templates=templates)
        return page, verified.holds

    return write


def refuse_choices(
    exact: bool,
    hand: bool,
    decimals: int | None,
    figures: int | None,
    letters: bool,
    exact_forms: bool,
    code: str | None,
    vary: str | None,
) -> None:
    """Raise UsageError for options that exclude one another."""
    if decimals is not None and figures is not None:
        raise click.UsageError("--decimals and --figures exclude each other")
    if exact and hand:
        raise click.UsageError("--exact and --hand exclude each other")
    if letters and exact_forms:
        raise click.UsageError("--letters and --exact-forms exclude each other")
    if vary is not None and code is None:
        raise click.UsageError("--vary says what the numbers of a code were drawn from: give --code, too")
    if hand and (letters or exact_forms):
        raise click.UsageError("hand arithmetic rounds; --letters and --exact-forms do not")


def asked_problem(
    problem: str,
    question: int | None,
    code: str | None,
    vary: str | None,
    language: str | None,
    carry: bool | None,
    decimals: int | None,
    figures: int | None,
) -> Problem:
    """The problem with its numbers, as the options ask for it."""
    from stepwise.problem import with_options

    languages = tuple(language.split("+")) if language else None
    own = numbered(problem, question, code, vary)
    return with_options(own, carry=carry, decimals=decimals, figures=figures, languages=languages)


def numbered(problem: str, question: int | None, code: str | None, vary: str | None) -> Problem:
    """The problem, or the question of an exam, with the numbers of a code where there is one."""
    if question is None and code is None:
        return load(problem)
    from stepwise.cli.chosen import chosen

    own = chosen(problem, question, vary)
    return own.problem if code is None else own.coded(code)


def load(problem: str) -> Problem:
    """A problem from a file, a shipped name, or standard input."""
    from stepwise.errors import SpecError, UnsupportedError
    from stepwise.problem import load_problem, read_stream

    if problem == "-":
        return read_stream(sys.stdin.buffer)
    try:
        return load_problem(problem)
    except SpecError:
        from stepwise.sheets.exams import is_exam

        if is_exam(problem):
            hint = "name one question: --question 1 …, or write the papers with `stepwise sheet`"
            raise UnsupportedError(f"{problem} is an exam: several problems ({hint})") from None
        raise
