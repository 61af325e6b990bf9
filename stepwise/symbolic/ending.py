"""The derivative expressed through the function itself: y = f(z) is solved for the exponential and put into f′.

    σ = 1/(1 + e^{−z})  ⇒  e^{−z} = 1/σ − 1  ⇒  e^{−z}/(1 + e^{−z})² = σ(1 − σ)

Where f is a fraction and the result is a short polynomial in f, it is shown by splitting f′ into fractions instead.
"""

from __future__ import annotations

from functools import reduce
from math import gcd
from typing import Any

from msgspec import Struct

from stepwise.expressions import Div, Expr, Func, Named, Ref, walk
from stepwise.symbolic.atoms import Atoms, added, depends, terms_of
from stepwise.symbolic.elementary import ONE
from stepwise.symbolic.form import Form
from stepwise.symbolic.model import Step

MOST_OPERATIONS = 60
"""Of a function whose derivative is expressed through itself; longer ones are left as they are."""


class Ending(Struct, frozen=True):
    """How f′ is expressed through f: the lines, and the last expression."""

    steps: tuple[Step, ...]
    result: Expr


class _Solved(Struct, frozen=True):
    """y = f solved: `unknown` (a power of the exponential, or z) is `solution`; f′ is `result` in y."""

    unknown: Expr
    solution: Any
    derivative: Any
    """f′ in the unknown."""
    result: Any
    letter: Any
    """The sympy symbol of the unknown."""
    exponential: Any
    """What the symbol stands for."""


class Closing:
    """One function f (by its name), its derivative f′ as found, and the search for f′ through f."""

    def __init__(self, f: Named, goal: Expr, found: Expr, by: Ref, atoms: Atoms) -> None:
        self._f, self._goal, self._found, self._by, self._atoms = f, goal, found, by, atoms
        self._y = atoms.symbol(f)

    def ending(self) -> Ending | None:
        """The lines that express f′ through f; None where sympy finds no such form, or none that is short."""
        if not depends(self._found, self._by):
            return None
        function, derivative = self._atoms.value(self._f.meaning), self._atoms.value(self._found)
        if max(function.count_ops(), derivative.count_ops()) > MOST_OPERATIONS:
            return None
        solved = self._solve(function, derivative)
        if solved is None or solved.result.count_ops() > derivative.count_ops() + 1:
            return None
        result = Form(self._f, self._atoms).of(solved.result)
        return self._split(solved, result) or self._substituted(solved, result)

    # ---- solve y = f

    def _solve(self, function: Any, derivative: Any) -> _Solved | None:
        import sympy

        letter = sympy.Symbol("E", positive=True)
        exponent = self._exponents(function, derivative)
        if exponent is None:
            return None
        if exponent:
            base, powers = exponent
            function, derivative = function.xreplace(powers), derivative.xreplace(powers)
        else:
            base, letter = None, self._atoms.symbol(self._by)
        equation = self._equation(function, letter)
        if equation is None or (
            base is not None and any(e.has(self._atoms.symbol(self._by)) for e in (equation, derivative))
        ):
            return None
        try:
            poly = sympy.Poly(sympy.numer(sympy.together(equation)), letter)
        except sympy.PolynomialError:
            return None
        degree = reduce(gcd, (power for (power,) in poly.monoms()), 0)
        if poly.degree() != degree or degree == 0 or (base is None and degree != 1):
            return None
        top, rest = poly.coeff_monomial(letter**degree), poly.coeff_monomial(1)
        return self._put(base, degree, letter, -rest / top, derivative)

    def _put(self, base: Any, degree: int, letter: Any, solution: Any, derivative: Any) -> _Solved | None:
        """f′ with the solution put in, where nothing of z is left."""
        import sympy

        symbol = sympy.Symbol("T", positive=True) if base is not None else letter
        within = (
            sympy.cancel(derivative).subs(letter, symbol ** sympy.Rational(1, degree)) if degree > 1 else derivative
        )
        if degree > 1 and any(power.exp.is_Rational and not power.exp.is_Integer for power in within.atoms(sympy.Pow)):
            return None
        within = within.xreplace({letter: symbol})
        solution = _signs(sympy.cancel(solution), self._y) if not solution.has(sympy.exp) else solution
        result = (
            sympy.cancel(within.xreplace({symbol: solution}))
            if not solution.has(sympy.exp)
            else self._cancelled(within, symbol, solution)
        )
        if result is None:
            return None
        if result.has(symbol) or result.has(self._atoms.symbol(self._by)) or not result.has(self._y):
            return None
        meaning = sympy.exp(base * degree) if base is not None else letter
        return _Solved(self._atoms.tree(meaning), solution, within, result, symbol, meaning)

    def _cancelled(self, within: Any, symbol: Any, solution: Any) -> Any:
        """The same where the solution has an exponential of y: that is a letter meanwhile.

        None where its exponentials are not powers of one of them.
        """
        import sympy

        powers = sorted(solution.atoms(sympy.exp), key=lambda power: power.args[0].could_extract_minus_sign())
        if not powers:
            return None
        first = powers[0].args[0]
        ratios = [sympy.cancel(power.args[0] / first) for power in powers]
        if not all(ratio.is_Integer for ratio in ratios):
            return None
        stand_in = sympy.Symbol("Y", positive=True)
        letters = {power: stand_in**ratio for power, ratio in zip(powers, ratios, strict=True)}
        found = sympy.cancel(within.subs(symbol, solution.xreplace(letters)))
        return sympy.expand(found).subs(stand_in, powers[0])

    def _exponents(self, function: Any, derivative: Any) -> Any:
        """The exponential of which all others are powers, and the powers; {} without any, None where there is none."""
        import sympy

        letter, symbol = sympy.Symbol("E", positive=True), self._atoms.symbol(self._by)
        found = [e for e in function.atoms(sympy.exp) | derivative.atoms(sympy.exp) if e.has(symbol)]
        if not found:
            return {}
        first = self._first_exponent()
        first = found[0].args[0] if first is None else first
        ratios = [e.args[0] / first for e in found]
        if not all(ratio.is_Rational for ratio in ratios):
            return None
        step = sympy.Rational(
            reduce(gcd, (abs(int(r.p)) for r in ratios)), reduce(sympy.ilcm, (int(r.q) for r in ratios))
        )
        return first * step, {e: letter ** (ratio / step) for e, ratio in zip(found, ratios, strict=True)}

    def _first_exponent(self) -> Any:
        for node in walk(self._f.meaning):
            if isinstance(node, Func) and node.name == "exp" and depends(node, self._by):
                return self._atoms.value(node.arg)
        return None

    def _equation(self, function: Any, letter: Any) -> Any:
        """y − f; for f = c·ln(g) + d its exponential e^{(y − d)/c} − g."""
        import sympy

        logarithms = [node for node in function.atoms(sympy.log) if node.has(letter)]
        if not logarithms or letter == self._atoms.symbol(self._by):
            return self._y - function
        (logarithm, *others), stand_in = logarithms, sympy.Symbol("g")
        linear = function.subs(logarithm, stand_in)
        factor = linear.coeff(stand_in, 1)
        rest = linear - factor * stand_in
        if others or factor == 0 or factor.has(letter) or rest.has(letter) or rest.has(stand_in):
            return None
        return sympy.exp((self._y - rest) / factor) - logarithm.args[0]

    # ---- the lines

    def _substituted(self, solved: _Solved, result: Expr) -> Ending | None:
        put_in = _in_order(self._atoms.tree(solved.derivative.subs(solved.letter, solved.solution)), self._found)
        solution = self._atoms.tree(solved.solution)
        steps = []
        if frozenset(terms_of(put_in)) == frozenset(terms_of(result)):
            put_in = result
        if solution != self._f and (solved.unknown != self._by or put_in == result):
            steps.append(Step("solve", solved.unknown, (solution,), {"unknown": solved.unknown, "f": self._f}))
        stages = list(dict.fromkeys([self._found, put_in, result]))
        steps.append(Step("substitute", self._goal, tuple(stages), {"f": self._f}))
        return Ending(tuple(steps), result)

    def _split(self, solved: _Solved, result: Expr) -> Ending | None:
        """f = n/d, and f′ is f·(c + k·f), or c + k·f²."""
        import sympy

        fraction = self._f.meaning
        if (
            not isinstance(fraction, Div)
            or not isinstance(solved.unknown, Func)
            or not solved.result.is_polynomial(self._y)
        ):
            return None
        poly = sympy.Poly(solved.result, self._y)
        if poly.degree() != 2 or any(not c.is_Integer for c in poly.coeffs()):
            return None
        constant, linear, square = (int(poly.coeff_monomial(self._y**k)) for k in range(3))
        if constant == 0:
            return self._two_factors(fraction, linear, square, result)
        return self._two_terms(fraction, constant, square, result) if linear == 0 else None

    def _two_factors(self, fraction: Div, linear: int, square: int, result: Expr) -> Ending | None:
        """f′ = n/d · m/d, and m = c·d + k·n."""
        above, below = fraction.left, fraction.right
        if abs(linear) != 1 or abs(square) != 1:
            return None
        n, d = self._atoms.value(above), self._atoms.value(below)
        rest = self._atoms.tree((linear * d + square * n).expand())
        parts = added([(linear, below), (square, above)])
        shares = added([(linear, below / below), (square, above / below)])
        other = added([(linear, ONE), (square, self._f)])
        return Ending(
            (
                Step("two_fractions", self._found, (fraction * (rest / below),)),
                Step("first_fraction", fraction, (self._f,), {"f": self._f}),
                Step("second_fraction", rest / below, (parts / below, shares, other), {"n": above}),
                Step("elegant", self._goal, (result,)),
            ),
            result,
        )

    def _two_terms(self, fraction: Div, constant: int, square: int, result: Expr) -> Ending | None:
        """f′ = (c·d² + k·n²)/d²"""
        above, below = fraction.left, fraction.right
        if abs(constant) != 1 or abs(square) != 1:
            return None
        split = added([(constant, below**2 / below**2), (square, above**2 / below**2)])
        squares = added([(constant, ONE), (square, fraction**2)])
        return Ending(
            (
                Step("two_fractions", self._found, (split, squares)),
                Step("elegant", self._goal, (result,)),
            ),
            result,
        )


def _signs(solution: Any, y: Any) -> Any:
    """y/(1 − y) rather than −y/(y − 1); a polynomial written out."""
    import sympy

    above, below = sympy.fraction(solution)
    if not below.has(y):
        return sympy.expand(solution)
    return -above / -below if below.as_ordered_terms()[-1].could_extract_minus_sign() else solution


def _in_order(tree: Expr, like: Expr) -> Expr:
    """A sum whose terms stand where they stood before."""
    terms = terms_of(tree)
    new = [term for term in terms if term not in terms_of(like)]
    found = [term if term in terms else new.pop(0) if new else None for term in terms_of(like)]
    kept = [term for term in found if term is not None]
    return added([*kept, *new]) if len(terms) > 1 else tree
