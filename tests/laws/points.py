"""Points for the laws: exact rationals, and the value of an expression there to many digits."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from mpmath.ctx_mp import MPContext
from sympy import Basic, Expr, Float, Rational
from sympy import oo as infinity

from theory.coordinates import coordinate, coordinates, in_coordinates
from theory.vectors import Vector, VectorExpr

DIGITS = 50
HIGH = MPContext()  # a context of its own: the numbers keep their digits wherever they are used
HIGH.dps = DIGITS
# Fifty digits lose a few in a sum of products of numbers of size 10^3; ten is a wide margin.
CLOSE = HIGH.mpf(10) ** (10 - DIGITS)

Point = Mapping[Any, Any]

rationals = st.fractions(min_value=-4, max_value=4, max_denominator=12)
positive = st.fractions(min_value=Fraction(1, 8), max_value=4, max_denominator=12)
labels = st.sampled_from((-1, 1))
dimensions = st.integers(1, 5)


def vectors(d: int, entries: st.SearchStrategy[Any] = rationals) -> st.SearchStrategy[list[Any]]:
    return st.lists(entries, min_size=d, max_size=d)


def signs(d: int) -> st.SearchStrategy[list[int]]:
    return st.lists(labels, min_size=d, max_size=d)


def rational(value: Any) -> Rational:
    return Rational(value.numerator, value.denominator)


def substitution(point: Point) -> dict[Basic, Basic]:
    """Coordinate symbols and scalars to exact rationals."""
    found: dict[Basic, Basic] = {}
    for variable, value in point.items():
        if isinstance(variable, Vector):
            found |= {coordinate(variable, i): rational(c) for i, c in enumerate(value)}
        else:
            found[variable] = rational(value)
    return found


def exact(e: Expr, point: Point, d: int) -> Expr:
    """The scalar expression at the point, as an exact SymPy number."""
    return in_coordinates(e, d).xreplace(substitution(point))


def high(value: Any) -> Any:
    """An exact number (int, Fraction, SymPy) to fifty digits."""
    if isinstance(value, Basic):
        return HIGH.mpf(Float(value.evalf(DIGITS + 10), DIGITS + 10)._mpf_)
    if isinstance(value, Fraction):
        return HIGH.mpf(value.numerator) / value.denominator
    return HIGH.mpf(value)


def number(e: Expr, point: Point, d: int) -> Any:
    """The scalar expression at the point, to fifty digits."""
    return high(exact(e, point, d))


def components(v: VectorExpr, point: Point, d: int) -> list[Any]:
    """The components of a vector expression at the point, to fifty digits."""
    values = substitution(point)
    return [high(c.xreplace(values)) for c in coordinates(v, d)]


def close(a: Any, b: Any) -> bool:
    """Equality up to the rounding of fifty digits."""
    a, b = high(a), high(b)
    return bool(abs(a - b) <= CLOSE * (abs(a) + abs(b) + 1))


def at_most(a: Any, b: Any) -> bool:
    """a <= b up to the rounding of fifty digits."""
    a, b = high(a), high(b)
    return bool(a <= b + CLOSE * (abs(a) + abs(b) + 1))


def plain_norm(v: list[Any], p: Any) -> Any:
    """The p-norm by its definition, in mpmath."""
    sizes = [abs(high(Fraction(c))) for c in v]
    if p == infinity:
        return max(sizes)
    q = HIGH.mpf(p.p) / p.q
    return HIGH.fsum(c**q for c in sizes) ** (1 / q)
