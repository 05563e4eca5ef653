"""The maximum over an interval of a quadratic plus a Huber function, with all the ties.

.. math:: \\arg\\max_{lo \\le x \\le hi} \\tfrac k2 x^2 + g x + c\\,\\varphi(p x + s), \\qquad
          \\varphi(z) = \\begin{cases} z^2/2 & |z| \\le 1\\\\ |z| - 1/2 & |z| > 1\\end{cases}

Exact: the pieces are quadratics, so the ends of the pieces and the stationary points are enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from flint import fmpq

from numerics.falsify.unknowns.numbers import ONE, ZERO, Number

HALF = fmpq(1, 2)


def huber(z: Number) -> Number:
    """z^2/2 near 0, |z| - 1/2 beyond 1: continuously differentiable.

    >>> huber(fmpq(1)), huber(fmpq(-3))
    (1/2, 5/2)
    """
    if abs(z) <= 1:
        return z * z / 2
    return abs(z) - HALF


def huber_slope(z: Number) -> Number:
    if abs(z) <= 1:
        return z
    return ONE if z > 0 else -ONE


@dataclass(frozen=True)
class Objective:
    """k/2 x^2 + g x + c huber(p x + s), exact numbers."""

    k: fmpq
    g: fmpq
    c: fmpq = ZERO
    p: fmpq = ZERO
    s: fmpq = ZERO

    def __call__(self, x: fmpq) -> fmpq:
        return self.k * x * x / 2 + self.g * x + self.c * huber(self.p * x + self.s)

    def maximisers(self, low: fmpq, high: fmpq) -> list[fmpq]:
        """Every isolated maximiser, and from a flat piece both ends and the middle.

        >>> Objective(fmpq(1), fmpq(0)).maximisers(fmpq(-1), fmpq(1))
        [-1, 1]
        """
        tried = {low, high}
        ends = [low, *self._breaks(low, high), high]
        for a, b in pairwise(ends):
            tried |= {a, b, *self._stationary(a, b)}
        best = max(self(x) for x in tried)
        return sorted(x for x in tried if self(x) == best)

    def _breaks(self, low: fmpq, high: fmpq) -> list[fmpq]:
        if self.c == 0 or self.p == 0:
            return []
        return sorted(x for z in (-1, 1) if low < (x := (z - self.s) / self.p) < high)

    def _stationary(self, a: fmpq, b: fmpq) -> list[fmpq]:
        """Where the quadratic of the piece [a, b] is flat; the middle if it is flat throughout."""
        middle = (a + b) / 2
        bend, slope = self.k, self.g
        if self.c != 0:
            z = self.p * middle + self.s
            inside = abs(z) <= 1
            bend += self.c * self.p * self.p if inside else ZERO
            slope += self.c * self.p * (self.s if inside else huber_slope(z))
        if bend == 0:
            return [middle] if slope == 0 else []
        x = -slope / bend
        return [x] if a <= x <= b else []
