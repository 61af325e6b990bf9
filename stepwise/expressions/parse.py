"""The safe parser for own functions: `z*tanh(log(1+exp(z)))` → a tree. Nothing is ever evaluated as code.

sum      product (('+' | '-') product)*
product  signed (('*' | '/' | nothing, after a number) signed)*
signed   '-' signed | power
power    atom ('^' signed)?           −z^2 is −(z²), z^-1 is 1/z
atom     number | name | function '(' sum (',' sum)* ')' | '(' sum ')'
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NoReturn

from stepwise.errors import nearest
from stepwise.expressions.evaluate import evaluate
from stepwise.expressions.floats import FloatArithmetic
from stepwise.expressions.functions import ELSEWHERE, FUNCTIONS
from stepwise.expressions.rewrite import refs
from stepwise.expressions.tokens import ParseError, Token, quoted, tokens_of
from stepwise.expressions.tree import Const, Div, Expr, Func, Neg, Power, Ref, rational

__all__ = ["CONSTANTS", "DEEPEST", "ParseError", "parse"]

CONSTANTS = ("pi", "e")
DEEPEST = 40
"""Parentheses within parentheses."""
MOST_PARTS = 200
"""Numbers, letters, functions and signs of one expression."""
HIGHEST_POWER = 99
LARGEST = 1e30
"""A part without letters is at most so large, and at least 1/LARGEST unless it is 0."""
_FLOATS = FloatArithmetic()
_INSTEAD = "an exponent is a whole number up to 99 or 1/2; write exp(b*log(a)) for any other a^b"
_SIGNS = {"α": "alpha", "β": "beta", "γ": "gamma", "λ": "lambda", "π": "pi", "σ": "sigma", "Φ": "Phi"}


def parse(text: str, letters: Iterable[str]) -> Expr:
    """The tree of a typed formula, with a `Ref` for each of the `letters`. ParseError says what is wrong, and where."""
    return _Parser(tokens_of(text), tuple(letters)).whole()


class _Parser:
    def __init__(self, tokens: Sequence[Token], letters: tuple[str, ...]) -> None:
        if len(tokens) > MOST_PARTS:
            raise ParseError("the formula is too long", tokens[MOST_PARTS].column, f"at most {MOST_PARTS} parts")
        self.tokens, self.letters, self.at, self.depth = tokens, letters, 0, 0
        self.powers: dict[int, int] = {}
        """How high the powers inside a part are, taken together, by the part's identity."""
        self.kept: list[Expr] = []

    def peek(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.peek()
        self.at += token.kind != "end"
        return token

    def accept(self, *texts: str) -> Token | None:
        return self.take() if self.peek().kind == "sign" and self.peek().text in texts else None

    def fail(self, message: str, hint: str = "", token: Token | None = None) -> NoReturn:
        raise ParseError(message, (token or self.peek()).column, hint)

    def whole(self) -> Expr:
        if self.peek().kind == "end":
            self.fail("the formula is empty", "write one such as z*tanh(z)")
        tree = self.sum()
        if self.peek().text == ")":
            self.fail("a `)` without its `(`", "remove it, or open it before")
        if self.peek().text == ",":
            self.fail("a comma outside a function", "write a decimal number with a point: 0.5")
        if self.peek().kind != "end":
            self.fail(f"{quoted(self.peek().text)} does not belong here")
        return tree

    # ---- sums, products, powers

    def sum(self) -> Expr:
        tree = self.product()
        while sign := self.accept("+", "-"):
            right = self.product()
            tree = self.made(tree + right if sign.text == "+" else tree - right, sign, tree, right)
        return tree

    def product(self) -> Expr:
        start, tree, divided = self.at, self.signed(), False
        while True:
            if sign := self.accept("*", "/"):
                divided = divided or sign.text == "/"
                start, right = self.at, self.signed()
                tree = self.made(tree * right if sign.text == "*" else tree / right, sign, tree, right)
            elif self.peek().kind in ("name", "number") or self.peek().text == "(":
                sign = self.peek()
                self.check_no_sign_needed(start, divided)
                start, right = self.at, self.power()
                tree = self.made(tree * right, sign, tree, right)
            else:
                return tree

    def check_no_sign_needed(self, start: int, divided: bool) -> None:
        """2z, 2(z + 1), 2exp(z) and (z + 1)(z − 1) are products; z z, z^2 z, 2 3 are not, and 1/2z is two things."""
        last = self.tokens[self.at - 1]
        if self.peek().kind == "name" and self.meaning(self.peek()) is None:
            self.unknown(self.peek().text, self.peek(), self.tokens[self.at + 1])
        left = last.kind == "number" and all(token.text == "-" for token in self.tokens[start : self.at - 1])
        if last.text == ")" and self.peek().text == "(":
            left = self.tokens[start].text == "("
        what = f"{last.text}{'' if last.kind == 'number' or self.peek().text == '(' else ' '}{self.peek().text}"
        if not left or self.peek().kind == "number":
            name = last.kind == "name" and self.peek().text == "("
            message = f"{quoted(last.text)} is no function" if name else f"a sign is missing in {quoted(what)}"
            self.fail(message, f"write {last.text}*{self.peek().text} for a product" + (" …" if name else ""))
        if divided:
            self.fail(f"{quoted(f'/{what}')} may be read in two ways", f"write /({last.text}*{self.peek().text} …)")

    def signed(self) -> Expr:
        minus = 0
        while sign := self.accept("-", "+"):
            minus += sign.text == "-"
            if minus > 2:
                self.fail("too many signs in a row", "write one", sign)
        tree = self.power()
        for _ in range(minus):
            tree = self.made(Neg(tree), None, tree)
        return tree

    def power(self) -> Expr:
        base = self.atom()
        sign = self.accept("^")
        if sign is None:
            return base
        start = self.peek()
        self.deeper(start)
        exponent = self.signed()
        self.depth -= 1
        if base == Const("e"):
            return self.made(Func("exp", exponent), sign, exponent)
        if self.peek().text == "/" and exponent == Const("1"):
            self.fail("`^1/2` may be read in two ways", "write ^(1/2) or sqrt(…)", start)
        return self.raised(base, exponent, start)

    def raised(self, base: Expr, exponent: Expr, start: Token) -> Expr:
        number = _exponent(exponent)
        if number is None or abs(number) > HIGHEST_POWER:
            self.fail("this exponent is not possible", _INSTEAD, start)
        whole = abs(int(number))
        height = max(whole, 1) * self.powers.get(id(base), 1)
        if height > HIGHEST_POWER:
            self.fail(f"powers within powers come to more than {HIGHEST_POWER}", "write a lower power", start)
        tree = Func("sqrt", base) if whole != abs(number) else base if whole == 1 else Power(base, whole)
        self.made(tree, start, base)
        self.powers[id(tree)] = height
        return self.made(Const("1") / tree, start, tree) if number < 0 else tree

    # ---- atoms

    def atom(self) -> Expr:
        token = self.take()
        if token.kind == "number":
            return self.made(Const(token.text), token)
        if token.kind == "name":
            return self.named(token)
        if token.text == "(":
            self.deeper(token)
            tree = self.sum()
            self.close(token)
            return tree
        if token.kind != "end":
            self.fail(f"{quoted(token.text)} stands where a number, a letter or `(` belongs", token=token)
        raise ParseError("the formula ends too early", token.column, "something belongs after its last sign")

    def deeper(self, token: Token) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail(f"more than {DEEPEST} parts inside one another", "write a simpler formula", token)

    def close(self, opened: Token) -> None:
        if self.accept(")") is None:
            if self.peek().text == ",":
                self.fail("a comma outside a function", "write a decimal number with a point: 0.5")
            if self.peek().kind == "end":
                self.fail("this `(` is never closed", "write the `)`", opened)
            self.fail(f"{quoted(self.peek().text)} does not belong here")
        self.depth -= 1

    def meaning(self, token: Token) -> str | None:
        """The letter, constant or function that a name is."""
        name = token.text if token.text in self.letters else _SIGNS.get(token.text, token.text)
        return name if name in self.letters or name in CONSTANTS or name in FUNCTIONS else None

    def named(self, token: Token) -> Expr:
        name = self.meaning(token)
        if name is None:
            self.unknown(token.text, token, self.peek())
        if name in self.letters:
            return self.made(Ref(name), token)
        return self.made(Const(name), token) if name in CONSTANTS else self.applied(name, token)

    def applied(self, name: str, token: Token) -> Expr:
        least, most, make = FUNCTIONS[name]
        opened = self.peek()
        if self.accept("(") is None:
            self.fail(f"`{name}` needs parentheses", f"write {name}(z)", token)
        self.deeper(opened)
        if self.peek().text == ")":
            self.fail(f"`{name}` of nothing", f"write {name}(z)", token)
        arguments = [self.sum()]
        while self.accept(","):
            arguments.append(self.sum())
        self.close(opened)
        if not least <= len(arguments) <= most:
            wanted = "one part" if most == 1 else "two parts or more"
            self.fail(f"`{name}` takes {wanted}, not {len(arguments)}", token=token)
        return self.made(make(*arguments), token, *arguments)

    def unknown(self, name: str, token: Token, after: Token) -> NoReturn:
        if name in ELSEWHERE:
            self.fail(f"there is no `{name}`", ELSEWHERE[name], token)
        call = after.text == "("
        known = [*FUNCTIONS] if call else [*self.letters, *CONSTANTS]
        # a single letter is near to every name that has it
        close = nearest(name, reversed([*FUNCTIONS, *self.letters, *CONSTANTS])) if len(name) > 1 else None
        hint = f"did you mean `{close}`?" if close else f"write one of: {', '.join(known)}"
        self.fail(f"unknown {'function' if call else 'name'} {quoted(name)}", hint, token)

    # ---- what is made

    def made(self, tree: Expr, token: Token | None, *parts: Expr) -> Expr:
        """The tree, after a look at what it is worth where it has no letters: nothing huge is ever computed."""
        self.kept.append(tree)
        self.powers[id(tree)] = max((self.powers.get(id(part), 1) for part in parts), default=1)
        column = token or self.tokens[self.at - 1]
        if isinstance(tree, Div) and not refs(tree.right) and _worth(tree.right) == 0:
            self.fail("this divides by zero", token=column)
        if isinstance(tree, Ref) or refs(tree):
            return tree
        try:
            value = _worth(tree)
        except (OverflowError, ValueError):
            value = math.nan
        if value == -math.inf and isinstance(tree, Func) and tree.name == "ln":
            self.fail("the logarithm of 0 has no value", token=column)
        if math.isnan(value):
            self.fail("this has no real value", token=column)
        if abs(value) > LARGEST or 0 < abs(value) < 1 / LARGEST or (value == 0 and not _may_be_zero(tree)):
            self.fail("this number is too large or too small", "between 1e-30 and 1e30", column)
        return tree


def _worth(tree: Expr) -> float:
    import numpy as np

    with np.errstate(all="ignore"):
        return float(evaluate(tree, {}, _FLOATS))


def _may_be_zero(tree: Expr) -> bool:
    """A power or quotient is 0 only where its base or numerator is, and e^z nowhere."""
    if isinstance(tree, Power | Div):
        return _worth(tree.arg if isinstance(tree, Power) else tree.left) == 0
    return not (isinstance(tree, Func) and tree.name == "exp")


def _exponent(tree: Expr) -> float | None:
    """A whole number or ±1/2 as typed; None for anything else."""
    if isinstance(tree, Neg):
        inner = _exponent(tree.arg)
        return None if inner is None else -inner
    if isinstance(tree, Div) and _exponent(tree.right) == 2:
        above = _exponent(tree.left)
        return above / 2 if above is not None and abs(above) == 1 else None
    if isinstance(tree, Const) and tree.text not in CONSTANTS:
        value = rational(tree.text)
        if value.denominator == 1 and abs(value) <= 10**6:
            return float(value)
        return 0.5 if value * 2 == 1 else None
    return None
