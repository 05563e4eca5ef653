"""``growth``: polynomials below and above a function on a half-line.

.. math:: p(v) \\le f(s + \\sigma v) \\le q(v) \\quad \\text{for all } v \\ge 0, \\qquad
          \\sigma \\in \\{-1, 1\\}.

This is what a tail of an integral needs.  Coefficients are balls; a bound that is not known is
``None``.  The leading terms of sums, maxima and log-sum-exp are kept, so that the softplus of 5t
grows like 5v and not like 6v.

    >>> from sympy import Symbol, exp, log
    >>> t = Symbol("t", real=True)
    >>> found = growth(log(1 + exp(-t)) - 3 * t, t, 0, 1)
    >>> found.low[1].contains(-3), found.high[1].contains(-3)
    (True, True)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from flint import arb

from theory.enclosure.balls import enclose, to_ball
from theory.enclosure.evaluate import Unsupported
from theory.enclosure.polynomial_bounds import (
    LARGEST_DEGREE,
    UNKNOWN,
    Growth,
    exact,
    exponential,
    larger,
    logarithm,
    maximum,
    product,
    root,
    scaled,
    total,
)
from theory.enclosure.ranges import Range, range_of


def growth(expr: sp.Expr, symbol: sp.Symbol, start: Any, side: int) -> Growth:
    """Bounds on the half-line from ``start`` to the right (side 1) or to the left (side -1)."""
    line = Range(start, None) if side > 0 else Range(None, start)
    return _Walk(symbol, (to_ball(start), arb(side)), line)(expr)


class _Walk:
    """One walk over an expression; a node without a rule keeps the range it has on the line."""

    def __init__(self, symbol: sp.Symbol, variable: tuple[arb, ...], line: Range):
        self.symbol, self.variable, self.line = symbol, variable, line

    def __call__(self, expr: sp.Expr) -> Growth:
        if expr == self.symbol:
            return Growth(self.variable, self.variable)
        if not expr.has(self.symbol):
            value = enclose(expr, {})
            return Growth((value,), (value,)) if value.is_finite() else UNKNOWN
        rule = RULES.get(type(expr).__name__)
        found = rule(self, expr) if rule else UNKNOWN
        return self._with_range(expr, found) if None in (found.low, found.high) else found

    def _with_range(self, expr: sp.Expr, found: Growth) -> Growth:
        """Fill what is not known with the constants of the range, where these are finite."""
        try:
            whole = range_of(expr, {self.symbol: self.line})
        except Unsupported:
            whole = None
        if whole is None:
            return found
        low = found.low if found.low or not whole.lo.is_finite() else (whole.lo,)
        high = found.high if found.high or not whole.hi.is_finite() else (whole.hi,)
        return Growth(low, high)

    def sum(self, expr: sp.Expr) -> Growth:
        parts = [self(arg) for arg in expr.args]
        low = total([p.low for p in parts])
        return Growth(low, low if all(map(exact, parts)) else total([p.high for p in parts]))

    def product(self, expr: sp.Expr) -> Growth:
        number, rest = expr.as_independent(self.symbol)
        if number != 1:
            factor, inner = enclose(number, {}), self(rest)
            return scaled(inner, factor) if factor.is_finite() else UNKNOWN
        result = self(expr.args[0])
        for arg in expr.args[1:]:
            result = product(result, self(arg))
        return result

    def power(self, expr: sp.Expr) -> Growth:
        base, exponent = expr.as_base_exp()
        if base is sp.E:
            return exponential(self(exponent))
        if exponent.is_Integer and 0 < exponent <= LARGEST_DEGREE:
            return self._natural_power(self(base), int(exponent))
        if exponent.is_Rational and 0 < exponent < 1:
            return root(self(base), exponent)
        return UNKNOWN

    def _natural_power(self, base: Growth, n: int) -> Growth:
        result = base
        for _ in range(n - 1):
            result = product(result, base)
        return (
            result if exact(base) or n % 2 else Growth(larger(result.low, (arb(0),)), result.high)
        )

    def exponential(self, expr: sp.Expr) -> Growth:
        return exponential(self(expr.args[0]))

    def modulus(self, expr: sp.Expr) -> Growth:
        return maximum([inner := self(expr.args[0]), scaled(inner, arb(-1))])

    def maximum(self, expr: sp.Expr) -> Growth:
        return maximum([self(arg) for arg in expr.args])

    def minimum(self, expr: sp.Expr) -> Growth:
        negated = [scaled(self(arg), arb(-1)) for arg in expr.args]
        return scaled(maximum(negated), arb(-1))

    def branches(self, expr: sp.Piecewise) -> Growth:
        parts = [self(value) for value, _ in expr.args]
        return Growth(
            scaled(maximum([scaled(p, arb(-1)) for p in parts]), arb(-1)).low,
            maximum(parts).high,
        )

    def logarithm(self, expr: sp.Expr) -> Growth:
        """log-sum-exp lies between its largest term and that plus the log of their number."""
        terms = [exponent(term, self.symbol) for term in sp.Add.make_args(expr.args[0])]
        if any(term is None for term in terms):
            return logarithm(self(expr.args[0]))
        largest = maximum([self(term) for term in terms])
        return Growth(largest.low, total([largest.high, (arb(len(terms)).log(),)]))

    def hyperbolic_cosine(self, expr: sp.Expr) -> Growth:
        z = expr.args[0]
        return self((sp.exp(z) + sp.exp(-z)) / 2)


def exponent(term: sp.Expr, symbol: sp.Symbol) -> sp.Expr | None:
    """z with term = exp(z), for a positive constant times an exponential."""
    number, rest = term.as_independent(symbol)
    base, power = rest.as_base_exp()
    if not number.is_positive or (rest != 1 and base is not sp.E):
        return None
    return (power if rest != 1 else sp.Integer(0)) + sp.log(number)


RULES: dict[str, Callable[[_Walk, Any], Growth]] = {
    "Add": _Walk.sum,
    "Mul": _Walk.product,
    "Pow": _Walk.power,
    "exp": _Walk.exponential,
    "log": _Walk.logarithm,
    "Abs": _Walk.modulus,
    "Max": _Walk.maximum,
    "Min": _Walk.minimum,
    "Piecewise": _Walk.branches,
    "cosh": _Walk.hyperbolic_cosine,
}
