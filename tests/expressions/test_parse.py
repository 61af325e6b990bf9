"""The parser for typed formulas: what it reads, and that nothing it cannot read does any harm."""

from __future__ import annotations

import ast
import math
import time
from collections.abc import Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stepwise.expressions import FloatArithmetic, evaluate
from stepwise.expressions.parse import ParseError, parse
from tests.tooling import ROOT

LETTERS = ("z", "alpha", "beta")
AT: Mapping[str, float] = {"z": 1.3, "alpha": 0.4, "beta": 2.5}
Z, ALPHA, BETA = AT.values()
SOON = 1.0


def value(text: str) -> float:
    return float(evaluate(parse(text, LETTERS), AT, FloatArithmetic()))


# ---- what is read

EXPRESSIONS: Mapping[str, float] = {
    "z": Z,
    "2": 2,
    "0.5": 0.5,
    ".5": 0.5,
    "1e-3": 0.001,
    "2.5E2": 250,
    # precedence
    "1 + 2*3": 7,
    "(1 + 2)*3": 9,
    "8 - 3 - 2": 3,
    "8/4/2": 1,
    "8/4*2": 4,
    "2*3^2": 18,
    "2^3*4": 32,
    "-z^2": -(Z**2),
    "(-z)^2": Z**2,
    "-2*3": -6,
    "2*-3": -6,
    "2 - -3": 5,
    "+z": Z,
    "z**2": Z**2,
    "z^-1": 1 / Z,
    "2^-1*z": Z / 2,
    "z^(-2)": Z**-2,
    "z^0": 1,
    "z^1": Z,
    "z^(1/2)": math.sqrt(Z),
    "z^0.5": math.sqrt(Z),
    "z^(-1/2)": 1 / math.sqrt(Z),
    "(z^2)^3": Z**6,
    "z^99/z^98": Z,
    "e^z": math.exp(Z),
    "e^-z^2": math.exp(-(Z**2)),
    "e**(2z)": math.exp(2 * Z),
    # a sign of multiplication may be left out after a number
    "2z": 2 * Z,
    "-2z^2": -2 * Z**2,
    "2(z + 1)": 2 * (Z + 1),
    "3exp(z)": 3 * math.exp(Z),
    "(z + 1)(z - 1)": (Z + 1) * (Z - 1),
    "2e": 2 * math.e,
    "1/2*z": Z / 2,
    # as it is typed or pasted
    "2 × z": 2 * Z,
    "2·z": 2 * Z,
    "z ÷ 2": Z / 2,
    "1 − z": 1 - Z,
    "（z＋1）＊2": (Z + 1) * 2,
    "π*z": math.pi * Z,
    "β*σ(α)": BETA / (1 + math.exp(-ALPHA)),
    " \t z\n+ 1 ": Z + 1,
    # functions
    "exp(z)": math.exp(Z),
    "log(z)": math.log(Z),
    "ln(z)": math.log(Z),
    "sqrt(z)": math.sqrt(Z),
    "tanh(z)": math.tanh(Z),
    "sin(z)": math.sin(Z),
    "cos(z)": math.cos(Z),
    "sinh(z)": math.sinh(Z),
    "cosh(z)": math.cosh(Z),
    "arctan(z)": math.atan(Z),
    "atan(-z)": math.atan(-Z),
    "erf(z)": math.erf(Z),
    "abs(-z)": Z,
    "max(z, 2)": 2,
    "max(0, 1, z)": Z,
    "min(z, 2)": Z,
    "min(3, 2, z)": Z,
    "sigmoid(-z)": 1 / (1 + math.exp(Z)),
    "sigma(z)": 1 / (1 + math.exp(-Z)),
    "relu(-z) + relu(z)": Z,
    "softplus(beta*z)": math.log(1 + math.exp(BETA * Z)),
    "Phi(z)": (1 + math.erf(Z / math.sqrt(2))) / 2,
    "pi": math.pi,
    "e": math.e,
    "z*tanh(log(1+exp(z)))": Z * math.tanh(math.log(1 + math.exp(Z))),
    "exp(beta*log(z))": Z**BETA,
}


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_what_a_formula_is_worth(text: str) -> None:
    assert value(text) == pytest.approx(EXPRESSIONS[text], rel=1e-14, abs=1e-15)


def test_only_the_allowed_letters_may_be_used() -> None:
    assert parse("x", ("x",)) == parse("x", ("x", "y"))
    with pytest.raises(ParseError, match="unknown name `z`"):
        parse("z", ("x",))


# ---- what is not

FAULTS: Mapping[str, tuple[int, str, str]] = {
    "": (1, "empty", "write one"),
    "   ": (4, "empty", "write one"),
    "+": (2, "ends too early", "after its last sign"),
    "*": (1, "`*` stands where", ""),
    "+*/": (2, "`*` stands where", ""),
    "z*": (3, "ends too early", ""),
    "(z": (1, "never closed", ""),
    "z + tanh((z)": (9, "never closed", ""),
    "z)": (2, "without its", ""),
    "()": (2, "`)` stands where", ""),
    "exp()": (1, "of nothing", "exp(z)"),
    "exp(z, z)": (1, "one part, not 2", ""),
    "max(z)": (1, "two parts or more", ""),
    "exp z": (1, "needs parentheses", "exp(z)"),
    "tanh^2(z)": (1, "needs parentheses", ""),
    "z(z + 1)": (2, "no function", "z*("),
    "z z": (3, "sign is missing", "z*z"),
    "z2": (1, "unknown name `z2`", "did you mean `z`"),
    "2 3": (3, "sign is missing", "2*3"),
    "z^2z": (4, "sign is missing", ""),
    "1/2z": (4, "two ways", ""),
    "z^1/2": (3, "two ways", "sqrt"),
    "z^1.5": (3, "exponent is not possible", "exp(b*log(a))"),
    "2^z": (3, "exponent is not possible", "exp(b*log(a))"),
    "z^100": (3, "exponent is not possible", "up to 99"),
    "(z^10)^10": (8, "powers within powers", ""),
    "---z": (3, "too many signs", ""),
    "1,5*z": (2, "comma", "0.5"),
    "(1,5)*z": (3, "comma", "0.5"),
    "tnah(z)": (1, "unknown function `tnah`", "did you mean `tanh`"),
    "Exp(z)": (1, "unknown function `Exp`", "did you mean `exp`"),
    "alhpa*z": (1, "unknown name `alhpa`", "did you mean `alpha`"),
    "x + 1": (1, "unknown name `x`", "z, alpha, beta"),
    "2x": (2, "unknown name `x`", ""),
    "log10(z)": (1, "no `log10`", "log(z)/log(10)"),
    "|z|": (1, "`|`", "abs(z)"),
    "z²": (2, "`²`", "^2"),
    "√z": (1, "`√`", "sqrt"),
    "50%": (3, "`%`", "0.5"),
    "f = z": (3, "`=`", "only what"),
    r"\tanh(z)": (1, "`\\`", "LaTeX"),
    "1/0": (2, "divides by zero", ""),
    "z/(1 - 1)": (2, "divides by zero", ""),
    "log(-1)": (1, "no real value", ""),
    "sqrt(2 - 3)": (1, "no real value", ""),
    # nothing huge is ever computed
    "9**9**9": (4, "exponent is not possible", ""),
    "9^99^99": (6, "too large", ""),
    "((9^99)^99)^99*z": (5, "too large", ""),
    "(1/9)^99": (7, "too large or too small", ""),
    "1e999999999": (1, "too large", ""),
    "1e-999999999999999999999": (1, "too small", ""),
    "exp(exp(exp(9)))*z": (5, "too large", ""),
    "9" * 500: (1, "more than 20 digits", ""),
    "0." + "1" * 500: (1, "more than 20 digits", ""),
    "^".join(["9"] * 30): (57, "exponent is not possible", ""),
    "^".join(["9"] * 100): (83, "more than 40 parts inside", ""),
    "1e-20*1e-20*z": (6, "too small", ""),
    "exp(-1000)*z": (1, "too small", ""),
    # nothing is ever run
    "__import__('os').system('touch /tmp/x')": (12, "`'`", "without quotes"),
    "__import__(z)": (1, "unknown function `__import__`", ""),
    "z.__class__": (2, "`.`", ""),
    "lambda z: z": (9, "`:`", ""),
    "lambda": (1, "no `lambda`", ""),
    "exec(z)": (1, "unknown function `exec`", "exp"),
    "z if z else 0": (3, "unknown name `if`", ""),
    "[z for z in z]": (1, "`[`", ""),
    "z; z": (2, "`;`", ""),
    "z := 1": (3, "`:`", ""),
    "{z}": (1, "`{`", ""),
    "z # comment": (3, "`#`", ""),
    "z\\\n": (2, "`\\`", ""),
    '"z"': (1, '`"`', ""),
    # characters that do not show
    "z\x00": (2, "U+0000", ""),
    "z\u202e+ 1": (2, "U+202E", ""),
    "z\u0301": (2, "U+0301", ""),
    "\ud800": (1, "U+D800", ""),
    "𝒛": (1, "unknown name", ""),
    "٣": (1, "", ""),
    "😀": (1, "`😀`", ""),
    # much of anything
    "(" * 10_000 + "z" + ")" * 10_000: (1001, "longer than 1000", ""),
    "(" * 450 + "z" + ")" * 450: (201, "too long", ""),
    "(" * 90 + "z" + ")" * 90: (41, "more than 40 parts inside", ""),
    "-(" * 60 + "z" + ")" * 60: (82, "more than 40 parts inside", ""),
    "abs(" * 60 + "z" + ")" * 60: (164, "more than 40 parts inside", ""),
    "z^" * 99 + "z": (83, "more than 40 parts inside", ""),
    "z+" * 499 + "z": (201, "too long", ""),
    "-" * 900 + "z": (201, "too long", ""),
    "z" * 1001: (1001, "longer than 1000", ""),
    "z" * 1000: (1, "unknown name", ""),
}


@pytest.mark.parametrize("text", FAULTS, ids=lambda text: repr(text[:30]))
def test_what_is_no_formula_is_said_where_and_why(text: str) -> None:
    column, message, hint = FAULTS[text]
    began = time.perf_counter()
    with pytest.raises(ParseError) as caught:
        parse(text, LETTERS)
    assert time.perf_counter() - began < SOON
    assert caught.value.column == column
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert len(str(caught.value)) < 250
    assert all(letter.isprintable() for letter in str(caught.value))


_PIECES = ["z", "alpha", "2", "0.5", "99", "e", "pi", "exp", "log", "max", "abs", "sigmoid", "relu", "(", ")", ",", "+"]
_PIECES += ["-", "*", "/", "^", "**", " ", ".", "1e9", "__", "'", "σ", "×", "（", "\u0000", "lambda", "z^", "((", "))"]
_HOSTILE = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(_PIECES), max_size=120).map("".join))


@given(_HOSTILE)
@example("9^9^9^9")
@example("(" * 500)
def test_any_text_is_a_formula_or_an_error_soon(text: str) -> None:
    began = time.perf_counter()
    error: ParseError | None = None
    try:
        parse(text, LETTERS)
    except ParseError as found:
        error = found
    assert time.perf_counter() - began < SOON
    assert error is None or (error.message and 1 <= error.column <= len(text) + 1)


# ---- and how

FORBIDDEN = {"eval", "exec", "compile", "sympify", "parse_expr", "lambdify", "S", "__import__", "getattr"}


def called(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = {call.id for call in calls if isinstance(call, ast.Name)}
    return names | {call.attr for call in calls if isinstance(call, ast.Attribute) and ast.unparse(call.value) != "re"}


@pytest.mark.parametrize("module", ["tokens", "parse", "functions", "derivative", "symbolic", "from_sympy"])
def test_no_text_is_given_to_anything_that_runs_it(module: str) -> None:
    assert called(f"stepwise/expressions/{module}.py") & FORBIDDEN == set()


def test_a_call_that_runs_text_would_be_seen() -> None:
    assert {"sympify", "eval"} <= FORBIDDEN
    assert "diff" in called("stepwise/expressions/derivative.py")
