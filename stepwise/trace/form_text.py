"""sympy expressions as plain text, as one types them: `1/(1 + exp(-z))`.

sympy's own printer looks for the sign of every part of every number, which takes minutes where forms are nested.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

_SUM, _PRODUCT, _POWER = 1, 2, 3
_RELATIONS = {"StrictGreaterThan": ">", "StrictLessThan": "<", "GreaterThan": ">=", "LessThan": "<="}


class FormTexts:
    """Makes texts; each part is written once."""

    def __init__(self) -> None:
        self._made: dict[Any, tuple[str, int]] = {}

    def of(self, expression: Any) -> str:
        return self._written(expression)[0]

    def _written(self, node: Any) -> tuple[str, int]:
        """The text, and how tightly it binds."""
        if node not in self._made:
            self._made[node] = self._new(node)
        return self._made[node]

    def _inside(self, node: Any, level: int) -> str:
        text, own = self._written(node)
        return text if own >= level else f"({text})"

    def _new(self, node: Any) -> tuple[str, int]:
        kind = type(node).__name__
        if node.is_Rational if hasattr(node, "is_Rational") else False:
            return str(node), _SUM if node < 0 else _PRODUCT if "/" in str(node) else 4
        if kind == "Add":
            return self._sum(node), _SUM
        if kind == "Mul":
            return self._product(node)
        if kind == "Pow":
            return self._power(node)
        if kind in _RELATIONS:
            left, right = (self.of(side) for side in node.args)
            return f"{left} {_RELATIONS[kind]} {right}", _SUM
        if kind == "ExprCondPair":
            return f"({self.of(node.args[0])}, {self.of(node.args[1])})", 4
        if node.args:
            return f"{kind}({', '.join(self.of(part) for part in node.args)})", 4
        return str(node), 4

    def _sum(self, node: Any) -> str:
        first, *rest = (self._inside(term, _SUM) for term in node.args)
        for text in rest:
            first += f" - {text[1:]}" if text.startswith("-") else f" + {text}"
        return first

    def _product(self, node: Any) -> tuple[str, int]:
        sign, above, below = 1, list[str](), list[str]()
        for factor in node.args:
            base, exponent = factor.args if type(factor).__name__ == "Pow" else (factor, None)
            if factor.is_Rational:
                value = Fraction(int(factor.p), int(factor.q))
                sign = -sign if value < 0 else sign
                above += [str(abs(value.numerator))] if abs(value.numerator) != 1 else []
                below += [str(value.denominator)] if value.denominator != 1 else []
            elif exponent is not None and exponent == -1:
                below.append(self._inside(base, _POWER))
            else:
                above.append(self._inside(factor, _PRODUCT))
        text = "*".join(above) or "1"
        if below:
            text += f"/{below[0]}" if len(below) == 1 else f"/({'*'.join(below)})"
        return (f"-{text}", _SUM) if sign < 0 else (text, _PRODUCT)

    def _power(self, node: Any) -> tuple[str, int]:
        base, exponent = node.args
        if exponent == -1:
            return f"1/{self._inside(base, _POWER)}", _PRODUCT
        return f"{self._inside(base, 4)}**{self._inside(exponent, 4)}", _POWER
