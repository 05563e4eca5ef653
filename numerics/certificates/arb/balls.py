"""Intervals whose two ends are Arb balls: fast, and exact at ends that are binary numbers.

.. math:: (L, U) \\text{ stands for } [\\inf L, \\sup U]; \\qquad
          f \\uparrow \\;\\Rightarrow\\; f((L, U)) = (f(L), f(U)).

One ball around a whole box would lose at the ends: [0, 1/3] would reach below zero.  Comparisons
of balls are certain; whatever is not finite is undefined.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flint import arb, fmpq

from numerics.certificates.arb.intervals import Interval, Intervals, Value

_O = arb(0)


def _finite(low: arb, high: arb) -> Value:
    return (low, high) if low.is_finite() and high.is_finite() else None


def _increasing(f: Callable[[arb], arb]) -> Callable[..., Value]:
    def apply(self: Balls, _: Any, args: Sequence[Interval]) -> Value:
        ((low, high),) = args
        return _finite(f(low), f(high))

    return apply


def _oscillating(f: Callable[[arb], arb]) -> Callable[..., Value]:
    """sin and cos: one ball around the whole interval, which Arb cuts to [-1, 1]."""

    def apply(self: Balls, _: Any, args: Sequence[Interval]) -> Value:
        ((low, high),) = args
        ball = f(low if low is high else low.union(high))
        return _finite(ball.lower(), ball.upper())  # thin ends: a wide one would spoil squares

    return apply


class Balls(Intervals):
    """Interval arithmetic at the current working precision of flint."""

    def __init__(self) -> None:
        self.one, self.zero = self.const(fmpq(1)), (_O, _O)
        self.unit = (arb(-1), arb(1))

    def positive(self, a: Interval) -> bool:
        return a[0] > _O

    def negative(self, a: Interval) -> bool:
        return a[1] < _O

    def nonnegative(self, a: Interval) -> bool:
        return a[0] >= _O

    def nonpositive(self, a: Interval) -> bool:
        return a[1] <= _O

    def is_zero(self, a: Interval) -> bool:
        return a[0].is_zero() and a[1].is_zero()

    def hull(self, a: Interval, b: Interval) -> Interval:
        return a[0].min(b[0]), a[1].max(b[1])

    def const(self, value: fmpq) -> Interval:
        ball = arb(value)
        return ball, ball

    def between(self, low: fmpq, high: fmpq) -> Interval:
        """[low, high], rounded outwards."""
        return arb(low), arb(high)

    def named(self, name: str, _: Any) -> Value:
        """pi and E; nothing else is a real number."""
        known = {"pi": arb.pi, "E": arb.const_e}
        if name not in known:
            return None
        ball = known[name]()
        return ball, ball

    def prepare(self, op: str, extra: Any) -> Any:
        """Coefficients as balls, with 0 for 1 and None for -1, which need no product."""
        if op != "lin":
            return extra
        start, factors = extra
        marks = [(0, _O) if c == 1 else (1, _O) if c == -1 else (2, arb(c)) for c in factors]
        return arb(start), [(k, c, c >= _O) for k, c in marks]

    def lin(self, extra: Any, args: Sequence[Interval]) -> Interval:
        low, factors = extra
        high = low
        for (kind, c, upward), (a, b) in zip(factors, args, strict=True):
            if kind == 0:
                low, high = low + a, high + b
            elif kind == 1:
                low, high = low - b, high - a
            elif upward:
                low, high = low + c * a, high + c * b
            else:
                low, high = low + c * b, high + c * a
        return low, high

    def plus(self, a: Interval, b: Interval) -> Interval:
        return a[0] + b[0], a[1] + b[1]

    def minus(self, a: Interval, b: Interval) -> Interval:
        return a[0] - b[1], a[1] - b[0]

    def scaled(self, c: fmpq, a: Interval) -> Interval:
        factor = arb(c)
        return (factor * a[0], factor * a[1]) if c >= 0 else (factor * a[1], factor * a[0])

    def mul(self, _: Any, args: Sequence[Interval]) -> Interval:
        (a, b), (c, d) = args
        if a >= _O:
            if c >= _O:
                return a * c, b * d
            return (b * c, a * d) if d <= _O else (b * c, b * d)
        if b <= _O:
            if c >= _O:
                return a * d, b * c
            return (b * d, a * c) if d <= _O else (a * d, a * c)
        if c >= _O:
            return a * d, b * d
        if d <= _O:
            return b * c, a * c
        return (a * d).min(b * c), (a * c).max(b * d)

    def power(self, r: fmpq, args: Sequence[Interval]) -> Value:
        (a,) = args
        if r < 0:
            below = self.power(-r, args)
            return None if below is None else self._inverse(below)
        if r.q == 1:
            return self._whole_power(a, int(r.p))
        if not a[0] >= _O:
            return None
        return _finite(_root_power(a[0], r), _root_power(a[1], r))

    def _whole_power(self, a: Interval, n: int) -> Value:
        low, high = a
        if n % 2 or low >= _O:
            return _finite(low**n, high**n)
        if high <= _O:
            return _finite(high**n, low**n)
        return _finite(_O, (low**n).max(high**n))

    def _inverse(self, a: Interval) -> Value:
        if not (a[0] > _O or a[1] < _O):
            return None
        return _finite(1 / a[1], 1 / a[0])

    exp = _increasing(arb.exp)
    log = _increasing(arb.log)
    sinh = _increasing(arb.sinh)
    tanh = _increasing(arb.tanh)
    atan = _increasing(arb.atan)
    erf = _increasing(arb.erf)
    sin = _oscillating(arb.sin)
    cos = _oscillating(arb.cos)

    def cosh(self, _: Any, args: Sequence[Interval]) -> Value:
        low, high = self.abs(None, args)
        return _finite(low.cosh(), high.cosh())

    def abs(self, _: Any, args: Sequence[Interval]) -> Interval:
        ((low, high),) = args
        if low >= _O:
            return low, high
        return (-high, -low) if high <= _O else (_O, high.max(-low))

    def maximum(self, _: Any, args: Sequence[Interval]) -> Interval:
        low, high = args[0]
        for a, b in args[1:]:
            low, high = low.max(a), high.max(b)
        return low, high

    def clipped(self, a: Interval, low: int, high: int) -> Interval:
        """The part of a that lies in [low, high], which is known to contain the true value."""
        return a[0].max(arb(low)), a[1].min(arb(high))


def _root_power(x: arb, r: fmpq) -> arb:
    """x^r for the ends x >= 0 of an interval and r > 0."""
    if x.is_zero():
        return _O
    root = x.sqrt() if r.q == 2 else x.root(int(r.q)) if r.q <= 64 else (x.log() / int(r.q)).exp()
    return root ** int(r.p)
