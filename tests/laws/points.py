"""Points for the laws: exact rationals, and the value of an expression there to fifty digits.

The evaluation walks through the expression in mpmath: a slow twin of ``theory.coordinates`` and of
``theory.enclosure`` that shares no code with them.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from mpmath.ctx_mp import MPContext
from sympy import (
    Abs,
    Add,
    Basic,
    Expr,
    Float,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Rational,
    S,
    Symbol,
    exp,
    log,
)
from sympy import oo as infinity
from sympy import sign as scalar_sign

from theory.scalars import Dot, Norm
from theory.vectors import AbsPower, Hadamard, Ones, Peak, Sign, Unit, Vector, VectorExpr

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


def high(value: Any) -> Any:
    """An exact number (int, Fraction, SymPy) to fifty digits."""
    if isinstance(value, Basic):
        return HIGH.mpf(Float(value.evalf(DIGITS + 10), DIGITS + 10)._mpf_)
    if isinstance(value, Fraction):
        return HIGH.mpf(value.numerator) / value.denominator
    return HIGH.mpf(value)


def number(e: Expr, point: Point, d: int) -> Any:
    """The scalar expression at the point, to fifty digits, by walking through it."""
    if isinstance(e, Norm):
        return plain_norm(components(e.vector, point, d), e.p)
    if isinstance(e, Dot):
        a, b = (components(v, point, d) for v in e.args)  # type: ignore[arg-type]
        return HIGH.fsum(p * q for p, q in zip(a, b, strict=True))
    if isinstance(e, Symbol):
        return high(point[e])
    if isinstance(e, Piecewise):
        return next(number(f, point, d) for f, c in e.args if holds(c, point, d))
    if not e.args:
        return high(e)
    values = [number(a, point, d) for a in e.args]  # type: ignore[arg-type]
    return OPERATIONS[e.func](*values)


def holds(condition: Any, point: Point, d: int) -> bool:
    """Whether the side of a piece applies at the point."""
    if condition in (True, False):
        return bool(condition)
    a, b = number(condition.lhs, point, d), number(condition.rhs, point, d)
    return bool({"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[condition.rel_op])


OPERATIONS: dict[Any, Any] = {
    Add: lambda *a: HIGH.fsum(a),
    Mul: lambda *a: HIGH.fprod(a),
    Pow: lambda a, b: HIGH.power(a, b),
    exp: HIGH.exp,
    log: HIGH.log,
    Abs: abs,
    Max: max,
    Min: min,
    scalar_sign: HIGH.sign,
}


def components(v: VectorExpr, point: Point, d: int) -> list[Any]:
    """The components of a vector expression at the point, to fifty digits."""
    if isinstance(v, Vector):
        return [high(c) for c in point[v]]
    if isinstance(v, Ones):
        return [HIGH.one] * d
    if isinstance(v, Hadamard):
        rows = [components(f, point, d) for f in v.args]  # type: ignore[arg-type]
        return [HIGH.fprod(column) for column in zip(*rows, strict=True)]
    if isinstance(v, Sign | AbsPower | Unit | Peak):
        return _of_one(v, components(v.inner, point, d), point)
    terms = [(number(c, point, d), components(b, point, d)) for c, b in v.terms()]
    return [HIGH.fsum(c * b[i] for c, b in terms) for i in range(d)]


def _of_one(v: Any, inner: list[Any], point: Point) -> list[Any]:
    if isinstance(v, Sign):
        return [HIGH.sign(c) for c in inner]
    if isinstance(v, AbsPower):
        r = number(v.exponent, point, 0)
        return [abs(c) ** r if c or r else HIGH.zero for c in inner]  # 0^0 is 0 here
    if isinstance(v, Unit):
        return [c / plain_norm(inner, S(2)) for c in inner]
    top = max(map(abs, inner))
    ties = sum(1 for c in inner if abs(c) == top)
    return [HIGH.sign(c) / ties if abs(c) == top else HIGH.zero for c in inner]


def close(a: Any, b: Any) -> bool:
    """Equality up to the rounding of fifty digits."""
    a, b = high(a), high(b)
    return bool(abs(a - b) <= CLOSE * (abs(a) + abs(b) + 1))


def at_most(a: Any, b: Any) -> bool:
    """a <= b up to the rounding of fifty digits."""
    a, b = high(a), high(b)
    return bool(a <= b + CLOSE * (abs(a) + abs(b) + 1))


def plain_norm(v: list[Any], p: Any) -> Any:
    """The p-norm by its definition."""
    sizes = [abs(high(c)) for c in v]
    if p == infinity:
        return max(sizes)
    q = high(S(p))
    return HIGH.fsum(c**q for c in sizes) ** (1 / q)
