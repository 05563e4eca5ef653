r"""The sharp constant of the L2 adversarial logistic loss on {||theta|| >= r}, enclosed.

.. math:: S(r) = \sup_{\|\theta\|\ge r} \lambda_{\max}(\nabla^2 l_\epsilon(\theta))
               = \max_{|s|\le X} \lambda(r, s), \qquad X = \|x\|.

With e = theta/R, R = ||theta||, s = <a, e>, k = s - eps, t^2 = X^2 - s^2, A = phi''(Rk) and
B = eps |phi'(Rk)|/R the Hessian is A v v^T + B (I - e e^T), v = k e + t tau; its top eigenvalue
lambda(R, s) is that of the block [[A k^2, A k t], [A k t, A t^2 + B]].

Why R = r suffices: on a ray (s fixed) neither A = 1/(4 cosh^2(Rk/2)) nor B grows with R, which
are the claims ``logistic-curvature-falls`` and ``logistic-turning-falls`` of the library.
Both terms are positive semidefinite, so lambda(., s) does not grow either, and the tail
R -> oo needs no cells.  What remains is branch and bound over s alone.

Shapes: scalars; X and eps in the unit of x, r in the unit of theta, S in the unit of x squared.
Source: ours.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from heapq import heappop, heappush
from typing import Any

from flint import arb, ctx, fmpq

BITS = 128
MOST_CELLS = 400_000
# Denominators of the witness: its slope is then exact to about 1e-18 of a radian.
DENOMINATOR = 10**9


@dataclass(frozen=True)
class SharpPoint:
    """Exact rational theta and x (label y = 1) at which the Hessian reaches the lower bound."""

    theta: tuple[Fraction, ...]
    x: tuple[Fraction, ...]


@dataclass(frozen=True)
class Enclosure:
    """lower <= S(r) <= upper; `lower` is attained at `at`; `cells` were bounded from above."""

    lower: float
    upper: float
    at: SharpPoint
    cells: int

    @property
    def relative_gap(self) -> float:
        """(upper - lower)/lower; 0 where both are 0."""
        return (self.upper - self.lower) / self.lower if self.lower else self.upper


@dataclass(frozen=True)
class _Problem:
    X: fmpq
    eps: fmpq
    r: fmpq


def sharp_constant(
    X: Any, eps: Any, r: Any, tolerance: float = 1e-4, dimension: int = 2
) -> Enclosure:
    """S(r) for ||x|| = X, radius eps and r > 0; `dimension` 1 has no tangential part.

    All dimensions above 1 have the same S(r).  Numbers may be int, Fraction, SymPy rationals,
    text such as "1/10", or floats, which count as the binary fractions that they are.

    >>> enclosure = sharp_constant(1, "1/2", 1)
    >>> 0.5975 < enclosure.lower <= enclosure.upper < 0.5976
    True
    """
    problem = _Problem(
        _rational(X, "X", strict=False),
        _rational(eps, "eps", strict=False),
        _rational(r, "r", strict=True),
    )
    if not 0 < tolerance < 1:
        raise ValueError(f"sharp_constant: expected 0 < tolerance < 1, got {tolerance!r}")
    if isinstance(dimension, bool) or not isinstance(dimension, int) or dimension < 1:
        raise ValueError(f"sharp_constant: expected a dimension d >= 1, got {dimension!r}")
    with ctx.workprec(BITS):
        if dimension == 1:
            return _on_the_line(problem)
        return _branch_and_bound(problem, tolerance)


def _rational(value: Any, name: str, strict: bool) -> fmpq:
    """An exact number >= 0 (> 0 if strict), or one sentence."""
    bound = "> 0" if strict else ">= 0"
    try:
        exact = Fraction(str(value)) if not isinstance(value, float) else Fraction(value)
    except (ValueError, OverflowError, ZeroDivisionError):
        raise ValueError(
            f"sharp_constant: expected {name} {bound} as an exact number, got {value!r}"
        ) from None
    if exact < 0 or (strict and exact == 0):
        raise ValueError(f"sharp_constant: expected {name} {bound}, got {name} = {value}")
    return fmpq(exact.numerator, exact.denominator)


def _sech_squared(z: arb) -> arb:
    """phi''(z) = 1/(4 cosh^2(z/2)), the second derivative of the logistic loss."""
    return 1 / (4 * (z / 2).cosh() ** 2)


def value_at(problem: _Problem, s: fmpq) -> arb:
    """lambda(r, s), as a ball; the discriminant as a sum of squares."""
    k, t2 = s - problem.eps, problem.X**2 - s**2
    A = _sech_squared(arb(problem.r * k))
    B = arb(problem.eps / problem.r) / (1 + arb(problem.r * k).exp())
    along, across = A * arb(k**2), A * arb(t2) + B
    square = (along - across) ** 2 + 4 * A**2 * arb(k**2 * t2)
    return (along + across + _root(square)) / 2


def upper_bound(problem: _Problem, low: fmpq, high: fmpq) -> arb:
    """A number no lambda(r, s) with low <= s <= high exceeds.

    The block is monotone in A and in B; A is largest where |k| is least, B and the trace factor
    k^2 + t^2 = X^2 - eps^2 - 2 eps k where k is least, and -4ABk^2 where |k| is least.
    """
    k = low - problem.eps
    nearest = fmpq(0) if k <= 0 <= high - problem.eps else min(abs(k), abs(high - problem.eps))
    A = _sech_squared(arb(problem.r * nearest))
    B = arb(problem.eps / problem.r) / (1 + arb(problem.r * k).exp())
    T = A * arb(problem.X**2 - problem.eps**2 - 2 * problem.eps * k) + B
    return (T + _root(T**2 - 4 * A * B * arb(nearest**2))) / 2


def _root(square: arb) -> arb:
    """The square root of a number known to be at least 0, whatever its ball says."""
    low, high = square.lower().max(arb(0)), square.upper().max(arb(0))
    return low.sqrt().union(high.sqrt())


def _branch_and_bound(problem: _Problem, tolerance: float) -> Enclosure:
    """Split the cell of the largest upper bound until it is close to the best point."""
    heap: list[tuple[float, int, fmpq, fmpq]] = []
    lower, at, cells = -math.inf, (1, fmpq(0)), 0
    todo = [(-problem.X, problem.X)]
    while todo:
        for low, high in todo:
            heappush(heap, (-_up(upper_bound(problem, low, high)), cells, low, high))
            cells += 1
            candidate = _half_angle(problem, (low + high) / 2)
            value = _down(value_at(problem, _slope(problem, *candidate)))
            if value > lower:
                lower, at = value, candidate
        upper, (_, _, low, high) = -heap[0][0], heap[0]
        if upper <= lower * (1 + tolerance):
            break
        if cells > MOST_CELLS:
            raise ArithmeticError(
                f"sharp_constant: {cells} cells did not reach the relative gap {tolerance}, "
                "expected a larger tolerance"
            )
        heappop(heap)
        todo = [(low, (low + high) / 2), ((low + high) / 2, high)]
    return Enclosure(lower, upper, _on_circle(problem, *at), cells)


def _half_angle(problem: _Problem, s: fmpq) -> tuple[int, fmpq]:
    """(sign, q) with s close to sign X (1 - q^2)/(1 + q^2) and 0 <= q <= 1."""
    cosine = abs(float(_fraction(s / problem.X))) if problem.X else 1.0
    q = Fraction(math.sqrt((1 - cosine) / (1 + cosine))).limit_denominator(DENOMINATOR)
    return (1 if s >= 0 else -1), fmpq(q.numerator, q.denominator)


def _slope(problem: _Problem, sign: int, q: fmpq) -> fmpq:
    return sign * problem.X * (1 - q**2) / (1 + q**2)


def _on_circle(problem: _Problem, sign: int, q: fmpq) -> SharpPoint:
    """theta on the circle of radius r, x = (X, 0)."""
    across, along = 2 * q / (1 + q**2), sign * (1 - q**2) / (1 + q**2)
    theta = _fraction(problem.r * along), _fraction(problem.r * across)
    return SharpPoint(theta, (_fraction(problem.X), Fraction(0)))


def _on_the_line(problem: _Problem) -> Enclosure:
    """d = 1: the curvature phi''(r k) k^2 at the two points theta = r and theta = -r."""
    values = {}
    for sign in (1, -1):
        k = sign * problem.X - problem.eps
        values[sign] = _sech_squared(arb(problem.r * k)) * arb(k**2)
    sign = max(values, key=lambda s: float(values[s]))
    point = SharpPoint((_fraction(sign * problem.r),), (_fraction(problem.X),))
    upper = max(_up(value) for value in values.values())
    return Enclosure(max(0.0, _down(values[sign])), upper, point, 2)


def _fraction(value: fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def _down(value: arb) -> float:
    """A float below every member of a ball; -inf of an undefined one."""
    if not value.is_finite():
        return -math.inf
    near = float(value.lower())
    return near if value.is_exact() and arb(near) == value else math.nextafter(near, -math.inf)


def _up(value: arb) -> float:
    """A float above every member of a ball; inf of an undefined one, which nothing trusts."""
    return 0.0 - _down(-value) if value.is_finite() else math.inf
