"""From rational functions of names to polynomials over Q, denominators cleared with their sign.

.. math:: \\frac{p}{q_1 q_2^2} \\ge 0 \\iff p\\,q_1 \\ge 0 \\quad (q_1, q_2 \\ne 0),

where a factor whose sign the names decide is dropped. Definedness is tracked by the formulas.
"""

from __future__ import annotations

from collections.abc import Iterable

from sympy import QQ, Expr
from sympy.polys.fields import FracField
from sympy.polys.rings import PolyElement

from theory.reasoning.inequalities.context import normalised
from theory.reasoning.inequalities.formulas import (
    ABOVE,
    AT_LEAST,
    EQUAL,
    FALSE,
    TRUE,
    UNEQUAL,
    Formula,
    Literal,
    literals,
    transform,
)
from theory.reasoning.inequalities.purify import Purifier, UnsupportedExpression


class Clearing:
    """Converts formulas over the names of a purifier into one polynomial ring."""

    def __init__(self, purifier: Purifier, formulas: Iterable[Formula]) -> None:
        self.purifier = purifier
        symbols = {x for f in formulas for p in literals(f) for x in p.value.free_symbols}
        self.symbols = sorted(symbols, key=lambda x: x.name) or [_unused()]
        self.field = FracField(self.symbols, QQ)
        self.ring = self.field.ring
        self.values: dict[Expr, tuple[PolyElement, PolyElement]] = {}

    def polynomial(self, formula: Formula, decide: bool = True) -> Formula:
        """The same formula over the ring, primitive, constants decided.

        ``decide`` also settles literals by the signs of the names; the negated goal is left
        alone, so that its certificate shows the argument.
        """
        return normalised(transform(formula, lambda h: self._literal(h, decide)))

    def _literal(self, literal: Literal, decide: bool) -> Formula:
        numerator, denominator = self._quotient(literal.value)
        if literal.op in (AT_LEAST, ABOVE):
            numerator = numerator * self._sign_factor(denominator)
        alone = len(numerator) == 1 and sum(numerator.LM) == 1  # the sign of a name itself
        sign = 0 if alone or not decide else self._known_sign(numerator)
        if sign:  # positive or negative by the names alone
            return TRUE if literal.op == UNEQUAL or (sign > 0 and literal.op != EQUAL) else FALSE
        return Literal(numerator, literal.op)

    def _quotient(self, value: Expr) -> tuple[PolyElement, PolyElement]:
        if value not in self.values:
            try:
                fraction = self.field.from_expr(value)
            except (ZeroDivisionError, ValueError) as error:
                raise UnsupportedExpression(f"{value}: expected a rational function") from error
            self.values[value] = (fraction.numer, fraction.denom)
        return self.values[value]

    def _sign_factor(self, denominator: PolyElement) -> PolyElement:
        """A polynomial with the sign of the denominator wherever that is nonzero."""
        c, factors = denominator.factor_list()
        result = self.ring(1 if c > 0 else -1)
        for f, k in factors:
            sign = self._known_sign(f)
            if k % 2:
                result = result * (sign or f)
        return result

    def _known_sign(self, f: PolyElement) -> int:
        for sign in (1, -1):
            if self.purifier.is_positive((sign * f).as_expr()):
                return sign
        return 0


def _unused() -> Expr:
    from sympy import Symbol

    return Symbol("unused")
