"""The leading term of a tower element at an end of its domain.

With u -> 0+ the distance to a finite rational end (or 1/|t| at an infinite one) and
ell = log(1/u) -> oo, every polynomial in t and in logarithms of polynomials in t is a series

.. math:: \\sum_j u^j p_j(\\ell), \\qquad p_j \\text{ polynomials over the constants,}

whose first nonzero term gives the sign next to the end, and limits at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import ctx

from theory.enclosure import enclose
from theory.reasoning.one_variable.points import Undecided
from theory.reasoning.one_variable.tower import Generator, Tower

ORDERS = (4, 10, 24)


@dataclass(frozen=True)
class End:
    """Approach ``at`` (a rational number, or oo / -oo) from ``side`` (+1: from above)."""

    at: sp.Expr
    side: int


@dataclass(frozen=True)
class Leading:
    """c u**order ell**power."""

    order: int
    power: int
    coefficient: sp.Expr

    @property
    def sign(self) -> int:
        for bits in (64, 256, 1024):
            ball = enclose(self.coefficient, {}, bits)
            if ball > 0:
                return 1
            if ball < 0:
                return -1
        raise Undecided(f"the sign of the constant {self.coefficient}")


Series = dict[int, Any]  # exponent of u -> coefficient in Q[constants][ell]


class _Germ:
    """Truncated arithmetic in u over a polynomial ring in ell, constants and logs of primes."""

    def __init__(self, tower: Tower, end: End, order: int):
        self.tower, self.end, self.order = tower, end, order
        self.ell = sp.Dummy("ell")
        self.constants = {g.symbol: g.definition for g in tower.of_kind("constant")}
        self._series: dict[sp.Symbol, Series] = {}

    def prepare(self) -> None:
        """Find the logarithms of rationals that occur, then build the ring."""
        self._logs = {g.symbol: self._log_parts(g) for g in self.tower.of_kind("log")}
        symbols = [self.ell, *self.constants]
        self.ring = sp.ring(symbols, sp.QQ)[0]

    def _log_rational(self, value: sp.Rational) -> sp.Expr:
        total = sp.S.Zero
        for p, e in (sp.factorrat(abs(value)) if abs(value) != 1 else {}).items():
            total += e * self._constant(sp.log(p))
        return total

    def _constant(self, value: sp.Expr) -> sp.Symbol:
        for symbol, known in self.constants.items():
            if known == value:
                return symbol
        symbol = sp.Dummy("c")
        self.constants[symbol] = value
        return symbol

    def _local(self, polynomial: sp.Expr) -> tuple[int, list[sp.Rational]]:
        """f(t(u)) = u**v (a_0 + a_1 u + ...), a_0 != 0."""
        t = self.tower.base
        if polynomial.free_symbols - {t}:
            raise Undecided("the limit of a logarithm of logarithms")
        if self.end.at.is_infinite:
            sign = 1 if self.end.at is sp.oo else -1
            p = sp.Poly(polynomial.subs(t, sign * t), t)
            return -p.degree(), p.all_coeffs()
        p = sp.Poly(polynomial.subs(t, self.end.at + self.end.side * t), t)
        ascending = p.all_coeffs()[::-1]
        v = next(k for k, a in enumerate(ascending) if a != 0)
        return v, ascending[v:]

    def _log_parts(self, g: Generator) -> tuple[int, sp.Expr, list[sp.Rational]]:
        v, coefficients = self._local(g.definition)
        head = coefficients[0]
        return v, self._log_rational(head), [a / head for a in coefficients[1:]]

    def generator(self, g: Generator) -> Series:
        if g.symbol not in self._series:
            self._series[g.symbol] = self._generator(g)
        return self._series[g.symbol]

    def _generator(self, g: Generator) -> Series:
        if g.kind == "constant":
            return {0: self.ring.from_expr(g.symbol)}
        if g.kind == "base":
            return self._base()
        if g.kind == "place":
            return self._place()
        if g.kind == "log":
            v, constant, tail = self._logs[g.symbol]
            head = self.ring.from_expr(constant - v * self.ell)
            return self._plus({0: head}, self._log1p(tail))
        raise Undecided("the limit of a radical next to logarithms")

    def _base(self) -> Series:
        one = self.ring.one
        if self.end.at.is_infinite:
            return {-1: one if self.end.at is sp.oo else -one}
        at = self.ring.from_expr(self.end.at)
        return {0: at, 1: self.end.side * one} if at else {1: self.end.side * one}

    def _place(self) -> Series:
        """z = log(t) / lambda."""
        if self.tower.rate is None or not self.tower.rate.is_Rational:
            raise Undecided("the limit of z where the rate is irrational")
        if self.end.at is sp.oo:
            log_t: Series = {0: self.ring.from_expr(self.ell)}
        elif self.end.at == 0:
            log_t = {0: self.ring.from_expr(-self.ell)}
        else:
            constant = sp.log(self.end.at)
            if constant != 0:
                raise Undecided("the germ of z at a finite place other than 0")
            log_t = self._log1p([sp.Integer(self.end.side)])
        scale = sp.QQ.from_sympy(1 / self.tower.rate)
        return {k: c.mul_ground(scale) for k, c in log_t.items()}

    def _log1p(self, tail: list[sp.Rational]) -> Series:
        """log(1 + w), w = sum tail[k] u**(k+1): from (1 + w) L' = w'."""
        w = [sp.S.Zero, *tail]
        logs = [sp.S.Zero] * self.order
        for n in range(1, self.order):
            value = w[n] * n if n < len(w) else sp.S.Zero
            for k in range(1, n):
                if n - k < len(w):
                    value -= k * logs[k] * w[n - k]
            logs[n] = value / n
        return {n: self.ring(sp.QQ.from_sympy(c)) for n, c in enumerate(logs) if c != 0}

    def _plus(self, a: Series, b: Series) -> Series:
        total = dict(a)
        for k, c in b.items():
            total[k] = total.get(k, self.ring.zero) + c
        return {k: c for k, c in total.items() if c}

    def times(self, a: Series, b: Series, below: int) -> Series:
        total: Series = {}
        for i, x in a.items():
            for j, y in b.items():
                if i + j < below:
                    total[i + j] = total.get(i + j, self.ring.zero) + x * y
        return {k: c for k, c in total.items() if c}

    def leading(self, p: Any) -> Leading | None:
        """The first term of a polynomial in the generators, if the truncation shows it."""
        degree = p.degree(p.ring.gens[0]) if self.end.at.is_infinite else 0
        total: Series = {}
        for monomial, coefficient in p.terms():
            total = self._plus(total, self._term(monomial, coefficient, self.order - degree))
        for order in sorted(total):
            return self._first(order, total[order])
        return None

    def _term(self, monomial: tuple[int, ...], coefficient: Any, below: int) -> Series:
        # Powers of t at infinity have negative exponents, so they come last and nothing that
        # contributes below ``below`` has been cut before.
        term: Series = {0: self.ring(coefficient)}
        infinite = self.end.at.is_infinite
        shift = monomial[0] if infinite else 0
        for g, power in zip(self.tower.generators, monomial, strict=True):
            if infinite and g.kind == "base":
                continue
            for _ in range(power):
                term = self.times(term, self.generator(g), self.order)
        sign = -1 if self.end.at is -sp.oo and shift % 2 else 1
        return {k - shift: c * sign for k, c in term.items() if k - shift < below}

    def _first(self, order: int, coefficient: Any) -> Leading:
        power = coefficient.degree(self.ring.gens[0])
        top = self.ring.from_dict({(0, *m[1:]): c for m, c in coefficient.terms() if m[0] == power})
        return Leading(order, power, top.as_expr().xreplace(self.constants))


def leading_term(tower: Tower, p: Any, end: End) -> Leading:
    """The leading term of a polynomial in the generators at an end; p must not be 0."""
    for order in ORDERS:
        germ = _Germ(tower, end, order + max(p.degree(x) for x in p.ring.gens[:1]))
        germ.prepare()
        with ctx.workprec(128):
            found = germ.leading(p)
        if found is not None:
            found.sign  # noqa: B018  (raises when the coefficient cannot be told from 0)
            return found
    raise Undecided("the leading term at an end of the domain")


def limit_at(tower: Tower, element: Any, end: End) -> sp.Expr:
    """The exact limit of an element at an end, oo and -oo included."""
    if not element:
        return sp.S.Zero
    above = leading_term(tower, element.numer, end)
    below = leading_term(tower, element.denom, end)
    growth = (below.order - above.order, above.power - below.power)
    if growth == (0, 0):
        return sp.simplify(above.coefficient / below.coefficient)
    return above.sign * below.sign * sp.oo if growth > (0, 0) else sp.S.Zero
