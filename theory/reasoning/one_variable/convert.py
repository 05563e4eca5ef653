"""Rewrite a smooth expression in z over the tower of its exponentials, logarithms and radicals."""

from __future__ import annotations

from functools import reduce

import sympy as sp
from sympy.polys.fields import FracElement

from theory.enclosure import Unsupported, enclose
from theory.reasoning.one_variable.points import Undecided
from theory.reasoning.one_variable.tower import Tower

KINKED = (sp.Abs, sp.sign, sp.Max, sp.Min, sp.Piecewise, sp.Heaviside)
# Not ``rewrite(exp)``, which also turns z**2 into exp(2 log z).
HYPERBOLIC = {
    sp.tanh: lambda x: 1 - 2 / (sp.exp(2 * x) + 1),
    sp.coth: lambda x: 1 + 2 / (sp.exp(2 * x) - 1),
    sp.sinh: lambda x: (sp.exp(x) - sp.exp(-x)) / 2,
    sp.cosh: lambda x: (sp.exp(x) + sp.exp(-x)) / 2,
    sp.sech: lambda x: 2 / (sp.exp(x) + sp.exp(-x)),
    sp.csch: lambda x: 2 / (sp.exp(x) - sp.exp(-x)),
}


def build(expr: sp.Expr, z: sp.Symbol) -> tuple[Tower, FracElement]:
    """The tower of a smooth expression in z and the expression as its element."""
    expr = _prepare(expr, z)
    rate = _common_rate(expr, z)
    tower = Tower(z, rate)
    tower.add("base", sp.S.Zero)
    converted = _Converter(tower).convert(expr)
    if rate is not None and not rate.is_Rational:
        tower.rate_symbol()
    _order(tower)
    tower.close()
    return tower, tower.element(converted)


def _order(tower: Tower) -> None:
    """Constants straight after the base, so that every definition only looks below itself."""
    rank = {"base": 0, "constant": 1}
    tower.generators.sort(key=lambda g: rank.get(g.kind, 2))


def _prepare(expr: sp.Expr, z: sp.Symbol) -> sp.Expr:
    expr = sp.sympify(expr)
    if expr.free_symbols - {z}:
        raise Unsupported(f"one variable: {expr} has other symbols than {z}")
    if expr.has(*KINKED):
        raise Unsupported("one variable: a kinked expression must be split first")
    expr = expr.replace(lambda e: e.is_Float, lambda e: sp.Rational(e))
    for function, in_exponentials in HYPERBOLIC.items():
        expr = expr.replace(function, in_exponentials)
    return expr


def _exponent(expr: sp.Expr) -> sp.Expr | None:
    """The e of exp(e) or of a**e, as log(a) e."""
    if isinstance(expr, sp.exp):
        return sp.expand(expr.args[0])
    if expr.is_Pow and not expr.base.free_symbols and expr.exp.free_symbols:
        if not expr.base.is_positive:
            raise Unsupported(f"one variable: the base of {expr} is not positive")
        return sp.expand(sp.log(expr.base) * expr.exp)
    return None


def _common_rate(expr: sp.Expr, z: sp.Symbol) -> sp.Expr | None:
    rates = []
    for node in expr.atoms(sp.exp, sp.Pow):
        exponent = _exponent(node)
        if exponent is not None and exponent.has(z):
            slope = exponent.coeff(z, 1)
            if (exponent - slope * z).has(z) or slope.has(z):
                raise Unsupported(f"one variable: the exponent of {node} is not linear")
            rates.append(slope)
    if not rates:
        return None
    ratios = [sp.simplify(r / rates[0]) if r != rates[0] else sp.S.One for r in rates]
    if not all(q.is_Rational for q in ratios):
        raise Unsupported("one variable: exponents whose ratio is not rational")
    unit = reduce(_rational_gcd, ratios) * rates[0]
    size = enclose(unit, {})
    if not (size > 0 or size < 0):
        raise Undecided(f"the sign of the rate {unit}")
    return unit if size > 0 else -unit


def _rational_gcd(a: sp.Rational, b: sp.Rational) -> sp.Rational:
    return sp.Rational(sp.igcd(a.p * b.q, b.p * a.q), a.q * b.q)


class _Converter:
    """Rewrite an expression as a rational expression in the generators of a tower."""

    def __init__(self, tower: Tower):
        self.tower = tower
        self._memo: dict[sp.Expr, sp.Expr] = {}

    def convert(self, expr: sp.Expr) -> sp.Expr:
        if expr not in self._memo:
            self._memo[expr] = self._convert(expr)
        return self._memo[expr]

    def _convert(self, expr: sp.Expr) -> sp.Expr:
        if expr.is_Rational:
            return expr
        if expr == self.tower.z:
            return self._place()
        if expr.is_Add or expr.is_Mul:
            return expr.func(*(self.convert(a) for a in expr.args))
        exponent = _exponent(expr)
        if exponent is not None and exponent.has(self.tower.z):
            return self._exponential(exponent)
        if expr.is_Pow and expr.exp.is_Rational:
            return self._power(expr)
        if isinstance(expr, sp.log):
            return self._log(expr)
        if not expr.free_symbols:
            return self._constant(expr)
        raise Unsupported(f"one variable: {type(expr).__name__} in {expr}")

    def _place(self) -> sp.Expr:
        return self.tower.base if self.tower.rate is None else self.tower.add("place", sp.S.Zero)

    def _exponential(self, exponent: sp.Expr) -> sp.Expr:
        slope = exponent.coeff(self.tower.z, 1)
        power = sp.simplify(slope / self.tower.rate)
        offset = sp.expand(exponent - slope * self.tower.z)
        if not power.is_Integer:
            raise Unsupported("one variable: exponents whose ratio is not rational")
        return self.tower.base**power * self.convert(sp.exp(offset))

    def _power(self, expr: sp.Expr) -> sp.Expr:
        base, p, q = self.convert(expr.base), int(expr.exp.p), int(expr.exp.q)
        if p < 0 and expr.base.free_symbols:
            self.tower.conditions.append(("nonzero", base))
        if q == 1:
            return base**p
        if expr.base.free_symbols:
            self.tower.conditions.append(("nonnegative", base))
        elif not expr.base.is_nonnegative:
            raise Unsupported(f"one variable: {expr} may not be real")
        radicand = sp.together(base)
        return self.tower.add("radical", radicand, q) ** p

    def _log(self, expr: sp.log) -> sp.Expr:
        if not expr.free_symbols and not expr.args[0].is_Rational:
            return self._constant(expr)
        argument = self.convert(expr.args[0])
        if expr.free_symbols:
            self.tower.conditions.append(("positive", argument))
        numerator, denominator = sp.fraction(sp.together(argument))
        return self._log_modulus(numerator) - self._log_modulus(denominator)

    def _log_modulus(self, polynomial: sp.Expr) -> sp.Expr:
        content, factors = sp.factor_list(polynomial)
        if content == 0:
            raise Unsupported("one variable: the logarithm of zero")
        result = self._log_rational(abs(content))
        for factor, multiplicity in factors:
            result += multiplicity * self._log_factor(factor)
        return result

    def _log_factor(self, factor: sp.Expr) -> sp.Expr:
        if factor == self.tower.base and self.tower.rate is not None:
            return self.tower.rate_symbol() * self._place()
        return self.tower.add("log", factor)

    def _log_rational(self, value: sp.Rational) -> sp.Expr:
        primes = sp.factorrat(value) if value != 1 else {}
        return sp.Add(*(e * self.tower.add("constant", sp.log(p)) for p, e in primes.items()))

    def _constant(self, expr: sp.Expr) -> sp.Expr:
        if not enclose(expr, {}).is_finite():
            raise Undecided(f"the constant {expr} is not finite")
        if isinstance(expr, sp.exp) and expr.args[0].is_Rational:
            root = self.tower.add("constant", sp.exp(sp.Rational(1, expr.args[0].q)))
            return root ** expr.args[0].p
        return self.tower.add("constant", expr)
