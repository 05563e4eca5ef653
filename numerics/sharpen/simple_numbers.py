"""The simplest number in an interval: p/q or sqrt(n) p/q.

>>> simplest_number(0.0962250, 0.0962251)
sqrt(3)/18
"""

from __future__ import annotations

import math
from fractions import Fraction

import sympy as sp

from numerics.falsify.rationals import rational, simplest

SQUARE_FREE = (1, 2, 3, 5, 6, 7, 10)


def cost(value: sp.Expr) -> int:
    """How much there is to a number: p + q of p/q, and n for a root of n.

    >>> cost(sp.Rational(1, 2)), cost(sp.sqrt(3) / 18)
    (3, 22)
    """
    return sum(abs(a.p) + a.q if a.is_Rational else int(a.base) for a in _factors(value))


def _factors(value: sp.Expr) -> list[sp.Expr]:
    rational_part, root = sp.sympify(value).as_coeff_Mul()
    return [rational_part, *([] if root == 1 else [root])]


def simplest_number(low: float, high: float) -> sp.Expr:
    """The number of least cost in [low, high], 0 <= low <= high."""
    found = []
    for n in SQUARE_FREE:
        root = math.sqrt(n)
        fraction = simplest(Fraction(low / root), Fraction(high / root))
        value = rational(fraction) * sp.sqrt(n)
        if n == 1 or low <= value <= high:
            found.append(value)
    return min(found, key=cost)


def simplest_fraction(low: float, high: float) -> sp.Rational:
    """The rational of smallest denominator in [low, high]."""
    return rational(simplest(Fraction(low), Fraction(high)))
