"""The arithmetic of the search: float64 intervals over many boxes at once.

What this says is a proposal; ``arb_arithmetic`` confirms it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from numerics import intervals as iv
from numerics.intervals import Interval, interval
from numerics.intervals.elementary import PI, E
from numerics.intervals.interval import result, undefined

Array = np.ndarray[Any, Any]


class FloatArithmetic:
    """Operations on ``Interval``; masks are Boolean arrays."""

    true, false = np.True_, np.False_

    def constant(self, x: Fraction) -> Interval:
        return _constant(x)

    def scale(self, c: Fraction, x: Interval) -> Interval:
        """c x for an exact number that is not 0."""
        known = _constant(c)
        return x.scaled(float(known.lo), float(known.hi))

    def unit_columns(self, k: int) -> list[Interval]:
        """The columns (k, 1) of the identity."""
        return [interval(np.eye(k)[:, [i]]) for i in range(k)]

    def named(self, name: str) -> Interval:
        return PI if name == "pi" else E

    def add(self, x: Interval, y: Interval) -> Interval:
        return x + y

    def mul(self, x: Interval, y: Interval) -> Interval:
        return x * y

    def neg(self, x: Interval) -> Interval:
        return -x

    def integer_power(self, x: Interval, n: int) -> Interval:
        return iv.integer_power(x, n)

    def real_power(self, x: Interval, r: Fraction) -> Interval:
        return iv.sqrt(x) if r == Fraction(1, 2) else iv.power(x, self.constant(r))

    def function(self, name: str, x: Interval) -> Interval:
        return iv.apply(name, x)

    def max(self, x: Interval, y: Interval) -> Interval:
        return iv.maximum(x, y)

    def min(self, x: Interval, y: Interval) -> Interval:
        return iv.minimum(x, y)

    def norm(self, components: Sequence[Interval]) -> Interval:
        return iv.norm(components)

    def nowhere(self, x: Interval) -> Interval:
        """Undefined, in the shape of x."""
        return undefined(np.ones(np.shape(x.lo), dtype=bool), x)

    def compare(self, x: Interval, op: str) -> tuple[Any, Any]:
        """(certainly, certainly not) x op 0."""
        known = x.sure & (x.lo <= x.hi)
        above, below = known & (x.lo > 0), known & (x.hi < 0)
        if op == ">":
            return above, known & (x.hi <= 0)
        if op == ">=":
            return known & (x.lo >= 0), below
        zero, apart = known & (x.lo == 0) & (x.hi == 0), above | below
        return (zero, apart) if op == "==" else (apart, zero)

    def choose(self, x: Interval, y: Interval, a: Any, b: Any, smooth: bool) -> Interval:
        """a where x > y, b where x < y; else both, or undefined where ``smooth``."""
        first, second = x.lo > y.hi, x.hi < y.lo
        both = a.hull(b)
        lo = np.where(first, a.lo, np.where(second, b.lo, both.lo))
        hi = np.where(first, a.hi, np.where(second, b.hi, both.hi))
        chosen = result(lo, hi, x, y, sure=both.sure)
        return undefined(~(first | second), chosen) if smooth else chosen

    def ratio(self, x: Interval, length: Interval) -> Interval:
        """x / length, known to lie in [-1, 1]; all of it where the length may be 0."""
        quotient = x / length
        zero = length.contains_zero()
        lo = np.where(zero, -1.0, np.clip(quotient.lo, -1, 1))
        hi = np.where(zero, 1.0, np.clip(quotient.hi, -1, 1))
        return result(lo, hi, x, length)

    def refuse_zero(self, x: Interval, y: Interval) -> Interval:
        """y, undefined where x may be 0."""
        return undefined(np.broadcast_to(x.contains_zero(), np.shape(x.lo + y.lo)), y)

    def piecewise(self, pieces: Sequence[tuple[Interval, Any, Any]]) -> Interval:
        """The hull of the branches that may apply; undefined where none certainly does."""
        n = np.broadcast(
            *(v.lo for v, _, _ in pieces), *(np.asarray(y) for _, y, _ in pieces)
        ).shape
        open_, sure = np.ones(n, dtype=bool), np.ones(n, dtype=bool)
        lo, hi = np.full(n, np.inf), np.full(n, -np.inf)
        for value, yes, no in pieces:
            possible = open_ & np.logical_not(no)
            lo = np.where(possible, np.minimum(lo, value.lo), lo)
            hi = np.where(possible, np.maximum(hi, value.hi), hi)
            sure &= ~possible | value.sure
            open_ &= np.logical_not(yes)
        return undefined(open_ | ~sure | (lo > hi), Interval(lo, hi, sure))

    def only(self, pieces: Sequence[tuple[Interval, Any, Any]]) -> Interval:
        """The branch that certainly applies, all earlier ones being excluded; else undefined."""
        n = np.broadcast(
            *(v.lo for v, _, _ in pieces), *(np.asarray(y) for _, y, _ in pieces)
        ).shape
        excluded, found = np.ones(n, dtype=bool), np.zeros(n, dtype=bool)
        lo, hi, sure = np.full(n, -np.inf), np.full(n, np.inf), np.zeros(n, dtype=bool)
        for value, yes, no in pieces:
            here = excluded & yes & ~found
            lo, hi = np.where(here, value.lo, lo), np.where(here, value.hi, hi)
            sure |= here & value.sure
            found |= here
            excluded &= no
        return undefined(~found, Interval(lo, hi, sure))


@lru_cache(maxsize=4096)
def _constant(x: Fraction) -> Interval:
    try:
        near = float(x)
    except OverflowError:
        return interval(-np.inf, np.inf)
    if Fraction(near) == x:
        return interval(near)
    return interval(np.nextafter(near, -np.inf), np.nextafter(near, np.inf))
