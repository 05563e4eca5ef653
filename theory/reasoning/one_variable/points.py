"""Real numbers known to any precision: exact, algebraic, or bracketed by a change of sign."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import sympy as sp
from flint import arb, ctx, fmpq, fmpz_poly

from theory import clock
from theory.enclosure import enclose, is_exactly_zero

PRECISIONS = (64, 128, 320)
DEFAULT_SECONDS = 30.0


class Undecided(Exception):
    """The engine cannot settle a sign, an order or a limit; the caller proves nothing."""


class Deadline:
    """A moment of ``theory.clock.now`` after which every step gives up."""

    def __init__(self, at: float | None = None):
        self.set(at)

    def set(self, at: float | None) -> None:
        """``None`` still ends: nobody waits forever."""
        self.at = clock.now() + DEFAULT_SECONDS if at is None else at

    def check(self) -> None:
        if clock.now() > self.at:
            raise Undecided("out of time")


class Point:
    """A real number: ``ball(bits)`` encloses it, ``exact`` is its SymPy form when known."""

    def __init__(self, exact: sp.Expr | None, ball: Callable[[int], arb] | None = None):
        self.exact = exact
        self._ball = ball
        self._known: dict[int, arb] = {}

    def ball(self, bits: int) -> arb:
        if bits not in self._known:
            self._known[bits] = self._enclose(bits)
        return self._known[bits]

    def _enclose(self, bits: int) -> arb:
        if self._ball is not None:
            return self._ball(bits)
        return enclose(self.exact, {}, bits + 16)

    def map(self, outer: Callable[[sp.Expr], sp.Expr], ball: Callable[[arb], arb]) -> Point:
        """The image under a function given exactly and on balls."""
        exact = None if self.exact is None else outer(self.exact)

        def image(bits: int) -> arb:
            with ctx.workprec(bits + 16):
                return ball(self.ball(bits + 16))

        return Point(exact, image)

    def __repr__(self) -> str:
        return str(self.exact) if self.exact is not None else self.ball(64).str(12)


def compare(a: Point, b: Point) -> int:
    """-1, 0 or 1 as a < b, a = b, a > b."""
    if a is b or (a.exact is not None and a.exact == b.exact):
        return 0
    for bits in PRECISIONS:
        x, y = a.ball(bits), b.ball(bits)
        if x < y:
            return -1
        if x > y:
            return 1
    if a.exact is not None and b.exact is not None and is_exactly_zero(a.exact - b.exact):
        return 0
    raise Undecided("two points that cannot be told apart")


def to_fraction(x: arb) -> Fraction:
    """The exact value of the midpoint of a finite ball."""
    mantissa, exponent = (int(v) for v in x.mid().man_exp())
    return Fraction(mantissa) * Fraction(2) ** exponent


def simplest_between(lo: Fraction, hi: Fraction) -> Fraction:
    """The fraction of smallest denominator strictly inside (lo, hi)."""
    if lo < 0 < hi:
        return Fraction(0)
    if hi <= 0:
        return -simplest_between(-hi, -lo)
    whole = lo.numerator // lo.denominator
    if whole + 1 < hi:
        return Fraction(whole + 1)
    if lo == whole:
        return whole + Fraction(1, int(1 / (hi - whole)) + 1)
    return whole + 1 / simplest_between(1 / (hi - whole), 1 / (lo - whole))


def between(lo: Point | None, hi: Point | None) -> Fraction:
    """A simple rational strictly between two points; ``None`` means the infinite end."""
    if lo is None:
        return Fraction(0 if hi is None else _floor(hi) - 1)
    if hi is None:
        return Fraction(-_floor(lo.map(lambda e: -e, lambda b: -b)) + 1)
    for bits in PRECISIONS:
        x, y = lo.ball(bits), hi.ball(bits)
        if x < y:
            a, b = to_fraction(x.upper()), to_fraction(y.lower())
            middle = (b - a) / 4
            return simplest_between(a + middle, b - middle)
    raise Undecided("no rational found between two points")


def _floor(point: Point) -> int:
    value = to_fraction(point.ball(64).lower())
    return value.numerator // value.denominator


def real_roots(coefficients: list[int]) -> list[Point]:
    """Every real root of an integer polynomial (constant term first), each once."""
    roots = []
    for factor, _ in fmpz_poly(coefficients).factor()[1]:
        roots += _roots_of_irreducible(factor)
    return roots


def _roots_of_irreducible(p: fmpz_poly) -> list[Point]:
    if p.degree() == 1:
        return [Point(sp.Rational(-int(p[0]), int(p[1])))]
    if p.degree() == 2:
        return _quadratic_roots(int(p[2]), int(p[1]), int(p[0]))
    return [_algebraic_root(p, k) for k in range(len(_real_balls(p, 64)))]


def _quadratic_roots(a: int, b: int, c: int) -> list[Point]:
    discriminant = b * b - 4 * a * c
    if discriminant < 0:
        return []
    root = sp.sqrt(discriminant)
    return [Point((-b + s * root) / (2 * a)) for s in (-1, 1)]


def _real_balls(p: fmpz_poly, bits: int) -> list[arb]:
    """Isolating balls of the real roots, ascending; flint returns exact zero imaginary parts."""
    with ctx.workprec(bits):
        real = [root.real for root, _ in p.complex_roots() if root.imag.is_zero()]
    return sorted(real, key=lambda ball: to_fraction(ball))


def _algebraic_root(p: fmpz_poly, index: int) -> Point:
    return Point(None, lambda bits: _real_balls(p, bits + 16)[index])


def bracket_root(sign: Callable[[Fraction], int], lo: Fraction, hi: Fraction) -> Point:
    """The only zero of a function with different signs at ``lo`` and ``hi``."""
    ends: list[Fraction] = [lo, hi]
    left = sign(lo)

    def ball(bits: int) -> arb:
        while ends[1] - ends[0] > Fraction(1, 2**bits) * max(Fraction(1), abs(ends[0])):
            middle = (ends[0] + ends[1]) / 2
            s = sign(middle)
            if s == 0:
                ends[0] = ends[1] = middle
            else:
                ends[0 if s == left else 1] = middle
        return as_ball(ends[0], bits).union(as_ball(ends[1], bits))

    return Point(None, ball)


def as_ball(x: Fraction, bits: int) -> arb:
    with ctx.workprec(bits + 16):
        return arb(fmpq(x.numerator, x.denominator))
