"""stepwise blank"""

from __future__ import annotations

import click


@click.command(name="blank", short_help="Write an answer form to fill in.")
@click.argument("problem")
@click.argument("more", nargs=-1, metavar="")
@click.option("--ask", multiple=True, metavar="ID...", help="Ask for these quantities; names may be patterns.")
@click.option("--code", metavar="CODE", help="A form for the sheet with this code, which stands in it.")
@click.option("--vary", metavar="TEXT|FILE", help="What varied, where the sheet was written with --vary.")
@click.option("--question", type=click.IntRange(1), metavar="N", help="PROBLEM is an exam, and this is its N-th.")
@click.option("--format", "form", default="yaml", metavar="FORMAT", help="yaml (default), md, json; csv for a class.")
@click.option("--lang", "language", metavar="LANG", help="en, zh or en+zh. [default: the problem's, else en]")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE instead of standard output.")
def command(
    problem: str,
    more: tuple[str, ...],
    ask: tuple[str, ...],
    code: str | None,
    vary: str | None,
    question: int | None,
    form: str,
    language: str | None,
    output: str | None,
) -> None:
    """Write an answer form for PROBLEM: an empty place for every number that is asked for, and what it is.

    PROBLEM is a file, the name of a shipped problem, or - for standard input. Filled in, the form goes to
    `stepwise check`.

    \b
    Examples:
      stepwise blank xor-mlp -o my-answers.yaml
      stepwise blank xor-mlp --ask z1 a1 L delta1 --lang zh
      stepwise blank xor-mlp --format csv -o class.csv
      stepwise blank xor-mlp --code XOR-7F3K9QDM-E -o my-answers.yaml
      stepwise blank practice-exam --question 2 --lang zh
    """
    if more and not ask:
        raise click.UsageError(f"one problem at a time; what is {more[0]!r}? (several ids go behind --ask)")
    if vary is not None and code is None:
        raise click.UsageError("--vary says what the numbers of a code were drawn from: give --code, too")
    from stepwise.cli.chosen import chosen
    from stepwise.cli.output import emit
    from stepwise.document.blank import render_blank

    wanted = [name for text in (*ask, *more) for name in text.split(",") if name]
    own = chosen(problem, question, vary)
    questions = own.questions(own.problem if code is None else own.coded(code), wanted)
    text = render_blank(questions, form, language, with_code=own.is_exam)
    # with this mark a spreadsheet keeps names in every script; a pipe is better off without it
    to_file = form == "csv" and output not in (None, "-")
    emit(f"\ufeff{text}" if to_file else text, output)
