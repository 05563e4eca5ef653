"""``Range``: an outward-rounded interval [lo, hi] whose ends may be infinite.

Arb balls are centred, so they cannot say [10, oo). A ``Range`` can, and evaluates functions at its
ends with outward rounding; an operation that is not provably defined on it raises inside and
``range_of`` returns ``None``.

    >>> from sympy import Symbol, exp
    >>> z = Symbol("z")
    >>> range_of(1 / (1 + exp(z)), {z: Range(10, None)}).hi < 1e-4
    True
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
from flint import arb, ctx

from theory.enclosure.balls import BallEvaluator, to_ball
from theory.enclosure.evaluate import Evaluator, Undefined, Unsupported

INF = arb.pos_inf()


@dataclass(frozen=True, init=False, eq=False)
class Range:
    """All reals from ``lo`` to ``hi``; ``None`` means unbounded on that side."""

    lo: arb
    hi: arb

    def __init__(self, lo: Any = None, hi: Any = None):
        low = -INF if lo is None else to_ball(lo).lower()
        high = INF if hi is None else to_ball(hi).upper()
        if low.is_nan() or high.is_nan() or low > high:
            raise Undefined("an interval with undefined or reversed ends")
        object.__setattr__(self, "lo", low)
        object.__setattr__(self, "hi", high)

    def contains(self, x: Any) -> bool:
        """Does the range certainly contain ``x``?"""
        ball = to_ball(x)
        return bool(self.lo <= ball) and bool(ball <= self.hi)


def _product(a: arb, b: arb) -> arb:
    """End-point product; 0 times an unbounded end is 0, since every member is finite."""
    return arb(0) if a.is_zero() or b.is_zero() else a * b


def _end_power(x: arb, n: int) -> arb:
    """A positive power of an end; flint calls powers of infinity undefined."""
    if x.is_finite():
        return x**n
    return INF if x > 0 or n % 2 == 0 else -INF


class RangeEvaluator(Evaluator):
    """Interval arithmetic on ``Range`` at the precision of flint's context."""

    def coerce(self, value: Any) -> Range:
        return value if isinstance(value, Range) else Range(value, value)

    def constant(self, expr: sp.Expr) -> Range:
        return self.coerce(BallEvaluator({}).constant(expr))

    def checked(self, value: Range) -> Range:
        return value

    def add(self, a: Range, b: Range) -> Range:
        return Range(a.lo + b.lo, a.hi + b.hi)

    def mul(self, a: Range, b: Range) -> Range:
        products = [_product(x, y) for x in (a.lo, a.hi) for y in (b.lo, b.hi)]
        return _enclosing(products)

    def maximum(self, a: Range, b: Range) -> Range:
        return Range(a.lo.max(b.lo), a.hi.max(b.hi))

    def minimum(self, a: Range, b: Range) -> Range:
        return Range(a.lo.min(b.lo), a.hi.min(b.hi))

    def union(self, a: Range, b: Range) -> Range:
        return Range(a.lo.min(b.lo), a.hi.max(b.hi))

    def power(self, a: Range, n: int) -> Range:
        if n == 0:
            return self.coerce(1)
        if n < 0:
            return self._reciprocal(self.power(a, -n))
        if n % 2 or a.lo >= 0:
            return Range(_end_power(a.lo, n), _end_power(a.hi, n))
        if a.hi <= 0:
            return Range(_end_power(a.hi, n), _end_power(a.lo, n))
        return Range(0, _end_power(a.lo.abs_upper().max(a.hi.abs_upper()), n))

    def _reciprocal(self, a: Range) -> Range:
        if not (a.lo > 0 or a.hi < 0):
            raise Undefined("division by an interval that contains zero")
        return Range(1 / a.hi, 1 / a.lo)

    def root_power(self, a: Range, p: int, q: int, nonnegative: bool) -> Range:
        return self.general_power(a, self.coerce(sp.Rational(p, q)), nonnegative)

    def general_power(self, a: Range, e: Range, nonnegative: bool) -> Range:
        if a.lo > 0:
            return self.apply("exp", self.mul(self.apply("log", a), e))
        if e.lo > 0 and (a.lo >= 0 or (nonnegative and a.hi >= 0)):
            top = Range(0, 0) if a.hi.is_zero() else self.general_power(Range(a.hi, a.hi), e, True)
            return Range(0, top.hi)
        raise Undefined("a power whose base is not provably positive")

    def apply(self, name: str, a: Range) -> Range:
        if name == "log" and not a.lo > 0:
            if a.lo >= 0 and a.hi > 0:
                raise Undefined("the logarithm of an interval that touches zero")
            raise Undefined("the logarithm of an interval with nonpositive members")
        if name in INCREASING:
            return Range(INCREASING[name](a.lo), INCREASING[name](a.hi))
        if name in ("Abs", "cosh"):
            low = arb(0) if a.lo <= 0 <= a.hi else a.lo.abs_lower().min(a.hi.abs_lower())
            high = a.lo.abs_upper().max(a.hi.abs_upper())
            return Range(low, high) if name == "Abs" else Range(low.cosh(), high.cosh())
        if name in ("sin", "cos"):
            return self._wave(name, a)
        if name in ("tan", "coth", "sech", "csch", "asin", "acos", "acosh", "atanh", "erfc"):
            return self._through_ball(name, a)
        raise Unsupported(f"enclosure: no range arithmetic for {name}")

    def _wave(self, name: str, a: Range) -> Range:
        if not (a.lo.is_finite() and a.hi.is_finite()):
            return Range(-1, 1)
        return self.minimum(self.maximum(self._through_ball(name, a), Range(-1, -1)), Range(1, 1))

    def _through_ball(self, name: str, a: Range) -> Range:
        if not (a.lo.is_finite() and a.hi.is_finite()):
            raise Undefined(f"{name} on an unbounded interval")
        value = getattr(a.lo.union(a.hi), name)()
        if not value.is_finite():
            raise Undefined(f"{name} is not provably defined on the interval")
        return Range(value, value)

    def heaviside(self, a: Range, at_zero: Range) -> Range:
        if a.lo > 0:
            return self.coerce(1)
        return self.coerce(0) if a.hi < 0 else self.union(Range(0, 1), at_zero)

    def compare(self, a: Range, b: Range) -> frozenset[int]:
        if a.lo > b.hi:
            return frozenset({1})
        if a.hi < b.lo:
            return frozenset({-1})
        equal = a.lo.is_exact() and a.lo == a.hi and b.lo == b.hi and a.lo == b.lo
        signs = {0} if equal else {-1, 0, 1}
        if a.lo >= b.hi:
            signs.discard(-1)
        if a.hi <= b.lo:
            signs.discard(1)
        return frozenset(signs)


def _enclosing(values: list[arb]) -> Range:
    if any(v.is_nan() for v in values):
        raise Undefined("an undefined product")
    low, high = values[0].lower(), values[0].upper()
    for v in values[1:]:
        low, high = low.min(v.lower()), high.max(v.upper())
    return Range(low, high)


def _exp(x: arb) -> arb:
    if x.is_finite():
        return x.exp()
    return INF if x > 0 else arb(0)


def _odd_limit(name: str, limit: Callable[[], arb]) -> Callable[[arb], arb]:
    def at(x: arb) -> arb:
        if x.is_finite():
            return getattr(x, name)()
        return limit() if x > 0 else -limit()

    return at


def _sgn(x: arb) -> arb:
    return arb(int(x > 0) - int(x < 0))


INCREASING: dict[str, Callable[[arb], arb]] = {
    "exp": _exp,
    "log": lambda x: x.log() if x.is_finite() else INF,
    "tanh": _odd_limit("tanh", lambda: arb(1)),
    "erf": _odd_limit("erf", lambda: arb(1)),
    "atan": _odd_limit("atan", lambda: arb.pi() / 2),
    "sinh": _odd_limit("sinh", lambda: INF),
    "asinh": _odd_limit("asinh", lambda: INF),
    "sign": _sgn,
}


def range_of(expr: sp.Expr, values: Mapping[sp.Symbol, Any], bits: int = 128) -> Range | None:
    """A range that contains ``expr`` on the whole of ``values``; ``None``: not provably defined."""
    with ctx.workprec(bits):
        try:
            return RangeEvaluator(values)(sp.sympify(expr))
        except (Undefined, ZeroDivisionError):
            return None
