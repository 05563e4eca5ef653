"""``refute_nonnegative``: a rational point where f < 0, confirmed by ball arithmetic.

>>> from sympy import Rational, S, Symbol, exp, log
>>> z = Symbol("z", real=True)
>>> hair = log(1 + exp(-z)) - log(2) + z / 2 - Rational(1, 10**9)
>>> bool(enclose(hair, {z: refute_nonnegative(hair, z, S.Reals)}) < 0)
True
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

import sympy as sp
from flint import arb

from theory.enclosure import Unsupported, enclose
from theory.reasoning.one_variable.compact import sample_points
from theory.reasoning.one_variable.pieces import pieces_of
from theory.reasoning.one_variable.points import (
    Deadline,
    between,
    simplest_between,
    to_fraction,
)
from theory.reasoning.one_variable.proof import FAILURES, prove_nonnegative

Search = Callable[[sp.Expr, sp.Symbol, sp.Interval, float | None], Iterator[Fraction]]
CONFIRM_BITS = (64, 256, 1024, 4096)
SEARCH_BITS = 160


def refute_nonnegative(
    f: sp.Expr, z: sp.Symbol, domain: sp.Set, deadline: float | None = None
) -> sp.Rational | None:
    """A rational z of the domain with f(z) < 0 by ball arithmetic, else ``None``."""
    if prove_nonnegative(f, z, domain, deadline=deadline) is not None:
        return None
    return search(f, z, domain, (_by_signs, _by_samples), deadline)


def search(
    f: sp.Expr, z: sp.Symbol, domain: sp.Set, methods: Iterable[Search], deadline: float | None
) -> sp.Rational | None:
    """The first confirmed point that the methods propose."""
    interval = sp.Interval(-sp.oo, sp.oo) if domain is sp.S.Reals else domain
    for method in methods:
        for x in method(sp.sympify(f), z, interval, deadline):
            if _confirmed(f, z, interval, x):
                return sp.Rational(x.numerator, x.denominator)
    return None


def refute_by_samples(
    f: sp.Expr, z: sp.Symbol, domain: sp.Set, deadline: float | None = None
) -> sp.Rational | None:
    """Like ``refute_nonnegative`` but without the sign engine, to attack its proofs."""
    return search(f, z, domain, (_by_samples,), deadline)


def _confirmed(f: sp.Expr, z: sp.Symbol, domain: sp.Interval, x: Fraction) -> bool:
    if domain.contains(sp.Rational(x.numerator, x.denominator)) != sp.true:
        return False
    for bits in CONFIRM_BITS:
        value = enclose(f, {z: x}, bits)
        if value < 0 or value >= 0:
            return bool(value < 0)
    return False


def _by_signs(
    f: sp.Expr, z: sp.Symbol, domain: sp.Interval, deadline: float | None
) -> Iterator[Fraction]:
    """A simple point of every cell with a minus, and the cuts and ends themselves."""
    try:
        pieces = pieces_of(f, z, domain, deadline)
        for piece in pieces.all:
            signs = piece.signs()
            ends = [piece.lo, *signs.points, piece.hi]
            for k, sign in enumerate(signs.cells):
                if sign < 0:
                    yield between(ends[k], ends[k + 1])
        for point in (*pieces.breaks, *pieces.closed_ends()):
            if point.exact is not None and point.exact.is_Rational:
                yield Fraction(int(point.exact.p), int(point.exact.q))
    except FAILURES:
        return


def _by_samples(
    f: sp.Expr, z: sp.Symbol, domain: sp.Interval, deadline: float | None
) -> Iterator[Fraction]:
    try:
        found = local_minimum(f, z, domain, deadline)
    except FAILURES:
        return
    if found is not None:
        yield found


def local_minimum(
    f: sp.Expr, z: sp.Symbol, domain: sp.Interval, deadline: float | None = None
) -> Fraction | None:
    """The best point of a spread-out sample, improved by golden sections around the best three."""
    clock = Deadline(deadline)
    points = [x for x in sample_points(domain)]
    values = [_value(f, z, x) for x in points]
    found = [(v, k) for k, v in enumerate(values) if v is not None]
    order = [k for _, k in sorted(found)]
    best: tuple[Fraction, Fraction] | None = None
    for k in _local_minima(values, order)[:4]:
        clock.check()
        lo, hi = points[max(k - 1, 0)], points[min(k + 1, len(points) - 1)]
        x = _golden(f, z, lo, hi)
        for candidate in (x, points[k]):
            value = _value(f, z, candidate)
            if value is not None and (best is None or value < best[0]):
                best = (value, candidate)
    return None if best is None else best[1]


def _local_minima(values: list[Fraction | None], order: list[int]) -> list[int]:
    rank = {k: place for place, k in enumerate(order)}
    last = len(order)
    return [k for k in order if rank[k] < min(rank.get(k - 1, last), rank.get(k + 1, last))]


def _value(f: sp.Expr, z: sp.Symbol, x: Fraction) -> Fraction | None:
    try:
        ball: arb = enclose(f, {z: x}, SEARCH_BITS)
    except Unsupported:
        return None
    return to_fraction(ball) if ball.is_finite() else None


def _golden(f: sp.Expr, z: sp.Symbol, lo: Fraction, hi: Fraction) -> Fraction:
    ratio = Fraction(61803398875, 10**11)
    for _ in range(70):
        width = hi - lo
        a, b = _short(hi - ratio * width, width), _short(lo + ratio * width, width)
        u, v = _value(f, z, a), _value(f, z, b)
        if u is None or v is None:
            break
        lo, hi = (lo, b) if u <= v else (a, hi)
    return simplest_between(lo, hi) if lo < hi else lo


def _short(x: Fraction, width: Fraction) -> Fraction:
    return simplest_between(x - width / 1000, x + width / 1000)
