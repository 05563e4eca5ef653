"""First and second derivatives of the functions of one variable, in any arithmetic.

.. math:: \\tanh' = 1 - \\tanh^2, \\qquad \\operatorname{erf}'(x) = 2 e^{-x^2}/\\sqrt\\pi,
          \\qquad |x|' = \\operatorname{sign} x.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

Slopes = tuple[Any, Any]


def function_slopes(a: Any, name: str, v: Any, x: Any, order: int) -> Slopes:
    """(f'(x), f''(x)) of a named function with value v; the second is 0 in order 1."""
    slope, curve = RULES[name](_Terms(a), v, x, order)
    return slope, curve if order == 2 else 0


def power_slopes(a: Any, r: Fraction, x: Any, order: int) -> Slopes:
    """(r x^(r-1), r (r-1) x^(r-2))."""
    slope = a.mul(a.constant(r), power(a, x, r - 1))
    if order == 1:
        return slope, 0
    if r * (r - 1) == 0:
        return slope, 0
    return slope, a.mul(a.constant(r * (r - 1)), power(a, x, r - 2))


def power(a: Any, x: Any, r: Fraction) -> Any:
    """x^r for an exact r."""
    return a.integer_power(x, int(r)) if r.denominator == 1 else a.real_power(x, r)


class _Terms:
    """Short names for an arithmetic."""

    def __init__(self, a: Any) -> None:
        self.a = a

    def times(self, *factors: Any) -> Any:
        result = self.number(factors[0])
        for f in factors[1:]:
            result = self.a.mul(result, self.number(f))
        return result

    def plus(self, x: Any, y: Any) -> Any:
        return self.a.add(self.number(x), self.number(y))

    def number(self, x: Any) -> Any:
        return self.a.constant(Fraction(x)) if isinstance(x, int | Fraction) else x


def _exp(t: _Terms, v: Any, x: Any, order: int) -> Slopes:
    return v, v


def _log(t: _Terms, v: Any, x: Any, order: int) -> Slopes:
    positive = t.a.integer_power(x, -1)
    return positive, t.times(-1, t.a.integer_power(positive, 2)) if order == 2 else 0


def _tanh(t: _Terms, v: Any, x: Any, order: int) -> Slopes:
    slope = t.plus(1, t.times(-1, t.a.integer_power(v, 2)))
    return slope, t.times(-2, v, slope) if order == 2 else 0


def _sinh(t: _Terms, v: Any, x: Any, order: int) -> Slopes:
    return t.a.function("cosh", x), v


def _cosh(t: _Terms, v: Any, x: Any, order: int) -> Slopes:
    return t.a.function("sinh", x), v


def _sin(t: _Terms, v: Any, x: Any, order: int) -> Slopes:
    return t.a.function("cos", x), t.a.neg(v)


def _cos(t: _Terms, v: Any, x: Any, order: int) -> Slopes:
    return t.a.neg(t.a.function("sin", x)), t.a.neg(v)


def _atan(t: _Terms, v: Any, x: Any, order: int) -> Slopes:
    slope = t.a.integer_power(t.plus(1, t.a.integer_power(x, 2)), -1)
    return slope, t.times(-2, x, t.a.integer_power(slope, 2)) if order == 2 else 0


def _erf(t: _Terms, v: Any, x: Any, order: int) -> Slopes:
    bell = t.a.function("exp", t.a.neg(t.a.integer_power(x, 2)))
    root = t.a.real_power(t.a.named("pi"), Fraction(-1, 2))
    slope = t.times(2, root, bell)
    return slope, t.times(-2, x, slope) if order == 2 else 0


def _absolute(t: _Terms, v: Any, x: Any, order: int) -> Slopes:
    zero, one = t.number(0), t.number(1)
    slope = t.a.choose(x, zero, one, t.number(-1), order == 2)
    return slope, t.a.refuse_zero(x, zero)


def _sign(t: _Terms, v: Any, x: Any, order: int) -> Slopes:
    flat = t.a.refuse_zero(x, t.number(0))
    return flat, flat


RULES = {
    "Abs": _absolute,
    "atan": _atan,
    "cos": _cos,
    "cosh": _cosh,
    "erf": _erf,
    "exp": _exp,
    "log": _log,
    "sign": _sign,
    "sin": _sin,
    "sinh": _sinh,
    "tanh": _tanh,
}
