"""``Tilted``: f(t) + (gamma/2)(theta - t)^2, in the variable u = t - theta, with its tails.

.. math:: g(u) = f(\\theta + u) + \\tfrac{\\gamma}{2} u^2

Exact: f has rational constants (a float is the binary fraction that it is), gamma and theta are
rationals.  A bound from below that cannot be derived may be declared as (L, M, c), for

.. math:: f(t) \\ge -\\tfrac{L}{2} t^2 - M |t| - c \\quad \\text{for all } t;

it is an assumption of the caller, and nothing checks it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy as sp
from flint import arb, fmpq

from theory.enclosure import enclose
from theory.enclosure.evaluate import Unsupported
from theory.enclosure.landscape import Stretch, landscape
from theory.enclosure.minimum import Tails
from theory.enclosure.polynomial_bounds import Bound, Growth

U = sp.Dummy("u", real=True)
T = sp.Dummy("t", real=True)


class NotIntegrable(ValueError):
    """exp(-f - gamma/2 (theta - t)^2) has no finite integral."""


@dataclass(frozen=True)
class Tilted:
    """g on its stretches, and a polynomial below it on the left and on the right tail."""

    expr: sp.Expr
    stretches: tuple[Stretch, ...]
    tails: Tails

    def points(self) -> dict[fmpq, arb]:
        """The values at the cuts, where g is defined there."""
        cuts = [stretch.high for stretch in self.stretches[:-1] if stretch.high is not None]
        found = {cut: enclose(self.expr, {U: cut}) for cut in cuts}
        return {cut: value for cut, value in found.items() if value.is_finite()}


Declared = tuple[fmpq, fmpq, fmpq] | None


def exact(value: Any, name: str, positive: bool = False) -> fmpq:
    """An exact number from int, Fraction, SymPy rational, text or float; one sentence if not."""
    wanted = f"{name} > 0 as an exact number" if positive else f"{name} as an exact number"
    try:
        number = Fraction(value) if isinstance(value, (float, int)) else Fraction(str(value))
    except (ValueError, OverflowError, ZeroDivisionError):
        number = None
    if number is None or isinstance(value, bool) or (positive and number <= 0):
        raise ValueError(f"local entropy: expected {wanted}, got {value!r}")
    return fmpq(number.numerator, number.denominator)


def function(f: Any) -> sp.Expr:
    """f as a function of the symbol T, with exact rationals for floats."""
    expr = sp.sympify(f) if isinstance(f, (sp.Basic, int, float, Fraction)) else None
    if not isinstance(expr, sp.Expr) or len(expr.free_symbols) > 1:
        raise ValueError(f"local entropy: expected f as a SymPy expression of one symbol, got {f}")
    if any(_restricted(symbol) for symbol in expr.free_symbols):
        raise ValueError(f"local entropy: expected a real symbol without a sign or a kind, got {f}")
    if expr.has(sp.nan, sp.zoo, sp.oo, -sp.oo, sp.I):
        raise ValueError(f"local entropy: expected f with finite real values, got {f}")
    expr = expr.xreplace({number: sp.Rational(number) for number in expr.atoms(sp.Float)})
    return expr.xreplace({symbol: T for symbol in expr.free_symbols})


def _restricted(symbol: sp.Basic) -> bool:
    """Has SymPy been told more than that the symbol is real, as in |t| = t for a positive t?"""
    kinds = ("positive", "negative", "nonnegative", "nonpositive", "zero", "integer", "rational")
    known = [getattr(symbol, f"is_{kind}") for kind in kinds]
    return getattr(symbol, "is_real", None) is False or any(k is not None for k in known)


def declared(bound: Any) -> Declared:
    if bound is None:
        return None
    if not isinstance(bound, tuple) or len(bound) != 3:
        raise ValueError(f"local entropy: expected bound = (L, M, c), got {bound!r}")
    found = [exact(value, f"{name} of bound") for value, name in zip(bound, "LMc", strict=True)]
    if min(found[0], found[1]) < 0:
        raise ValueError(f"local entropy: expected L >= 0 and M >= 0 of bound, got {bound}")
    return found[0], found[1], found[2]


@lru_cache(maxsize=256)
def tilted(f: sp.Expr, gamma: fmpq, theta: fmpq, bound: Declared = None) -> Tilted:
    """g with its stretches; ValueError where it has no lower bound that is known."""
    shifted = f.xreplace({T: U + _rational(theta)})
    expr = shifted + _rational(gamma) * U**2 / 2
    stretches = tuple(landscape(expr, U))
    try:
        sides = [_tail(s, gamma, theta, bound) for s in (stretches[0], stretches[-1])]
    except Unsupported as problem:
        raise ValueError(
            f"local entropy: expected a function f that enclosures know: {problem}"
        ) from None
    _require(f, gamma, [s.growth for s in (stretches[0], stretches[-1])], sides)
    return Tilted(expr, stretches, (sides[0], sides[1]))


def _rational(value: fmpq) -> sp.Rational:
    return sp.Rational(int(value.p), int(value.q))


def _tail(stretch: Stretch, gamma: fmpq, theta: fmpq, bound: Declared) -> Bound:
    """The derived polynomial where it rises, otherwise the declared one."""
    derived = stretch.growth.low
    if bound is None or _rises(derived):
        return derived
    L, M, c = bound
    side, start = (1, stretch.low) if stretch.high is None else (-1, stretch.high)
    assert start is not None
    # u = start + side v, so |u| <= |start| + v and |t| <= |theta + start| + v.
    away = abs(theta + start)
    constant = gamma / 2 * start**2 - L / 2 * (theta + start) ** 2 - M * away - c
    slope = gamma * start * side - L * (theta + start) * side - M
    return tuple(map(arb, (constant, slope, (gamma - L) / 2)))


def _rises(polynomial: Bound) -> bool:
    """Does the polynomial certainly go to infinity?"""
    last = next(_leading(polynomial), None) if polynomial else None
    return last is not None and bool(last > 0)


def _leading(polynomial: tuple[arb, ...]) -> Iterator[arb]:
    """The coefficients above the constant that are not zero, the last one first."""
    return (c for c in reversed(polynomial[1:]) if not c.is_zero())


def _require(f: sp.Expr, gamma: fmpq, growths: list[Growth], sides: list[Bound]) -> None:
    for growth, side, where in zip(growths, sides, ("-oo", "oo"), strict=True):
        if _rises(side):
            continue
        shown = f"f = {f.xreplace({T: sp.Symbol('t')})} and gamma = {gamma}"
        if growth.high is not None and all(c <= 0 for c in list(_leading(growth.high))[:1]):
            raise NotIntegrable(
                f"local entropy: expected f + gamma/2 (theta - t)^2 to grow, but with {shown} "
                f"it stays bounded from above or falls as t -> {where}"
            )
        raise ValueError(
            f"local entropy: no lower bound of {shown} is known as t -> {where}; expected "
            "bound=(L, M, c) with f >= -(L/2)t^2 - M|t| - c and L < gamma"
        )
