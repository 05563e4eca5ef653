"""Enclosures of the functions that `decimal` does not have, from series with bounded remainders.

.. math:: \\Bigl|\\sin x - \\sum_{k<n} \\tfrac{(-1)^k x^{2k+1}}{(2k+1)!}\\Bigr|
          \\le \\frac{|x|^{2n+1}}{(2n+1)!}, \\qquad
          \\operatorname{erf} x = \\tfrac{2}{\\sqrt\\pi} e^{-x^2}
          \\sum_n \\frac{2^n x^{2n+1}}{1\\cdot3\\cdots(2n+1)}.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numerics.certificates.decimals.intervals import Interval, Intervals

FAR = Decimal("1e15")  # beyond it sin and cos are only known to lie in [-1, 1]
STEEP = Decimal("1e5")  # beyond it tanh is taken at this point
WIDE = Decimal("1e4")  # beyond it erf is taken at this point


@cache
def _pi_parts(digits: int) -> tuple[int, int]:
    """(a, s) with |pi - a / 10^s| < 10^9 / 10^s, by Machin's formula in integers."""
    shift = digits + 30
    unit: int = 10**shift

    def arc(x: int) -> int:
        # Every floor loses less than one unit; there are fewer than 10^7 of them.
        power, total, k = unit // x, 0, 0
        while power:
            total += (-1) ** k * (power // (2 * k + 1))
            power, k = power // (x * x), k + 1
        return total

    return 16 * arc(5) - 4 * arc(239), shift


def pi(r: Intervals) -> Interval:
    value, shift = _pi_parts(r.digits)
    bottom = Decimal((0, (1,), shift))
    low, high = Decimal(value - 10**9), Decimal(value + 10**9)
    return r.div_down(low, bottom), r.div_up(high, bottom)


def _thin(r: Intervals, n: int) -> Interval:
    return r.constant(Fraction(n))


def _over(r: Intervals, a: Interval, n: int) -> Interval:
    return r.div(a, _thin(r, n))


def _tiny(r: Intervals) -> Any:
    return Decimal((0, (1,), -r.digits - 3))


def _padded(r: Intervals, a: Interval, radius: Interval) -> Interval:
    """[a - R, a + R] for the upper end R of the radius."""
    return r.add(a, (r.flip(radius[1]), radius[1]))


def _alternating(r: Intervals, x: Interval, first: Interval, k: int) -> Interval:
    """first - first x^2/((k+1)(k+2)) + ..., with Lagrange's bound on what is left out."""
    square, term, total = r.powi(x, 2), first, first
    while r.abs(term)[1] > _tiny(r):
        term = r.neg(_over(r, r.mul(term, square), (k + 1) * (k + 2)))
        total, k = r.add(total, term), k + 2
    return _padded(r, total, r.abs(_over(r, r.mul(term, square), (k + 1) * (k + 2))))


def _sine_at(r: Intervals, x: Any) -> Interval:
    """sin of one number, after taking away the nearest multiple of pi/2."""
    quarter = _over(r, pi(r), 2)
    k = int(r.down.divide(x, quarter[0]).to_integral_value(ROUND_HALF_EVEN, r.down))
    rest = r.sub((x, x), r.mul(_thin(r, k), quarter))
    one = (r.one, r.one)
    value = _alternating(r, rest, one, 0) if k % 2 else _alternating(r, rest, rest, 1)
    value = r.neg(value) if k % 4 >= 2 else value
    return r.meet(value, (r.flip(r.one), r.one))


def _may_contain(r: Intervals, a: Interval, at: Interval) -> bool:
    """Whether some at + 2 pi k may lie in the interval."""
    turns = r.div(r.sub(a, at), r.mul(_thin(r, 2), pi(r)))
    first = turns[0].to_integral_value(ROUND_CEILING, r.down)
    return bool(first <= turns[1].to_integral_value(ROUND_FLOOR, r.down))


def sin(r: Intervals, a: Interval) -> Interval:
    """Ends, and the extreme values where a crest or a trough may lie between them."""
    if r.abs(a)[1] > FAR:
        return r.flip(r.one), r.one
    if a[0] == a[1] == r.zero:
        return r.zero, r.zero
    low, high = r.hull(_sine_at(r, a[0]), _sine_at(r, a[1]))
    quarter = _over(r, pi(r), 2)
    if _may_contain(r, a, quarter):
        high = r.one
    if _may_contain(r, a, r.neg(quarter)):
        low = r.flip(r.one)
    return low, high


def cos(r: Intervals, a: Interval) -> Interval:
    """sin(x + pi/2)."""
    return sin(r, r.add(a, _over(r, pi(r), 2)))


def _two_exponentials(r: Intervals, x: Any) -> tuple[Interval, Interval]:
    e = r.exp((x, x))
    return e, r.div((r.one, r.one), e)


def sinh(r: Intervals, a: Interval) -> Interval:
    """(e^x - e^-x)/2, which increases."""
    ends = [_over(r, r.sub(*_two_exponentials(r, x)), 2) for x in a]
    return ends[0][0], ends[1][1]


def cosh(r: Intervals, a: Interval) -> Interval:
    """(e^x + e^-x)/2, which increases with |x| and is at least 1."""
    ends = [_over(r, r.add(*_two_exponentials(r, x)), 2) for x in r.abs(a)]
    return max(ends[0][0], r.one), ends[1][1]


def _tanh_at(r: Intervals, x: Any) -> Interval:
    if x < r.zero:
        return r.neg(_tanh_at(r, r.flip(x)))
    near = (min(x, STEEP),) * 2
    double = r.exp(r.mul(_thin(r, 2), near))
    low, high = r.sub((r.one, r.one), r.div(_thin(r, 2), r.add(double, (r.one, r.one))))
    return max(low, r.zero), min(high, r.one) if x <= STEEP else r.one


def tanh(r: Intervals, a: Interval) -> Interval:
    """1 - 2/(e^{2x} + 1), which increases."""
    return _tanh_at(r, a[0])[0], _tanh_at(r, a[1])[1]


def _atan_at(r: Intervals, x: Interval) -> Interval:
    """The arc of a number in a thin interval: invert above 1, halve three times, then a series."""
    if x[0] < r.zero:
        return r.neg(_atan_at(r, r.neg(x)))
    one = (r.one, r.one)
    if x[0] > r.one:
        return r.sub(_over(r, pi(r), 2), _atan_at(r, r.div(one, x)))
    for _ in range(3):
        x = r.div(x, r.add(one, r.sqrt(r.add(one, r.powi(x, 2)))))
    return r.mul(_thin(r, 8), _arc_series(r, x))


def _arc_series(r: Intervals, x: Interval) -> Interval:
    """x - x^3/3 + ... for 0 <= x < 1: what is left out is less than its first term."""
    square, power, total, k = r.powi(x, 2), x, x, 1
    while power[1] > _tiny(r):
        power, k = r.mul(power, square), k + 2
        term = _over(r, power, k)
        total = r.add(total, term if k % 4 == 1 else r.neg(term))
    return _padded(r, total, r.mul(power, square))


def atan(r: Intervals, a: Interval) -> Interval:
    """Increasing: from its ends."""
    ends = [_atan_at(r, (x, x)) for x in a]
    return ends[0][0], ends[1][1]


def _erf_at(r: Intervals, x: Any) -> Interval:
    if x < r.zero:
        return r.neg(_erf_at(r, r.flip(x)))
    near = min(x, WIDE)
    decay = r.exp(r.neg(r.powi((near, near), 2)))
    # 1 - erf(x) <= e^{-x^2} for x >= 0 shows every digit already for large x.
    if r.mul_down(near, near) > 3 * r.digits:
        return r.add_down(r.one, r.flip(decay[1])), r.one
    front = r.div(r.mul(_thin(r, 2), decay), r.sqrt(pi(r)))
    return r.meet(r.mul(front, _erf_sum(r, (x, x))), (r.zero, r.one))


def _erf_sum(r: Intervals, x: Interval) -> Interval:
    """Positive terms of ratio 2 x^2/(2n+3); once it is below 1/2 the rest is below the last."""
    square, term, total, n = r.mul(_thin(r, 2), r.powi(x, 2)), x, x, 0
    tiny, half = _tiny(r), Decimal("0.5")
    while True:
        ratio = _over(r, square, 2 * n + 3)
        if ratio[1] < half and term[1] <= r.mul_up(tiny, total[1]):
            return total[0], r.add_up(total[1], term[1])
        term, n = r.mul(term, ratio), n + 1
        total = r.add(total, term)


def erf(r: Intervals, a: Interval) -> Interval:
    """Increasing: from its ends."""
    return _erf_at(r, a[0])[0], _erf_at(r, a[1])[1]
