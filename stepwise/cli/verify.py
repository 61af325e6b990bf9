"""stepwise verify"""

from __future__ import annotations

import sys

import click

NOT_TRUE = 1
"""The exit code where something is not true."""


@click.command(name="verify", short_help="Check every gradient and printed line of a problem by other ways.")
@click.argument("problem")
@click.option("--format", "form", default="text", metavar="FORMAT", help="text (default), md or json.")
@click.option("--lang", "language", metavar="LANG", help="en, zh or en+zh. [default: the file's, else en]")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE instead of standard output.")
@click.option("--exact", is_flag=True, help="Full precision, rounded in print.")
@click.option("--hand", is_flag=True, help="Round every line and carry on.")
@click.option("--decimals", type=click.IntRange(0, 12), metavar="N", help="Decimals of every result.")
@click.option("--figures", type=click.IntRange(1, 12), metavar="N", help="Significant figures of every result.")
@click.option("--letters", is_flag=True, help="A letter in place of every number.")
@click.option("--exact-forms", is_flag=True, help="Exact forms such as 2/3 and 1/(1+e^-1), nothing rounded.")
@click.option("--code", metavar="CODE", help="The numbers of the practice sheet with this code.")
@click.option("--vary", metavar="TEXT|FILE", help="What varied, where the sheet was written with --vary.")
@click.option("--question", type=click.IntRange(1), metavar="N", help="PROBLEM is an exam, and this is its N-th.")
def command(
    problem: str,
    form: str,
    language: str | None,
    output: str | None,
    exact: bool,
    hand: bool,
    decimals: int | None,
    figures: int | None,
    letters: bool,
    exact_forms: bool,
    code: str | None,
    vary: str | None,
    question: int | None,
) -> None:
    """Check the worked solution of PROBLEM by other ways than those it came by, and print a short table.

    Gradients are compared with central differences of a loss that other code calculates, and with symbolic derivatives
    where the problem is small. Every printed result is re-done from its printed line, and every number put in is traced
    to where it is from. Sizes fit, and no number is infinite.

    Exit code: 0 everything holds, 1 something does not (it is listed), 2 bad input.

    \b
    Examples:
      stepwise verify xor-mlp
      stepwise verify my-problem.yaml --hand --decimals 3
      stepwise verify xor-mlp --format json
      stepwise verify xor-mlp --code XOR-7F3K9QDM-E
    """
    from stepwise.cli.output import emit, refuse_input
    from stepwise.cli.solve import asked_problem, refuse_choices
    from stepwise.document.verified import check_format, render_verification, verify
    from stepwise.trace import solve

    refuse_choices(exact, hand, decimals, figures, letters, exact_forms, code, vary)
    refuse_input(output, problem)
    check_format(form)
    carry = hand if exact or hand else None
    asked = asked_problem(problem, question, code, vary, language, carry, decimals, figures)
    if hand and asked.has_letters:
        raise click.UsageError("hand arithmetic rounds, and letters cannot be rounded")
    trace = solve(asked, "letters" if letters else "forms" if exact_forms else None)
    verified = verify(trace)
    emit(render_verification(trace, verified, form), output)
    if not verified.holds:
        sys.exit(NOT_TRUE)
