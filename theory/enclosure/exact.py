"""Is an exact SymPy number zero? Ball arithmetic says no, algebra says yes, otherwise ``None``."""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

from theory.enclosure.balls import enclose
from theory.enclosure.evaluate import Unsupported


@lru_cache(maxsize=4096)
def is_exactly_zero(number: sp.Expr, bits: int = 1024) -> bool | None:
    """True only by exact algebra, False only by a ball without 0, else ``None``.

    >>> from sympy import log, sqrt
    >>> is_exactly_zero(log(6) - log(2) - log(3)), is_exactly_zero(sqrt(2) - 1)
    (True, False)
    """
    if number.is_Rational:
        return number == 0
    try:
        undefined = not enclose(number, {}, 64).is_finite()
        if any(_nonzero(number, b) for b in (64, 256)):
            return False
        if undefined and not enclose(number, {}, 256).is_finite():
            return None
    except Unsupported:
        return None
    if vanishes_by_algebra(number):
        return True
    return False if _nonzero(number, bits) else None


def _nonzero(number: sp.Expr, bits: int) -> bool:
    ball = enclose(number, {}, bits)
    return bool(ball.is_finite() and not ball.contains(0))


def vanishes_by_algebra(number: sp.Expr) -> bool:
    """Does exact rewriting reduce a constant to 0?"""
    canonical = sp.expand(_split_logarithms(number))
    if canonical == 0 or sp.expand(sp.radsimp(sp.together(canonical))) == 0:
        return True
    if canonical.is_algebraic:
        return _algebraic_zero(canonical)
    # Simplification of a long constant may take minutes; no answer is better.
    return canonical.count_ops() < 200 and sp.simplify(canonical) == 0


def _algebraic_zero(number: sp.Expr) -> bool:
    x = sp.Dummy("x")
    try:
        return bool(sp.minimal_polynomial(number, x) == x)
    except (NotImplementedError, sp.polys.polyerrors.PolynomialError):
        return False


def _split_logarithms(number: sp.Expr) -> sp.Expr:
    """log of a rational as a sum over primes, log of a product of positives as a sum."""

    def split(argument: sp.Expr) -> sp.Expr:
        argument = sp.factor_terms(sp.radsimp(argument))
        if argument.is_Rational and argument > 0:
            primes = sp.factorrat(argument)
            return sp.Add(*(e * sp.log(p) for p, e in primes.items()))
        if argument.is_Mul and all(a.is_positive for a in argument.args):
            return sp.Add(*(split(a) for a in argument.args))
        if argument.is_Pow and argument.base.is_positive and argument.exp.is_real:
            return argument.exp * split(argument.base)
        return sp.log(argument)

    return number.replace(sp.log, split)
