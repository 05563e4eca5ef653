"""Intervals with exact rational ends: at a rational point all rational arithmetic is exact.

.. math:: [l, u],\\quad l, u \\in \\mathbb{Q} \\cup \\{\\pm\\infty\\}

Irrational values are rounded outwards at the working precision of flint; None as an end is an
infinite one.  Slow and sharp: for single points and for the bounds of the hypotheses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flint import arb, fmpq, fmpz

from numerics.certificates.arb.intervals import Interval, Intervals, Value

MAX_BITS = 60_000  # longer numbers are rounded
O = fmpq(0)  # noqa: E741
_Side = tuple[int, fmpq]  # (0, q) for q, (1, 0) for oo, (-1, 0) for -oo: these compare


def _down(ball: arb) -> fmpq | None:
    return _exact(ball.lower()) if ball.is_finite() else None


def _up(ball: arb) -> fmpq | None:
    return _exact(ball.upper()) if ball.is_finite() else None


def _exact(end: arb) -> fmpq | None:
    """An exact binary number as a rational; one of absurd size becomes infinite."""
    mantissa, exponent = end.man_exp()
    if abs(exponent) > MAX_BITS:
        return None
    return fmpq(mantissa) * fmpq(2) ** int(exponent)


def _short(q: fmpq, rounded: Callable[[arb], fmpq | None]) -> fmpq | None:
    return q if q.height_bits() <= MAX_BITS else rounded(arb(q))


def _interval(low: fmpq | None, high: fmpq | None) -> Interval:
    return (
        None if low is None else _short(low, _down),
        None if high is None else _short(high, _up),
    )


def _increasing(f: Callable[[arb], arb], least: int | None, most: int | None) -> Any:
    """An increasing function with its limits at -oo and oo."""

    def apply(self: Rationals, _: Any, args: Sequence[Interval]) -> Value:
        ((low, high),) = args
        below = _limit(least) if low is None else _down(f(arb(low)))
        above = _limit(most) if high is None else _up(f(arb(high)))
        if least is not None and below is None:
            below = fmpq(least)
        return below, above

    return apply


def _limit(value: int | None) -> fmpq | None:
    return None if value is None else fmpq(value)


def _oscillating(f: Callable[[arb], arb]) -> Any:
    def apply(self: Rationals, _: Any, args: Sequence[Interval]) -> Value:
        ((low, high),) = args
        if low is None or high is None:
            return fmpq(-1), fmpq(1)
        ball = f(arb(low).union(arb(high)) if low != high else arb(low))
        return _down(ball), _up(ball)

    return apply


class Rationals(Intervals):
    """Interval arithmetic with exact ends."""

    one: Interval = (fmpq(1), fmpq(1))
    zero: Interval = (O, O)

    def positive(self, a: Interval) -> bool:
        return a[0] is not None and a[0] > 0

    def negative(self, a: Interval) -> bool:
        return a[1] is not None and a[1] < 0

    def nonnegative(self, a: Interval) -> bool:
        return a[0] is not None and a[0] >= 0

    def nonpositive(self, a: Interval) -> bool:
        return a[1] is not None and a[1] <= 0

    def is_zero(self, a: Interval) -> bool:
        return a[0] == 0 and a[1] == 0

    def hull(self, a: Interval, b: Interval) -> Interval:
        low = None if None in (a[0], b[0]) else min(a[0], b[0])
        return low, None if None in (a[1], b[1]) else max(a[1], b[1])

    def const(self, value: fmpq) -> Interval:
        return value, value

    def named(self, name: str, _: Any) -> Value:
        """pi and E; nothing else is a real number."""
        known = {"pi": arb.pi, "E": arb.const_e}
        return (_down(known[name]()), _up(known[name]())) if name in known else None

    def lin(self, extra: Any, args: Sequence[Interval]) -> Interval:
        start, factors = extra
        low: fmpq | None = start
        high: fmpq | None = start
        for c, (a, b) in zip(factors, args, strict=True):
            down, up = (a, b) if c > 0 else (b, a)
            low = None if low is None or down is None else low + c * down
            high = None if high is None or up is None else high + c * up
        return _interval(low, high)

    def plus(self, a: Interval, b: Interval) -> Interval:
        return self.lin((O, (fmpq(1), fmpq(1))), (a, b))

    def minus(self, a: Interval, b: Interval) -> Interval:
        return self.lin((O, (fmpq(1), fmpq(-1))), (a, b))

    def mul(self, _: Any, args: Sequence[Interval]) -> Interval:
        a, b = args
        products = [_product(x, y) for x in _sides(a) for y in _sides(b)]
        (lows, low), (highs, high) = min(products), max(products)
        return _interval(None if lows else low, None if highs else high)

    def power(self, r: fmpq, args: Sequence[Interval]) -> Value:
        (a,) = args
        if r < 0:
            below = self.power(-r, args)
            return None if below is None else self._inverse(below)
        if r.q == 1:
            return self._whole_power(a, int(r.p))
        if not self.nonnegative(a):
            return None
        return (
            _root_power(a[0], r, _down),
            None if a[1] is None else _root_power(a[1], r, _up),
        )

    def _whole_power(self, a: Interval, n: int) -> Interval:
        if n % 2 == 0:
            a = self.abs(None, (a,))
        return _end_power(a[0], n, _down), _end_power(a[1], n, _up)

    def _inverse(self, a: Interval) -> Value:
        if not (self.positive(a) or self.negative(a)):
            return None
        low, high = a
        return _interval(O if high is None else 1 / high, O if low is None else 1 / low)

    exp = _increasing(arb.exp, 0, None)
    sinh = _increasing(arb.sinh, None, None)
    tanh = _increasing(arb.tanh, -1, 1)
    erf = _increasing(arb.erf, -1, 1)

    def atan(self, _: Any, args: Sequence[Interval]) -> Value:
        ((low, high),) = args
        below = _down(-arb.pi() / 2 if low is None else arb(low).atan())
        return below, _up(arb.pi() / 2 if high is None else arb(high).atan())

    def log(self, _: Any, args: Sequence[Interval]) -> Value:
        (a,) = args
        if not self.positive(a):
            return None
        return _down(arb(a[0]).log()), None if a[1] is None else _up(arb(a[1]).log())

    sin = _oscillating(arb.sin)
    cos = _oscillating(arb.cos)

    def cosh(self, _: Any, args: Sequence[Interval]) -> Value:
        low, high = self.abs(None, args)
        return _down(arb(low).cosh()), None if high is None else _up(arb(high).cosh())

    def abs(self, _: Any, args: Sequence[Interval]) -> Interval:
        ((low, high),) = args
        if low is not None and low >= 0:
            return low, high
        if high is not None and high <= 0:
            return -high, None if low is None else -low
        return O, None if low is None or high is None else max(high, -low)

    def maximum(self, _: Any, args: Sequence[Interval]) -> Interval:
        lows = [a[0] for a in args if a[0] is not None]
        highs = [a[1] for a in args]
        return max(lows) if lows else None, None if None in highs else max(highs)

    def clipped(self, a: Interval, low: int, high: int) -> Interval:
        """The part of a that lies in [low, high], which is known to contain the true value."""
        return (
            fmpq(low) if a[0] is None else max(a[0], fmpq(low)),
            fmpq(high) if a[1] is None else min(a[1], fmpq(high)),
        )


def _sides(a: Interval) -> tuple[_Side, _Side]:
    return (-1, O) if a[0] is None else (0, a[0]), (1, O) if a[1] is None else (0, a[1])


def _product(x: _Side, y: _Side) -> _Side:
    """The product of two ends, with 0 times oo = 0: an infinite end is never attained."""
    if x[0] == y[0] == 0:
        return 0, x[1] * y[1]
    signs = [s or (q > 0) - (q < 0) for s, q in (x, y)]
    return signs[0] * signs[1], O


def _end_power(x: fmpq | None, n: int, rounded: Callable[[arb], fmpq | None]) -> fmpq | None:
    if x is None:
        return None
    return x**n if x.height_bits() * n <= MAX_BITS else rounded(arb(x) ** n)


def _root_power(x: fmpq, r: fmpq, rounded: Callable[[arb], fmpq | None]) -> fmpq | None:
    """x^r for x >= 0, exact where the root is rational."""
    if x == 0:
        return O
    q = int(r.q)
    if q <= 64 and x.height_bits() <= MAX_BITS:
        top, bottom = (_whole_root(part, q) for part in (x.p, x.q))
        if top is not None and bottom is not None:
            return _end_power(fmpq(top, bottom), int(r.p), rounded)
    ball = arb(x)
    root = ball.sqrt() if q == 2 else ball.root(q) if q <= 64 else (ball.log() / q).exp()
    return rounded(root ** int(r.p))


def _whole_root(n: fmpz, q: int) -> fmpz | None:
    root = n.root(q)
    return root if root**q == n else None
