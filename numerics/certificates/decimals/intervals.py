"""Intervals with decimal ends, rounded outwards; what is undefined has no interval.

.. math:: \\{x \\circ y : x \\in [a, b],\\ y \\in [c, d]\\}
          \\subseteq [\\underline r, \\overline r].

Both ends are always finite numbers: an operation that has no finite enclosure raises `Undefined`
or an ArithmeticError of `decimal` (overflow), so no NaN and no infinity can be an end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import (
    ROUND_CEILING,
    ROUND_FLOOR,
    Context,
    Decimal,
    DivisionByZero,
    FloatOperation,
    InvalidOperation,
    Overflow,
)
from fractions import Fraction
from functools import reduce
from typing import Any

from numerics.certificates.decimals import functions

Interval = tuple[Any, Any]  # (lower, upper), two Decimals or two Fractions


class Undefined(Exception):
    """An operation that is undefined, unbounded or undecided somewhere on the interval."""


def _context(digits: int, rounding: str, exponent: int) -> Context:
    """A context of our own: the global one may round, trap or lie as anyone left it."""
    traps = [Overflow, InvalidOperation, DivisionByZero, FloatOperation]
    return Context(digits, rounding, -exponent, exponent, clamp=0, flags=[], traps=traps)


class Intervals:
    """Interval arithmetic with ``digits`` decimal digits."""

    zero: Any = Decimal(0)
    one: Any = Decimal(1)

    def __init__(self, digits: int = 40, exponent: int = 999_999) -> None:
        self.digits = digits
        self.down = _context(digits, ROUND_FLOOR, exponent)
        self.up = _context(digits, ROUND_CEILING, exponent)
        # Plain attributes, because these run millions of times.  Signs flip exactly: unary
        # minus of a Decimal would round in the global context.
        self.flip: Callable[[Any], Any] = Decimal.copy_negate
        self.add_down, self.add_up = self.down.add, self.up.add
        self.mul_down, self.mul_up = self.down.multiply, self.up.multiply
        self.div_down, self.div_up = self.down.divide, self.up.divide
        self.fma_down, self.fma_up = self.down.fma, self.up.fma

    def constant(self, q: Fraction) -> Interval:
        """The thinnest interval around a rational number."""
        top, bottom = Decimal(q.numerator), Decimal(q.denominator)
        return self.down.divide(top, bottom), self.up.divide(top, bottom)

    def between(self, low: Fraction, high: Fraction) -> Interval:
        """The interval from one rational number to another."""
        return self.constant(low)[0], self.constant(high)[1]

    def add(self, a: Interval, b: Interval) -> Interval:
        return self.add_down(a[0], b[0]), self.add_up(a[1], b[1])

    def neg(self, a: Interval) -> Interval:
        return self.flip(a[1]), self.flip(a[0])

    def sub(self, a: Interval, b: Interval) -> Interval:
        return self.add(a, self.neg(b))

    def mul(self, a: Interval, b: Interval) -> Interval:
        """The product, by the signs of the factors."""
        (p, q), (r, s), zero = a, b, self.zero
        down, up = self.mul_down, self.mul_up
        if p >= zero:
            return down(p if r >= zero else q, r), up(q if s >= zero else p, s)
        if q <= zero:
            return down(p if s >= zero else q, s), up(q if r >= zero else p, r)
        if r >= zero:
            return down(p, s), up(q, s)
        if s <= zero:
            return down(q, r), up(p, r)
        return min(down(p, s), down(q, r)), max(up(p, r), up(q, s))

    def div(self, a: Interval, b: Interval) -> Interval:
        """The quotient by an interval without 0."""
        (p, q), (r, s), zero = a, b, self.zero
        down, up = self.div_down, self.div_up
        if r > zero:
            return down(p, s if p >= zero else r), up(q, r if q >= zero else s)
        if s < zero:
            return self.div(self.neg(a), self.neg(b))
        raise Undefined("division by an interval that contains 0")

    def linear(
        self, values: Sequence[Interval], scale: Sequence[Interval], c: Interval
    ) -> Interval:
        """c + sum of scale_i values_i, for scales of one strict sign."""
        (low, high), zero, down, up = c, self.zero, self.fma_down, self.fma_up
        for (a, b), (s, t) in zip(values, scale, strict=True):
            if s < zero:  # decreasing: the upper end gives the lower bound
                a, b = b, a
            low = down(s if a >= zero else t, a, low)
            high = up(t if b >= zero else s, b, high)
        return low, high

    def powi(self, a: Interval, n: int) -> Interval:
        """An integer power; x^0 is 1."""
        if n < 0:
            return self.div((self.one, self.one), self.powi(a, -n))
        if n % 2 == 0:
            a = self.abs(a)
        (p, q), zero, flip = a, self.zero, self.flip
        low = self._power(p, n, False) if p >= zero else flip(self._power(flip(p), n, True))
        high = self._power(q, n, True) if q >= zero else flip(self._power(flip(q), n, False))
        return low, high

    def _power(self, x: Any, n: int, upper: bool) -> Any:
        """x^n of an end x >= 0 by repeated squaring, every product rounded the same way."""
        mul, result = (self.mul_up if upper else self.mul_down), self.one
        while n:
            result = mul(result, x) if n & 1 else result
            n >>= 1
            x = mul(x, x) if n else x
        return result

    def powq(self, a: Interval, q: Fraction) -> Interval:
        """A power that is no integer, of a number >= 0."""
        if a[0] < self.zero:
            raise Undefined("a power that is no integer of a negative number")
        if q < 0:
            return self.div((self.one, self.one), self.powq(a, -q))
        if q.denominator == 2:
            return self.powi(self.sqrt(a), q.numerator)
        scale = self.constant(q)
        ends = [self._powq(x, scale) if x > self.zero else (self.zero, self.zero) for x in a]
        return ends[0][0], ends[1][1]

    def _powq(self, x: Any, scale: Interval) -> Interval:
        return self.exp(self.mul(scale, self.log((x, x))))

    def power(self, a: Interval, b: Interval) -> Interval:
        """a^b = exp(b log a) for a > 0."""
        return self.exp(self.mul(b, self.log(a)))

    def sqrt(self, a: Interval) -> Interval:
        """Each end is verified by squaring, else moved by one unit in the last place."""
        if a[0] < self.zero:
            raise Undefined("the root of a negative number")
        low, high = self.down.sqrt(a[0]), self.up.sqrt(a[1])
        if self.mul_up(low, low) > a[0]:
            low = self.down.next_minus(low)
        if self.mul_down(high, high) < a[1]:
            high = self.up.next_plus(high)
        return low, high

    def exp(self, a: Interval) -> Interval:
        """Decimal rounds exp to nearest whatever the context says: one unit more on each side."""
        low = self.down.next_minus(self.down.exp(a[0])) if a[0] != 0 else self.one
        high = self.up.next_plus(self.up.exp(a[1])) if a[1] != 0 else self.one
        return max(low, self.zero), high

    def log(self, a: Interval) -> Interval:
        if a[0] <= self.zero:
            raise Undefined("the logarithm of a number that is not positive")
        low = self.down.next_minus(self.down.ln(a[0])) if a[0] != 1 else self.zero
        high = self.up.next_plus(self.up.ln(a[1])) if a[1] != 1 else self.zero
        return low, high

    def abs(self, a: Interval) -> Interval:
        if a[0] >= self.zero:
            return a
        flipped = self.neg(a)
        return flipped if a[1] <= self.zero else (self.zero, max(flipped[1], a[1]))

    def sign(self, a: Interval) -> Interval:
        """sign(0) = 0."""
        return self._sign(a[0]), self._sign(a[1])

    def _sign(self, x: Any) -> Any:
        if x == self.zero:
            return self.zero
        return self.one if x > self.zero else self.flip(self.one)

    def max(self, *parts: Interval) -> Interval:
        return max(p[0] for p in parts), max(p[1] for p in parts)

    def min(self, *parts: Interval) -> Interval:
        return min(p[0] for p in parts), min(p[1] for p in parts)

    def hull(self, *parts: Interval) -> Interval:
        return min(p[0] for p in parts), max(p[1] for p in parts)

    def meet(self, a: Interval, b: Interval) -> Interval:
        """The intersection of two enclosures of one number."""
        return max(a[0], b[0]), min(a[1], b[1])

    def sum(self, parts: Sequence[Interval]) -> Interval:
        return reduce(self.add, parts, (self.zero, self.zero))

    def norm(self, parts: Sequence[Interval], p: Fraction) -> Interval:
        """(sum |v_i|^p)^(1/p)."""
        if p == 2:
            return self.sqrt(self.sum([self.powi(v, 2) for v in parts]))
        total = self.sum([self.rational_power(self.abs(v), p) for v in parts])
        return self.rational_power(total, 1 / p)

    def rational_power(self, a: Interval, q: Fraction) -> Interval:
        """a^q for any rational number q."""
        return self.powi(a, q.numerator) if q.denominator == 1 else self.powq(a, q)

    def signed_power(self, a: Interval, q: Fraction) -> Interval:
        """sign(x) |x|^q for q > 0, which increases."""
        ends = [self.rational_power(self.abs((x, x)), q) for x in a]
        low = ends[0] if a[0] >= self.zero else self.neg(ends[0])
        high = ends[1] if a[1] >= self.zero else self.neg(ends[1])
        return low[0], high[1]

    def sin(self, a: Interval) -> Interval:
        return functions.sin(self, a)

    def cos(self, a: Interval) -> Interval:
        return functions.cos(self, a)

    def sinh(self, a: Interval) -> Interval:
        return functions.sinh(self, a)

    def cosh(self, a: Interval) -> Interval:
        return functions.cosh(self, a)

    def tanh(self, a: Interval) -> Interval:
        return functions.tanh(self, a)

    def atan(self, a: Interval) -> Interval:
        return functions.atan(self, a)

    def erf(self, a: Interval) -> Interval:
        return functions.erf(self, a)

    def pi(self) -> Interval:
        return functions.pi(self)
