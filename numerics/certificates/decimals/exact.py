"""The same arithmetic with rational ends: exact as long as numbers are rational and not huge.

.. math:: [q, q] + [r, r] = [q + r, q + r], \\qquad \\sqrt{[9/4, 9/4]} = [3/2, 3/2].

Ties, zeros and equal sides at a rational point are therefore decided, not approximated.  Other
functions go through decimals and come back as intervals.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from fractions import Fraction
from math import isqrt
from typing import Any

from numerics.certificates.decimals.intervals import Interval, Intervals

LARGEST = 20_000  # bits of an exact number; beyond it is rounded outwards
_FIXED = {"exp": (0, 1), "log": (1, 0), "sin": (0, 0), "cos": (0, 1), "sinh": (0, 0)}
_FIXED |= {"cosh": (0, 1), "tanh": (0, 0), "atan": (0, 0), "erf": (0, 0)}


def bits(q: Fraction) -> int:
    """The size of a rational number."""
    return q.numerator.bit_length() + q.denominator.bit_length()


class Exact(Intervals):
    """Intervals with Fractions as ends; ``digits`` counts where something has to be rounded."""

    zero = Fraction(0)
    one = Fraction(1)

    def __init__(self, digits: int = 60) -> None:
        super().__init__(digits)
        # Small exponents: as a Fraction 1E-999999 would have a million digits.
        self.rough = Intervals(digits, 2 * digits + 12_000)
        self.most = 8 * digits + 64  # bits of an end that is rounded anyway
        self.flip = operator.neg
        self.add_down = self.add_up = operator.add
        self.mul_down = self.mul_up = operator.mul
        self.div_down = self.div_up = operator.truediv

    def _tidy(self, a: Interval) -> Interval:
        """Round outwards what has grown too long."""
        limit = LARGEST if a[0] == a[1] else self.most
        if max(bits(a[0]), bits(a[1])) <= limit:
            return a
        return self._back(self.rough.between(a[0], a[1]))

    def _back(self, a: Interval) -> Interval:
        return Fraction(a[0]), Fraction(a[1])

    def _through(self, name: str, a: Interval, *rest: Any) -> Interval:
        """A function of decimals."""
        start = _FIXED.get(name)
        if start is not None and a[0] == a[1] == start[0]:
            return Fraction(start[1]), Fraction(start[1])
        method = getattr(self.rough, name)
        return self._back(method(self.rough.between(a[0], a[1]), *rest))

    def constant(self, q: Fraction) -> Interval:
        return q, q

    def between(self, low: Fraction, high: Fraction) -> Interval:
        return low, high

    def add(self, a: Interval, b: Interval) -> Interval:
        return self._tidy(super().add(a, b))

    def mul(self, a: Interval, b: Interval) -> Interval:
        return self._tidy(super().mul(a, b))

    def div(self, a: Interval, b: Interval) -> Interval:
        return self._tidy(super().div(a, b))

    def linear(
        self, values: Sequence[Interval], scale: Sequence[Interval], c: Interval
    ) -> Interval:
        for value, factor in zip(values, scale, strict=True):
            c = self.add(c, self.mul(value, factor))
        return c

    def powi(self, a: Interval, n: int) -> Interval:
        if max(bits(a[0]), bits(a[1])) * abs(n) > LARGEST:
            return self._through("powi", a, n)
        return self._tidy(super().powi(a, n))

    def powq(self, a: Interval, q: Fraction) -> Interval:
        exact = _rational_power(a[0], q) if a[0] == a[1] and a[0] > 0 else None
        return self._through("powq", a, q) if exact is None else (exact, exact)

    def sqrt(self, a: Interval) -> Interval:
        exact = _root(a[0], 2) if a[0] == a[1] and a[0] >= 0 else None
        return self._through("sqrt", a) if exact is None else (exact, exact)

    def exp(self, a: Interval) -> Interval:
        return self._through("exp", a)

    def log(self, a: Interval) -> Interval:
        return self._through("log", a)

    def sin(self, a: Interval) -> Interval:
        return self._through("sin", a)

    def cos(self, a: Interval) -> Interval:
        return self._through("cos", a)

    def sinh(self, a: Interval) -> Interval:
        return self._through("sinh", a)

    def cosh(self, a: Interval) -> Interval:
        return self._through("cosh", a)

    def tanh(self, a: Interval) -> Interval:
        return self._through("tanh", a)

    def atan(self, a: Interval) -> Interval:
        return self._through("atan", a)

    def erf(self, a: Interval) -> Interval:
        return self._through("erf", a)

    def pi(self) -> Interval:
        return self._back(self.rough.pi())


def _rational_power(x: Fraction, q: Fraction) -> Fraction | None:
    """x^q for x > 0 where it is rational and of moderate size."""
    if abs(q.numerator) * bits(x) > LARGEST:
        return None
    root = _root(x, q.denominator)
    return None if root is None else root**q.numerator


def _root(x: Fraction, k: int) -> Fraction | None:
    """The k-th root where it is rational."""
    top, bottom = _whole_root(x.numerator, k), _whole_root(x.denominator, k)
    return None if top is None or bottom is None else Fraction(top, bottom)


def _whole_root(n: int, k: int) -> int | None:
    """The k-th root of n >= 0 where it is whole, by bisection on its bits."""
    if k == 2:
        root = isqrt(n)
    elif k > 64 or n.bit_length() > LARGEST:
        return None
    else:
        root = 0
        for shift in range(n.bit_length() // k, -1, -1):
            larger = root | 1 << shift
            root = larger if larger**k <= n else root
    return root if root**k == n else None


def decimal(q: Fraction, digits: int = 12) -> str:
    """A short form for people: str of a long Fraction may be refused by the interpreter."""
    return str(Intervals(digits).constant(q)[0])
