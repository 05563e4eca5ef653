"""Elementary functions of intervals: ends of monotone pieces, widened by the library's error.

.. math:: f(X) \\subseteq [f(\\underline x) - e,\\ f(\\overline x) + e]
          \\quad\\text{for non-decreasing } f.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import special

from numerics.intervals.interval import Interval, interval, reciprocal, result, undefined
from numerics.intervals.rounding import Array, down, up, well_above, well_below
from numerics.intervals.waves import cos, sin

PI = interval(np.nextafter(np.pi, 3), np.nextafter(np.pi, 4))
E = interval(np.nextafter(np.e, 2), np.nextafter(np.e, 3))


def _increasing(f: Callable[[Array], Array], x: Interval) -> Interval:
    with np.errstate(all="ignore"):
        return result(well_below(f(x.lo)), well_above(f(x.hi)), x)


def _odd(f: Callable[[Array], Array], x: Interval) -> Interval:
    """A non-decreasing odd function keeps the signs of the ends."""
    y = _increasing(f, x)
    y.lo = np.where((x.lo >= 0) & (y.lo < 0), 0.0, y.lo)
    y.hi = np.where((x.hi <= 0) & (y.hi > 0), 0.0, y.hi)
    return y


def exp(x: Interval) -> Interval:
    """exp."""
    y = _increasing(np.exp, x)
    y.lo = np.maximum(y.lo, 0.0)
    return y


def log(x: Interval) -> Interval:
    """log; whole and not sure where x is not above 0."""
    above_one = x.lo >= 1
    y = _increasing(lambda t: np.log(np.maximum(t, 0)), x)
    y.lo = np.where(above_one & (y.lo < 0), 0.0, y.lo)
    y.hi = np.where((x.hi <= 1) & (y.hi > 0), 0.0, y.hi)
    return undefined(_not(x.lo > 0, x), y)


def _not(defined: Array, x: Interval) -> Array:
    """Where a domain is left; an empty interval leaves none."""
    return ~(defined | x.is_empty()) if x.some_empty else ~defined


def sqrt(x: Interval) -> Interval:
    """The square root; whole and not sure where x has negative members."""
    with np.errstate(all="ignore"):
        lo = np.maximum(down(np.sqrt(np.maximum(x.lo, 0))), 0)
        hi = np.where(x.hi == 0, 0.0, up(np.sqrt(np.maximum(x.hi, 0))))
    return undefined(_not(x.lo >= 0, x), result(lo, hi, x))


def absolute(x: Interval) -> Interval:
    """|x|, exactly."""
    lo = np.maximum(np.maximum(x.lo, -x.hi), 0.0)
    return result(lo, np.maximum(-x.lo, x.hi), x)


def sign(x: Interval) -> Interval:
    """The sign, with sign(0) = 0."""
    return result(np.sign(x.lo), np.sign(x.hi), x)


def maximum(x: Interval, y: Interval) -> Interval:
    """The larger one, exactly."""
    return result(np.maximum(x.lo, y.lo), np.maximum(x.hi, y.hi), x, y)


def minimum(x: Interval, y: Interval) -> Interval:
    """The smaller one, exactly."""
    return result(np.minimum(x.lo, y.lo), np.minimum(x.hi, y.hi), x, y)


def tanh(x: Interval) -> Interval:
    """tanh, within [-1, 1]."""
    return _odd(np.tanh, x).clip(-1.0, 1.0)


def erf(x: Interval) -> Interval:
    """The error function, within [-1, 1]."""
    return _odd(special.erf, x).clip(-1.0, 1.0)


def sinh(x: Interval) -> Interval:
    """sinh."""
    return _odd(np.sinh, x)


def atan(x: Interval) -> Interval:
    """The arc tangent."""
    return _odd(np.arctan, x)


def cosh(x: Interval) -> Interval:
    """cosh, at least 1."""
    y = _increasing(np.cosh, absolute(x))
    y.lo = np.maximum(y.lo, 1.0)
    return y


def integer_power(x: Interval, n: int) -> Interval:
    """x^n for an integer; x^0 is 1; a negative n needs an x without 0."""
    if n == 0:
        return result(np.ones_like(x.lo), np.ones_like(x.lo), x)
    if n < 0:
        return reciprocal(integer_power(x, -n))
    if n == 1:
        return x
    if n % 2 == 0:
        return _power_of_positive(absolute(x), n)
    return _odd(lambda t: np.power(t, float(n)), x)


def _power_of_positive(x: Interval, n: int) -> Interval:
    if n == 2:
        with np.errstate(all="ignore"):
            lo = np.maximum(down(x.lo * x.lo), 0)
            return result(lo, np.where(x.hi == 0, 0.0, up(x.hi * x.hi)), x)
    y = _increasing(lambda t: np.power(t, float(n)), x)
    y.lo, y.hi = np.maximum(y.lo, 0.0), np.where(x.hi == 0, 0.0, y.hi)
    return y


def power(x: Interval, e: Interval) -> Interval:
    """x^e for x > 0, or x >= 0 and e > 0: extreme at the corners, being monotone in each."""
    with np.errstate(all="ignore"):
        ends = [np.power(np.maximum(a, 0), b) for a in (x.lo, x.hi) for b in (e.lo, e.hi)]
        lo, hi = (
            np.minimum.reduce(np.broadcast_arrays(*ends)),
            np.maximum.reduce(np.broadcast_arrays(*ends)),
        )
        y = result(np.maximum(well_below(lo), 0.0), np.where(x.hi == 0, 0.0, well_above(hi)), x, e)
    outside = ~((x.lo > 0) | ((x.lo >= 0) & (e.lo > 0)))
    unbounded = np.isinf(e.lo) | np.isinf(e.hi)  # 1^inf has no corner
    if x.some_empty or e.some_empty:
        empty = x.is_empty() | e.is_empty()
        outside, unbounded = outside & ~empty, unbounded & ~empty
    y.lo, y.hi = np.where(unbounded, 0.0, y.lo), np.where(unbounded, np.inf, y.hi)
    return undefined(outside, y)


FUNCTIONS: dict[str, Callable[[Interval], Interval]] = {
    "Abs": absolute,
    "atan": atan,
    "cos": cos,
    "cosh": cosh,
    "erf": erf,
    "exp": exp,
    "log": log,
    "sign": sign,
    "sin": sin,
    "sinh": sinh,
    "sqrt": sqrt,
    "tanh": tanh,
}


def apply(name: str, x: Interval) -> Any:
    """The function of that name.

    >>> bool(apply("exp", interval(0.0, 1.0)).contains(2.718281828459045))
    True
    """
    return FUNCTIONS[name](x)
