"""``Growth``: polynomials below and above a function of v >= 0, and their arithmetic.

A bound that is not known is ``None``; coefficients are balls, from the constant term up.
Each rule keeps the leading terms where it can.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from math import comb

import sympy as sp
from flint import arb

from theory.enclosure.balls import to_ball

Bound = tuple[arb, ...] | None
LARGEST_DEGREE = 12


@dataclass(frozen=True)
class Growth:
    """low(v) <= f <= high(v) for v >= 0; coefficients from the constant term up."""

    low: Bound
    high: Bound


UNKNOWN = Growth(None, None)


def exact(part: Growth) -> bool:
    """Is the function this polynomial?"""
    return part.low is not None and part.low is part.high


def total(bounds: list[Bound]) -> Bound:
    if any(bound is None for bound in bounds):
        return None
    columns = zip_longest(*(b for b in bounds if b is not None), fillvalue=arb(0))
    return tuple(sum(column, arb(0)) for column in columns)


def scaled(part: Growth, factor: arb) -> Growth:
    """A factor whose sign the ball does not decide leaves nothing known."""

    def times(bound: Bound) -> Bound:
        return None if bound is None else tuple(factor * c for c in bound)

    if exact(part):
        low = times(part.low)
        return Growth(low, low)
    if factor >= 0:
        return Growth(times(part.low), times(part.high))
    return Growth(times(part.high), times(part.low)) if factor <= 0 else UNKNOWN


def product(a: Growth, b: Growth) -> Growth:
    """Exact where both are; otherwise plus and minus the product of the moduli."""
    if a.low is None or a.high is None or b.low is None or b.high is None:
        return UNKNOWN
    if len(a.high) + len(b.high) > LARGEST_DEGREE + 2:
        return UNKNOWN
    if exact(a) and exact(b):
        both = convolved(a.low, b.low)
        return Growth(both, both)
    most = convolved(modulus(a), modulus(b))
    positive = all(c >= 0 for c in (*a.low, *b.low))
    low = convolved(a.low, b.low) if positive else tuple(-c for c in most)
    return Growth(low, most)


def convolved(a: tuple[arb, ...], b: tuple[arb, ...]) -> tuple[arb, ...]:
    result = [arb(0)] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            result[i + j] += x * y
    return tuple(result)


def modulus(a: Growth) -> tuple[arb, ...]:
    """A polynomial with coefficients at least 0 above the modulus."""
    assert a.low is not None and a.high is not None
    pairs = zip_longest(a.low, a.high, fillvalue=arb(0))
    return tuple(abs(x).max(abs(y)).upper() for x, y in pairs)


def maximum(parts: list[Growth]) -> Growth:
    """Above: the larger coefficient each time.  Below: whichever part grows most."""
    highs = [p.high for p in parts]
    high = None
    if all(h is not None for h in highs):
        columns = zip_longest(*(h for h in highs if h is not None), fillvalue=arb(0))
        high = tuple(largest(column) for column in columns)
    low: Bound = None
    for part in parts:
        low = larger(low, part.low)
    return Growth(low, high)


def largest(column: tuple[arb, ...]) -> arb:
    result = column[0]
    for c in column[1:]:
        result = result.max(c)
    return result


def larger(a: Bound, b: Bound) -> Bound:
    """Of two lower bounds the one with the larger leading terms; either is valid."""
    if a is None or b is None:
        return a or b
    for x, y in reversed(list(zip_longest(a, b, fillvalue=arb(0)))):
        if x > y:
            return a
        if x < y:
            return b
    return a


def exponential(a: Growth) -> Growth:
    """exp(z) >= max(0, 1 + z, z^3/6 if z >= 0), and it is bounded where z is from above."""
    low: Bound = (arb(0),)
    if a.low is not None and all(c >= 0 for c in a.low) and 3 * len(a.low) <= LARGEST_DEGREE:
        low = tuple(c / 6 for c in convolved(a.low, convolved(a.low, a.low)))
    if a.low is not None and a.low[-1] > 0:
        low = larger(low, total([a.low, (arb(1),)]))
    bounded = a.high is not None and all(c <= 0 for c in a.high[1:])
    return Growth(low, (a.high[0].exp(),) if bounded and a.high else None)


def root(a: Growth, exponent: sp.Rational) -> Growth:
    """(sum c_i v^i)^e is at most sum c_i^e v^(i e), and at least any one of these terms."""
    if a.low is None or a.high is None:
        return UNKNOWN
    power, high = to_ball(exponent), [arb(0)] * (len(a.high) + 1)
    for i, c in enumerate(modulus(a)):
        r, size = i * exponent, c.upper() ** power
        n = int(sp.ceiling(r))
        if n > r:
            small, constant = _fraction_of_power(r, n)
            high[0] += size * constant
            size = size * small
        high[n] += size
    low = (arb(0),)
    if all(c >= 0 for c in a.low):
        whole = [i for i, c in enumerate(a.low) if (i * exponent).is_integer and c > 0]
        if whole:
            low = (arb(0),) * int(whole[-1] * exponent) + (a.low[whole[-1]] ** power,)
    return Growth(low, tuple(high))


def _fraction_of_power(r: sp.Rational, n: int) -> tuple[arb, arb]:
    """(h, C) with v^r <= h v^n + C: where v^(n - r) < 1/h, v^r is below h^(-r/(n - r))."""
    ratio = r / (n - r)
    h = arb(2) ** -10 if ratio <= 8 else arb(1)
    return h, h ** to_ball(-ratio)


def logarithm(a: Growth) -> Growth:
    """log of sum c_i v^i, degree n: at most log(sum c_i) + n log(1 + v), and log(1 + v) <= v."""
    if a.low is None or a.high is None:
        return UNKNOWN
    size = sum(modulus(a), arb(0))
    high = (size.log(), arb(len(a.high) - 1)) if size > 0 else None
    low = (a.low[0].log(),) if a.low[0] > 0 and all(c >= 0 for c in a.low) else None
    return Growth(low, high if low else None)


def shifted(p: tuple[arb, ...], by: arb) -> tuple[arb, ...]:
    """The coefficients of p(by + w) in w."""
    return tuple(
        sum((comb(j, i) * c * by ** (j - i) for j, c in enumerate(p) if j >= i), arb(0))
        for i in range(len(p))
    )
