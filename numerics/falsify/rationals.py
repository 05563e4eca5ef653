"""Rationals a human can read: the simplest in an interval, and vectors of rational length.

>>> simplest(Fraction(31, 100), Fraction(34, 100))
Fraction(1, 3)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import arb


def simplest(low: Fraction, high: Fraction) -> Fraction:
    """The rational of smallest denominator in [low, high]."""
    if low > high:
        low, high = high, low
    if low <= 0 <= high:
        return Fraction(0)
    if high < 0:
        return -simplest(-high, -low)
    whole = math.ceil(low)
    if whole <= high:
        return Fraction(whole)
    floor = math.floor(low)
    return floor + 1 / simplest(1 / (high - floor), 1 / (low - floor))


def near(value: float, relative: float) -> Fraction:
    """The simplest rational within a relative distance of a float; the float itself at 0."""
    exact = Fraction(value)
    if relative == 0 or exact == 0:
        return exact
    slack = abs(exact) * Fraction(relative)
    return simplest(exact - slack, exact + slack)


def rational(value: Fraction | int) -> sp.Rational:
    """A Fraction as a SymPy number."""
    exact = Fraction(value)
    return sp.Rational(exact.numerator, exact.denominator)


def fraction(value: Any) -> Fraction:
    """A SymPy rational as a Fraction."""
    return Fraction(int(value.p), int(value.q))


def exact_end(ball: arb) -> Fraction:
    """An exact ball (such as ``x.lower()``) as a Fraction."""
    man, exp = ball.mid().man_exp()
    return Fraction(int(man)) * Fraction(2) ** int(exp)


def unit_vector(direction: Sequence[float], relative: float) -> list[Fraction]:
    """A rational point of the unit sphere near a direction (stereographic projection).

    >>> unit_vector([0.61, 0.79], 0.1)
    [Fraction(3, 5), Fraction(4, 5)]
    """
    length = math.sqrt(math.fsum(c * c for c in direction))
    if length == 0 or not math.isfinite(length):
        return [Fraction(int(k == 0)) for k in range(len(direction))]
    unit = [c / length for c in direction]
    pole = max(range(len(unit)), key=lambda k: abs(unit[k]))
    side = 1 if unit[pole] > 0 else -1
    # From the pole opposite to the point, where the projection bends least.
    w = [near(c / (1 + abs(unit[pole])), relative) for k, c in enumerate(unit) if k != pole]
    square = sum((c * c for c in w), Fraction(0))
    result = [2 * c / (1 + square) for c in w]
    result.insert(pole, side * (1 - square) / (1 + square))
    return result
