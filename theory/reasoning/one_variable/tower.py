"""A function of z as a rational function over a tower of logarithms and radicals.

.. math:: f(z) = R(t, z, \\log f_1(t), \\dots, \\sqrt{r(t)}, c_1, \\dots), \\quad t = e^{\\lambda z}

(or t = z when no exponential occurs). The tower is closed under d/dt, so signs of f can be decided
by differentiating until only polynomials in t are left.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sympy as sp
from flint import arb, ctx
from sympy.polys.fields import FracElement

from theory.enclosure import enclose
from theory.enclosure.balls import to_ball
from theory.reasoning.one_variable.points import Point


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
    functions: Any = None

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

        self.functions = make_field([g.symbol for g in self.generators], sp.QQ)[0]
        self._derivatives = [self._derivative_of(g) for g in self.generators]

    def element(self, expr: sp.Expr) -> FracElement:
        return self.reduce(self.functions.from_expr(sp.sympify(expr)))

    def _derivative_of(self, g: Generator) -> FracElement:
        zero, t = self.functions.zero, self.functions.from_expr(self.base)
        if g.kind == "base":
            return self.functions.one
        if g.kind == "constant":
            return zero
        if g.kind == "place":
            return 1 / (t * self.functions.from_expr(self.rate_symbol()))
        inner = self.functions.from_expr(g.definition)
        rate = self._derive(inner, self.generators.index(g))
        if g.kind == "log":
            return rate / inner
        return self.functions.from_expr(g.symbol) * rate / (inner * g.index)

    def rate_symbol(self) -> sp.Expr:
        """lambda as a rational number or as the constant generator that stands for it."""
        if self.rate is None or self.rate.is_Rational:
            return self.rate if self.rate is not None else sp.S.One
        return self.add("constant", self.rate)

    def _derive(self, element: FracElement, below: int) -> FracElement:
        total = self.functions.zero
        for k, g in enumerate(self.generators[:below]):
            partial = element.diff(self.functions.gens[k])
            if partial:
                inner = self.functions.one if k == 0 else self._derivative_of(g)
                total += partial * inner
        return total

    def d_base(self, element: FracElement) -> FracElement:
        """The derivative with respect to the base variable t."""
        total = self.functions.zero
        for gen, inner in zip(self.functions.gens, self._derivatives, strict=True):
            if inner:
                total += element.diff(gen) * inner
        return self.reduce(total)

    def d_place(self, element: FracElement) -> FracElement:
        """The derivative with respect to z."""
        derivative = self.d_base(element)
        if self.rate is None:
            return derivative
        chain = self.functions.from_expr(self.rate_symbol()) * self.functions.gens[0]
        return self.reduce(derivative * chain)

    def reduce(self, element: FracElement) -> FracElement:
        """Lower the powers of radicals by w**q = radicand."""
        for g in reversed(self.of_kind("radical")):
            k = self.generators.index(g)
            element = self._reduce_one(element.numer, g, k) / self._reduce_one(element.denom, g, k)
        return element

    def _reduce_one(self, p: Any, g: Generator, k: int) -> FracElement:
        if p.degree(p.ring.gens[k]) < g.index:
            return self.functions(p)
        radicand, w = self.functions.from_expr(g.definition), self.functions.gens[k]
        total = self.functions.zero
        for power, coefficient in by_powers(p, k).items():
            total += (
                self.functions(coefficient)
                * radicand ** (power // g.index)
                * w ** (power % g.index)
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
        if point is not None:
            return self.image(point)
        return Point(sp.S.Zero) if lower and self.rate is not None else None

    def image(self, point: Point) -> Point:
        """t at a finite z."""
        if self.rate is None:
            return point
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
        rest = (*monomial[:k], 0, *monomial[k + 1 :])
        parts.setdefault(monomial[k], {})[rest] = coefficient
    return {power: p.ring.from_dict(terms) for power, terms in parts.items()}
