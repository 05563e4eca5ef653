"""A function of z as a rational function over a tower of logarithms and radicals.

.. math:: f(z) = R(t, z, \\log f_1(t), \\dots, \\sqrt{r(t)}, c_1, \\dots), \\qquad t = e^{\\lambda z}

(or t = z when no exponential occurs). The tower is closed under d/dt, so signs of f can be decided
by differentiating until only polynomials in t are left.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import sympy as sp
from flint import arb, ctx
from sympy.polys.fields import FracElement

from theory.enclosure import Unsupported, enclose
from theory.enclosure.balls import to_ball
from theory.reasoning.one_variable.points import Point, Undecided

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


@dataclass(frozen=True)
class Generator:
    """One floor of the tower; ``kind`` is base, place (z itself), log, radical or constant."""

    symbol: sp.Symbol
    kind: str
    definition: sp.Expr = sp.S.Zero  # log: the argument; radical: the radicand; constant: the value
    index: int = 1  # of a radical


@dataclass
class Tower:
    """The generators met in one expression and the field they generate."""

    z: sp.Symbol
    rate: sp.Expr | None  # lambda of t = exp(lambda z); None: t = z
    generators: list[Generator] = field(default_factory=list)
    conditions: list[tuple[str, sp.Expr]] = field(default_factory=list)
    field: Any = None

    def add(self, kind: str, definition: sp.Expr, index: int = 1) -> sp.Symbol:
        for g in self.generators:
            if (g.kind, g.definition, g.index) == (kind, definition, index):
                return g.symbol
        symbol = sp.Dummy(f"{kind}{len(self.generators)}", real=True)
        self.generators.append(Generator(symbol, kind, definition, index))
        return symbol

    @property
    def base(self) -> sp.Symbol:
        return self.generators[0].symbol

    def of_kind(self, *kinds: str) -> list[Generator]:
        return [g for g in self.generators if g.kind in kinds]

    def close(self) -> None:
        """Fix the generators and build the field of rational functions in them."""
        from sympy.polys.fields import field as make_field

        self.field = make_field([g.symbol for g in self.generators], sp.QQ)[0]
        self._derivatives = [self._derivative_of(g) for g in self.generators]

    def element(self, expr: sp.Expr) -> FracElement:
        return self.reduce(self.field.from_expr(sp.sympify(expr)))

    def _derivative_of(self, g: Generator) -> FracElement:
        zero, t = self.field.zero, self.field.from_expr(self.base)
        if g.kind == "base":
            return self.field.one
        if g.kind == "constant":
            return zero
        if g.kind == "place":
            return 1 / (t * self.field.from_expr(self.rate_symbol()))
        inner = self.field.from_expr(g.definition)
        rate = self._derive(inner, self.generators.index(g))
        if g.kind == "log":
            return rate / inner
        return self.field.from_expr(g.symbol) * rate / (inner * g.index)

    def rate_symbol(self) -> sp.Expr:
        """lambda as a rational number or as the constant generator that stands for it."""
        if self.rate is None or self.rate.is_Rational:
            return self.rate if self.rate is not None else sp.S.One
        return self.add("constant", self.rate)

    def _derive(self, element: FracElement, below: int) -> FracElement:
        total = self.field.zero
        for k, g in enumerate(self.generators[:below]):
            partial = element.diff(self.field.gens[k])
            if partial:
                inner = self.field.one if k == 0 else self._derivative_of(g)
                total += partial * inner
        return total

    def d_base(self, element: FracElement) -> FracElement:
        """The derivative with respect to the base variable t."""
        total = self.field.zero
        for gen, inner in zip(self.field.gens, self._derivatives, strict=True):
            if inner:
                total += element.diff(gen) * inner
        return self.reduce(total)

    def d_place(self, element: FracElement) -> FracElement:
        """The derivative with respect to z."""
        derivative = self.d_base(element)
        if self.rate is None:
            return derivative
        chain = self.field.from_expr(self.rate_symbol()) * self.field.gens[0]
        return self.reduce(derivative * chain)

    def reduce(self, element: FracElement) -> FracElement:
        """Lower the powers of radicals by w**q = radicand."""
        for g in reversed(self.of_kind("radical")):
            k = self.generators.index(g)
            element = self._reduce_one(element.numer, g, k) / self._reduce_one(element.denom, g, k)
        return element

    def _reduce_one(self, p: Any, g: Generator, k: int) -> FracElement:
        if p.degree(p.ring.gens[k]) < g.index:
            return self.field(p)
        radicand, w = self.field.from_expr(g.definition), self.field.gens[k]
        total = self.field.zero
        for power, coefficient in by_powers(p, k).items():
            total += self.field(coefficient) * radicand ** (power // g.index) * w ** (
                power % g.index
            )
        return total

    def balls(self, t: arb) -> list[arb]:
        """Enclosures of all generators where the base variable lies in ``t``; maybe not finite."""
        known: dict[sp.Symbol, arb] = {self.base: t}
        for g in self.generators[1:]:
            known[g.symbol] = self._ball_of(g, known)
        return [known[g.symbol] for g in self.generators]

    def _ball_of(self, g: Generator, known: dict[sp.Symbol, arb]) -> arb:
        if g.kind == "constant":
            return _constant_ball(g.definition, ctx.prec)
        if g.kind == "place":
            return _log(known[self.base]) / _constant_ball(self.rate, ctx.prec)
        inner = enclose(g.definition, known, ctx.prec)
        if g.kind == "log":
            return _log(abs(inner))
        if inner > 0:
            return inner.root(g.index)
        if inner.is_zero():
            return arb(0)
        if inner < 0 or not inner.is_finite():
            return arb.nan()
        # A radicand is nonnegative on the domain, so its ball may be cut at 0.
        return arb(0).union(inner.upper().root(g.index))

    def to_base(self, point: Point | None, lower: bool) -> Point | None:
        """A point of the z-line as a point of the t-line; None is the infinite end."""
        if self.rate is None:
            return point
        if point is None:
            return Point(sp.S.Zero) if lower else None
        rate = self.rate
        return point.map(
            lambda e: sp.radsimp(sp.expand(sp.exp(sp.expand(rate * e)))),
            lambda b: (b * to_ball(rate)).exp(),
        )

    def to_place(self, point: Point) -> Point:
        """A point of the t-line as a point of the z-line."""
        if self.rate is None:
            return point
        rate = self.rate
        return point.map(lambda e: sp.log(e) / rate, lambda b: b.log() / to_ball(rate))

    def to_sympy(self, element: Any) -> sp.Expr:
        """An element as an expression in z."""
        expr = element.as_expr()
        for g in reversed(self.generators):
            expr = expr.xreplace({g.symbol: self._meaning(g)})
        return expr

    def _meaning(self, g: Generator) -> sp.Expr:
        if g.kind == "base":
            return self.z if self.rate is None else sp.exp(self.rate * self.z)
        if g.kind == "place":
            return self.z
        if g.kind == "constant":
            return g.definition
        if g.kind == "log":
            return sp.log(sp.Abs(g.definition))
        return sp.Pow(g.definition, sp.Rational(1, g.index))


def _log(x: arb) -> arb:
    return x.log() if x > 0 else arb.nan()


def _constant_ball(value: sp.Expr, bits: int) -> arb:
    return enclose(value, {}, bits)


def by_powers(p: Any, k: int) -> dict[int, Any]:
    """A polynomial as {power of generator k: coefficient polynomial}."""
    parts: dict[int, dict] = {}
    for monomial, coefficient in p.terms():
        rest = monomial[:k] + (0,) + monomial[k + 1 :]
        parts.setdefault(monomial[k], {})[rest] = coefficient
    return {power: p.ring.from_dict(terms) for power, terms in parts.items()}


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
    return unit if enclose(unit, {}) > 0 else -unit


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
            return self.tower.base if self.tower.rate is None else self.tower.add("place", sp.S.Zero)
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
            place = self.tower.add("place", sp.S.Zero)
            return self.tower.rate_symbol() * place
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
