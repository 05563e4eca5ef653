"""The arithmetic of the confirmation: intervals with exact ends, computed by Arb.

An interval is a pair of exact Arb numbers (lo, hi), an undefined one ``None``; every operation
rounds outwards at the precision of flint's context.  Nothing undefined or infinite is ever finite
again, and a comparison with it is neither true nor false.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from flint import arb, ctx, fmpq

Pair = Any  # tuple[arb, arb] | None
ZERO, ONE = arb(0), arb(1)
UNIT = (-ONE, ONE)
INCREASING = ("exp", "log", "tanh", "sinh", "atan", "erf")


def enclosing(lo: arb, hi: arb) -> Pair:
    """The pair around two balls; None where one is not finite."""
    if not (lo.is_finite() and hi.is_finite()):
        return None
    return lo.lower(), hi.upper()


def _within(x: Pair, low: arb | None, high: arb | None) -> Pair:
    """x within bounds that are known to hold."""
    if x is None:
        return None
    lo, hi = x
    if low is not None and lo < low:
        lo = low
    if high is not None and hi > high:
        hi = high
    return lo, hi


def _around(x: Fraction) -> Pair:
    ball = arb(fmpq(x.numerator, x.denominator))
    return ball.lower(), ball.upper()


class ArbArithmetic:
    """Operations on pairs; masks are Python truth values."""

    true, false = True, False

    def __init__(self) -> None:
        self._constants: dict[tuple[Fraction, int], Pair] = {}

    def constant(self, x: Fraction) -> Pair:
        key = (x, ctx.prec)
        if key not in self._constants:
            self._constants[key] = _around(x)
        return self._constants[key]

    def scale(self, c: Fraction, x: Pair) -> Pair:
        """c x for an exact number that is not 0."""
        return self.mul(self.constant(c), x)

    def between(self, lo: Fraction, hi: Fraction) -> Pair:
        """The interval between two rationals."""
        return _around(lo)[0], _around(hi)[1]

    def named(self, name: str) -> Pair:
        ball = arb.pi() if name == "pi" else arb.const_e()
        return ball.lower(), ball.upper()

    def add(self, x: Pair, y: Pair) -> Pair:
        if x is None or y is None:
            return None
        return (x[0] + y[0]).lower(), (x[1] + y[1]).upper()

    def neg(self, x: Pair) -> Pair:
        return None if x is None else (-x[1], -x[0])

    def mul(self, x: Pair, y: Pair) -> Pair:
        if x is None or y is None:
            return None
        (a, b), (c, d) = x, y
        if a >= 0:
            low, high = (a if c >= 0 else b) * c, (b if d >= 0 else a) * d
        elif b <= 0:
            low, high = (a if d >= 0 else b) * d, (b if c >= 0 else a) * c
        elif c >= 0:
            low, high = a * d, b * d
        elif d <= 0:
            low, high = b * c, a * c
        else:
            low, high = (a * d).min(b * c), (a * c).max(b * d)
        return low.lower(), high.upper()

    def integer_power(self, x: Pair, n: int) -> Pair:
        if x is None:
            return None
        if n == 0:
            return ONE, ONE
        if n < 0:
            return self._reciprocal(self.integer_power(x, -n))
        a, b = x
        if n % 2 or a >= 0:
            return enclosing(a**n, b**n)
        if b <= 0:
            return enclosing(b**n, a**n)
        return ZERO, enclosing(ZERO, (-a).max(b) ** n)[1]

    def _reciprocal(self, x: Pair) -> Pair:
        if x is None or not (x[0] > 0 or x[1] < 0):
            return None
        return (1 / x[1]).lower(), (1 / x[0]).upper()

    def real_power(self, x: Pair, r: Fraction) -> Pair:
        """x^r for x > 0, or for x >= 0 and r > 0."""
        if x is None or not (x[0] > 0 or (x[0] >= 0 and r > 0)):
            return None
        ends = [self._end_power(a, r) for a in x]
        return _within(enclosing(*(ends if r > 0 else ends[::-1])), ZERO, None)

    def _end_power(self, a: arb, r: Fraction) -> arb:
        if a.is_zero():
            return ZERO
        if r.denominator == 2 and r.numerator == 1:
            return a.sqrt()
        return (a.log() * fmpq(r.numerator, r.denominator)).exp()

    def function(self, name: str, x: Pair) -> Pair:
        if x is None:
            return None
        a, b = x
        if name in INCREASING:
            if name == "log" and not a > 0:
                return None
            y = enclosing(getattr(a, name)(), getattr(b, name)())
            return _within(y, *BOUNDS.get(name, (None, None)))
        return SPECIAL[name](a, b)

    def max(self, x: Pair, y: Pair) -> Pair:
        return None if x is None or y is None else (x[0].max(y[0]), x[1].max(y[1]))

    def min(self, x: Pair, y: Pair) -> Pair:
        return None if x is None or y is None else (x[0].min(y[0]), x[1].min(y[1]))

    def norm(self, components: Sequence[Pair]) -> Pair:
        total: Pair = (ZERO, ZERO)
        for c in components:
            total = self.add(total, self.integer_power(c, 2))
        return self.real_power(total, Fraction(1, 2))

    def nowhere(self, x: Pair) -> Pair:
        return None

    def compare(self, x: Pair, op: str) -> tuple[bool, bool]:
        if x is None:
            return False, False
        above, below = bool(x[0] > 0), bool(x[1] < 0)
        if op == ">":
            return above, bool(x[1] <= 0)
        if op == ">=":
            return bool(x[0] >= 0), below
        zero, apart = bool(x[0].is_zero() and x[1].is_zero()), above or below
        return (zero, apart) if op == "==" else (apart, zero)

    def hull(self, x: Pair, y: Pair) -> Pair:
        """The smallest interval around both."""
        return None if x is None or y is None else (x[0].min(y[0]), x[1].max(y[1]))

    def choose(self, x: Pair, y: Pair, a: Pair, b: Pair, smooth: bool) -> Pair:
        if x is None or y is None:
            return None
        if x[0] > y[1]:
            return a
        if x[1] < y[0]:
            return b
        return None if smooth else self.hull(a, b)

    def ratio(self, x: Pair, length: Pair) -> Pair:
        if x is None or length is None:
            return None
        if not length[0] > 0:
            return UNIT
        return _within(self.mul(x, self._reciprocal(length)), *UNIT)

    def refuse_zero(self, x: Pair, y: Pair) -> Pair:
        return y if x is not None and (x[0] > 0 or x[1] < 0) else None

    def piecewise(self, pieces: Sequence[tuple[Pair, bool, bool]]) -> Pair:
        possible: list[Pair] = []
        for value, yes, no in pieces:
            if not no:
                possible.append(value)
            if yes:
                result = possible[0]
                for other in possible[1:]:
                    result = self.hull(result, other)
                return result
        return None

    def only(self, pieces: Sequence[tuple[Pair, bool, bool]]) -> Pair:
        for value, yes, no in pieces:
            if yes:
                return value
            if not no:
                return None
        return None


def _wave(name: str) -> Callable[[arb, arb], Pair]:
    """Not cut to [-1, 1]: a checker that does not cut either has to agree."""

    def at(a: arb, b: arb) -> Pair:
        ball = getattr(a.union(b), name)()
        return enclosing(ball, ball)

    return at


def _absolute(a: arb, b: arb) -> Pair:
    return ZERO.max(a).max(-b), (-a).max(b)


def _cosh(a: arb, b: arb) -> Pair:
    low, high = _absolute(a, b)
    return _within(enclosing(low.cosh(), high.cosh()), ONE, None)


def _sign(a: arb, b: arb) -> Pair:
    return arb(int(a > 0) - int(a < 0)), arb(int(b > 0) - int(b < 0))


BOUNDS: dict[str, tuple[Any, Any]] = {"exp": (ZERO, None), "tanh": UNIT, "erf": UNIT}
SPECIAL: dict[str, Callable[[arb, arb], Pair]] = {
    "Abs": _absolute,
    "cos": _wave("cos"),
    "cosh": _cosh,
    "sign": _sign,
    "sin": _wave("sin"),
}
