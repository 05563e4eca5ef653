"""``Interval``: arrays of closed intervals [lo, hi], each with a mark of being defined.

.. math:: X + Y = [\\underline x + \\underline y,\\ \\overline x + \\overline y], \\qquad
          X Y = [\\min, \\max]\\{\\underline x\\,\\underline y, \\underline x\\,\\overline y,
          \\overline x\\,\\underline y, \\overline x\\,\\overline y\\}.

Members are real numbers; infinite ends mean unbounded.  ``sure`` is true where every operation
so far was certainly defined on the whole interval: log([-1, 1]) is [-inf, inf] and not sure, and
no later operation makes it so again.  NaN becomes [-inf, inf], not sure.  An empty interval has
lo > hi and stays empty.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from numerics.intervals.rounding import Array, down, up

LEAST = 5e-324  # the smallest positive float


class Interval:
    """Intervals of one shape; build them with ``interval``.

    >>> x = interval([0.0, 1.0], [1.0, 2.0])
    >>> (x * x).hi[1] > 4, (x - x).contains(0.0).all()
    (np.True_, np.True_)
    """

    __slots__ = ("hi", "lo", "some_empty", "sure")

    def __init__(self, lo: Array, hi: Array, sure: Any = True, some_empty: bool = False) -> None:
        """Trusted: no NaN and, unless ``some_empty``, lo <= hi."""
        self.lo, self.hi, self.sure, self.some_empty = lo, hi, sure, some_empty

    def __repr__(self) -> str:
        return f"Interval({self.lo!r}, {self.hi!r}, sure={self.sure!r})"

    def is_empty(self) -> Array:
        """Where there is no member."""
        return np.asarray(self.lo > self.hi)

    def contains(self, x: Any) -> Array:
        """Where x is a member."""
        return np.asarray((self.lo <= x) & (x <= self.hi))

    def contains_zero(self) -> Array:
        """Where 0 is a member."""
        return self.contains(0.0)

    def __neg__(self) -> Interval:
        return Interval(-self.hi, -self.lo, self.sure, self.some_empty)

    def __add__(self, other: Interval) -> Interval:
        with np.errstate(all="ignore"):
            lo, hi = self.lo + other.lo, self.hi + other.hi
            # IEEE sums are exact where they are 0: no step there, so signs survive.
            lo, hi = np.where(lo == 0, lo, down(lo)), np.where(hi == 0, hi, up(hi))
            if self.some_empty or other.some_empty:
                return result(lo, hi, self, other)
            return Interval(lo, hi, self.sure & other.sure)  # lo < inf, hi > -inf: no NaN

    def __sub__(self, other: Interval) -> Interval:
        return self + (-other)

    def __mul__(self, other: Interval) -> Interval:
        with np.errstate(all="ignore"):
            return _product(self, other)

    def __truediv__(self, other: Interval) -> Interval:
        """Whole and not sure where the divisor contains 0."""
        return self * reciprocal(other)

    def scaled(self, low: float, high: float) -> Interval:
        """c x for a number c in [low, high] of one sign; the floats are next to each other."""
        if high < 0:
            return (-self).scaled(-high, -low)
        with np.errstate(all="ignore"):
            lo, hi = (
                np.minimum(low * self.lo, high * self.lo),
                np.maximum(low * self.hi, high * self.hi),
            )
            lo, hi = down(lo), up(hi)
            # c > 0: an end that is exactly 0 stays 0.
            return result(np.where(self.lo == 0, 0.0, lo), np.where(self.hi == 0, 0.0, hi), self)

    def hull(self, other: Interval) -> Interval:
        """The smallest interval around both."""
        lo, hi = np.minimum(self.lo, other.lo), np.maximum(self.hi, other.hi)
        empty = self.some_empty and other.some_empty
        return Interval(lo, hi, self.sure & other.sure, empty)

    def intersection(self, other: Interval) -> Interval:
        """The common members, possibly none."""
        lo, hi = np.maximum(self.lo, other.lo), np.minimum(self.hi, other.hi)
        return Interval(lo, hi, self.sure & other.sure, True)

    def __getitem__(self, where: Any) -> Interval:
        """The intervals at some places; a single interval stands for every place."""
        if np.ndim(self.lo) == 0:
            return self
        sure = self.sure if np.ndim(self.sure) == 0 else self.sure[..., where]
        return Interval(self.lo[..., where], self.hi[..., where], sure, self.some_empty)

    def row(self, i: int) -> Interval:
        """Row i of intervals (k, n)."""
        sure = np.broadcast_to(self.sure, np.shape(self.lo))[i]
        return Interval(self.lo[i], self.hi[i], sure, self.some_empty)

    def clip(self, low: float, high: float) -> Interval:
        """The interval within bounds that are known to hold for every member."""
        lo, hi = np.clip(self.lo, low, high), np.clip(self.hi, low, high)
        return Interval(lo, hi, self.sure) if not self.some_empty else result(lo, hi, self)


def interval(lo: Any, hi: Any = None) -> Interval:
    """Intervals from numbers or arrays; NaN ends give [-inf, inf], lo > hi is empty."""
    low = np.asarray(lo, dtype=float)
    high = low if hi is None else np.asarray(hi, dtype=float)
    low, high = np.broadcast_arrays(low, high)
    unknown = np.isnan(low) | np.isnan(high)
    infinite = (low == np.inf) | (high == -np.inf)  # no real number lies there
    low = np.where(unknown, -np.inf, np.where(infinite, np.inf, low))
    high = np.where(unknown, np.inf, np.where(infinite, -np.inf, high))
    return Interval(low, high, ~unknown, bool((low > high).any()))


def result(lo: Array, hi: Array, *operands: Interval, sure: Any = True) -> Interval:
    """An operation's result: empty operands give empty, NaN gives [-inf, inf] and not sure."""
    for x in operands:
        sure = sure & x.sure
    some_empty = any(x.some_empty for x in operands)
    unknown = np.isnan(lo) | np.isnan(hi)
    if unknown.any():
        lo, hi = np.where(unknown, -np.inf, lo), np.where(unknown, np.inf, hi)
        sure = sure & ~unknown
    if some_empty:
        empty = np.zeros(np.shape(lo), dtype=bool)
        for x in operands:
            empty = empty | x.is_empty()
        lo, hi = np.where(empty, np.inf, lo), np.where(empty, -np.inf, hi)
    return Interval(lo, hi, sure, some_empty)


def undefined(where: Array, x: Interval) -> Interval:
    """x, but [-inf, inf] and not sure on ``where``."""
    if not where.any():
        return x
    lo, hi = np.where(where, -np.inf, x.lo), np.where(where, np.inf, x.hi)
    return Interval(lo, hi, x.sure & ~where, x.some_empty)


def _product(x: Interval, y: Interval) -> Interval:
    ends = [a * b for a in (x.lo, x.hi) for b in (y.lo, y.hi)]
    lo = np.minimum(np.minimum(ends[0], ends[1]), np.minimum(ends[2], ends[3]))
    hi = np.maximum(np.maximum(ends[0], ends[1]), np.maximum(ends[2], ends[3]))
    if np.isnan(lo).any():  # 0 times an unbounded end: every member is finite, so 0
        ends = [np.where(np.isnan(e), 0.0, e) for e in ends]
        lo, hi = np.minimum.reduce(ends), np.maximum.reduce(ends)
    lo, hi = down(lo), up(hi)
    if (lo == -LEAST).any() or (hi == LEAST).any():
        lo, hi = _keep_signs(x, y, lo, hi)
    if x.some_empty or y.some_empty:
        return result(lo, hi, x, y)
    return Interval(lo, hi, x.sure & y.sure)  # trusted operands leave no NaN here


def _keep_signs(x: Interval, y: Interval, lo: Array, hi: Array) -> tuple[Array, Array]:
    """Rounding away from 0 must not lose the sign that both factors prove."""
    same = ((x.lo >= 0) & (y.lo >= 0)) | ((x.hi <= 0) & (y.hi <= 0))
    opposite = ((x.lo >= 0) & (y.hi <= 0)) | ((x.hi <= 0) & (y.lo >= 0))
    return np.where(same, np.maximum(lo, 0), lo), np.where(opposite, np.minimum(hi, 0), hi)


def reciprocal(x: Interval) -> Interval:
    """1/x; whole and not sure where x contains 0."""
    with np.errstate(all="ignore"):
        lo, hi = down(1 / x.hi), up(1 / x.lo)
    lo = np.where(x.lo > 0, np.maximum(lo, 0), lo)
    hi = np.where(x.hi < 0, np.minimum(hi, 0), hi)
    return undefined(x.contains_zero(), result(lo, hi, x))
