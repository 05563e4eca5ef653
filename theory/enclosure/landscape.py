"""``Landscape``: a function on the line as stretches of a polynomial plus a rest.

.. math:: g(u) = \\sum_i c_i u^i + R(u) \\quad (\\text{low} < u < \\text{high}).

The polynomial is exact, so that a parabola of f and a parabola of the weight cancel before
anything is rounded; slopes cancel in the second-order form

.. math:: g(m + x) \\in g(m) + g'(m) x + \\tfrac12 g''(\\text{disc}) x^2.

    >>> u = sp.Symbol("u", real=True)
    >>> valley = landscape(u**2 - sp.Abs(u), u)
    >>> [stretch.polynomial for stretch in valley]
    [(0, 1, 1), (0, -1, 1)]
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import comb

import sympy as sp
from flint import acb, arb, ctx, fmpq

from theory.enclosure.analytic import analytic_series, disc
from theory.enclosure.growth import growth
from theory.enclosure.pieces import Piece, pieces
from theory.enclosure.polynomial_bounds import Bound, Growth, total
from theory.enclosure.ranges import Range, range_of

ZERO = fmpq(0)


@dataclass(frozen=True)
class Expansion:
    """g(m + x) = value + slope x + bend x^2 + ..., the last one enclosed on a disc about m.

    ``higher`` are the moduli of the exact coefficients of x^3 and up.
    """

    value: arb
    slope: arb
    bend: acb
    higher: tuple[arb, ...]

    def spread(self, radius: arb) -> arb:
        """|g(m + x) - value| is at most this for complex |x| <= radius."""
        tail = sum((c * radius ** (i + 3) for i, c in enumerate(self.higher)), arb(0))
        return abs(self.slope) * radius + self.bend.abs_upper() * radius**2 + tail

    def lowest(self, radius: arb) -> arb:
        """A number that g(m + x) does not fall below for real |x| <= radius."""
        tail = sum((c * radius ** (i + 3) for i, c in enumerate(self.higher)), arb(0))
        sagging = self.bend.real.lower().min(arb(0)) * radius**2
        return (self.value - abs(self.slope) * radius + sagging - tail).lower()


@dataclass(frozen=True)
class Stretch:
    """g on an open interval without decided folds; ``None`` ends are unbounded."""

    low: fmpq | None
    high: fmpq | None
    polynomial: tuple[fmpq, ...]
    rest: sp.Expr
    symbol: sp.Symbol

    def about(self, m: fmpq) -> tuple[fmpq, ...]:
        """The coefficients of the polynomial in powers of u - m."""
        return tuple(
            sum(
                (comb(j, i) * c * m ** (j - i) for j, c in enumerate(self.polynomial) if j >= i),
                ZERO,
            )
            for i in range(len(self.polynomial))
        )

    def range(self, a: fmpq, b: fmpq) -> tuple[arb, arb] | None:
        """Bounds of g on [a, b]; ``None``: not provably defined."""
        whole = range_of(self.rest, {self.symbol: Range(arb(a), arb(b))}, _bits())
        if whole is None or not (whole.lo.is_finite() and whole.hi.is_finite()):
            return None
        m, r = (a + b) / 2, (b - a) / 2
        low = high = ZERO
        for i, c in enumerate(self.about(m)):
            size = abs(c) * r**i
            low += c if i == 0 else (min(c, ZERO) * r**i if i % 2 == 0 else -size)
            high += c if i == 0 else (max(c, ZERO) * r**i if i % 2 == 0 else size)
        return (arb(low) + whole.lo).lower(), (arb(high) + whole.hi).upper()

    def at(self, m: fmpq, length: int) -> list[arb] | None:
        """Taylor coefficients at an exact point."""
        exact = [arb(c) for c in self.about(m)[:length]]
        exact += [arb(0)] * (length - len(exact))
        if not self.rest.has(self.symbol):
            constant = range_of(self.rest, {}, _bits())
            return None if constant is None else [exact[0] + _ball(constant), *exact[1:]]
        series = analytic_series(self.rest, self.symbol, acb(arb(m)), length)
        if series is None:
            return None
        return [c + series[i].real for i, c in enumerate(exact)]

    def expansion(self, m: fmpq, radius: fmpq) -> Expansion | None:
        """The second-order form on a disc; ``None``: not provably analytic there."""
        near = self.at(m, 2)
        exact = (*self.about(m), ZERO, ZERO, ZERO)
        bend = acb(arb(exact[2]))
        if near is None:
            return None
        if self.rest.has(self.symbol):
            around = analytic_series(self.rest, self.symbol, disc(arb(m), arb(radius)), 3)
            if around is None:
                return None
            bend += around[2]
        return Expansion(near[0], near[1], bend, tuple(abs(arb(c)) for c in exact[3:]))

    @cached_property
    def growth(self) -> Growth:
        """Bounds along an unbounded stretch, in the distance from its finite end."""
        side, start = (1, self.low) if self.high is None else (-1, self.high)
        assert start is not None
        rest = growth(self.rest, self.symbol, arb(start), side)
        exact: Bound = tuple(arb(c * side**i) for i, c in enumerate(self.about(start)))
        return Growth(total([rest.low, exact]), total([rest.high, exact]))


def landscape(expr: sp.Expr, symbol: sp.Symbol) -> list[Stretch]:
    """Stretches from left to right; there is always a cut, at 0 if the function has none."""
    found = pieces(expr, symbol)
    if len(found) == 1:
        found = [Piece(None, sp.S.Zero, found[0].expr), Piece(sp.S.Zero, None, found[0].expr)]
    stretches = [_stretch(p.low, p.high, p.expr, symbol) for p in found]
    return _outer(stretches[0])[::-1] + stretches[1:-1] + _outer(stretches[-1])


def bounded_landscape(expr: sp.Expr, symbol: sp.Symbol, low: fmpq, high: fmpq) -> list[Stretch]:
    """The stretches between two ends."""
    found: list[Stretch] = []
    for piece in pieces(expr, symbol):
        stretch = _stretch(piece.low, piece.high, piece.expr, symbol)
        a = low if stretch.low is None else max(low, stretch.low)
        b = high if stretch.high is None else min(high, stretch.high)
        if a < b:
            found.append(replace(stretch, low=a, high=b))
    return found


def _outer(stretch: Stretch) -> list[Stretch]:
    """An unbounded stretch, from the inside out; cut again where its tail cannot be bounded."""
    for away in (fmpq(0), fmpq(1), fmpq(1024)):
        if stretch.high is None:
            assert stretch.low is not None
            cut = stretch.low + away
            inner, outer = replace(stretch, high=cut), replace(stretch, low=cut)
        else:
            cut = stretch.high - away
            inner, outer = replace(stretch, low=cut), replace(stretch, high=cut)
        if outer.growth.low is not None:
            return [inner, outer] if away else [stretch]
    return [stretch]


def _stretch(
    low: sp.Rational | None, high: sp.Rational | None, expr: sp.Expr, symbol: sp.Symbol
) -> Stretch:
    coefficients, rest = _split(expr, symbol)
    return Stretch(_fmpq(low), _fmpq(high), coefficients, rest, symbol)


def _split(expr: sp.Expr, symbol: sp.Symbol) -> tuple[tuple[fmpq, ...], sp.Expr]:
    """The terms that are polynomials with rational coefficients, and the others."""
    exact, rest = sp.Poly(0, symbol, domain="QQ"), []
    for term in sp.Add.make_args(sp.expand_mul(expr)):
        term = sp.expand(term) if term.is_polynomial(symbol) else term
        poly = sp.Poly(term, symbol) if term.is_polynomial(symbol) else None
        if poly is not None and poly.domain in (sp.ZZ, sp.QQ):
            exact += poly
        else:
            rest.append(term)
    coefficients = tuple(fmpq(int(c.p), int(c.q)) for c in reversed(exact.all_coeffs()))
    return coefficients, sp.Add(*rest)


def _fmpq(value: sp.Rational | None) -> fmpq | None:
    return None if value is None else fmpq(int(value.p), int(value.q))


def _ball(whole: Range) -> arb:
    return whole.lo.union(whole.hi)


def _bits() -> int:
    return int(ctx.prec)
