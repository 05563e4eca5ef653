"""``CellIntegrals``: the integrals of w(u) exp(-b (g(u) - g0)) over one cell, as balls.

On a cell [m - r, m + r] the integrand is its Taylor polynomial, and Cauchy's estimate on a disc
of radius q r bounds what is left of it:

.. math:: \\Bigl|\\int_{-r}^{r} \\sum_{j\\ge n} a_j x^j dx\\Bigr|
          \\le \\frac{2 r\\,q^{-n}}{1 - 1/q} \\sup_{|z|\\le q r} |F(m + z)|.

A cell on which the integrand is not analytic counts with its range.  An unbounded cell counts with

.. math:: \\int_0^\\infty (D + w)^k e^{-b(p + a w)} dw
          = e^{-bp} \\sum_j \\frac{k!}{(k - j)!} \\frac{D^{k-j}}{(ab)^{j+1}},

which needs g >= p + a w there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Protocol

from flint import arb, arb_series, fmpq

from theory.enclosure.landscape import Stretch
from theory.enclosure.polynomial_bounds import Bound, shifted

RATIOS = (5, 2)  # of the disc to the cell; the second where a pole is near
LONGEST = 1000  # of the Taylor polynomials


class Weights(Protocol):
    """The functions w_0, ..., w_(count - 1); w_0 = 1."""

    @property
    def count(self) -> int: ...

    @property
    def units(self) -> tuple[arb, ...]:
        """In which the errors of the integrals are counted."""

    def series(self, m: fmpq, r: fmpq, length: int) -> list[arb_series] | None:
        """Taylor series in x/r at an exact point."""

    def on_disc(self, m: fmpq, radius: fmpq) -> list[arb] | None:
        """Upper bounds of the moduli on a disc."""

    def on_cell(self, m: fmpq, r: fmpq) -> list[arb] | None:
        """Balls that contain the values on a real cell."""

    def on_tail(self, start: fmpq, decay: arb) -> list[arb]:
        """Bounds of the integrals of |w_k| exp(-decay w) over the tail that begins at start."""


@dataclass
class Cell:
    """A part of a stretch (an unbounded one if an end is None), and its integrals."""

    stretch: Stretch
    low: fmpq | None
    high: fmpq | None
    values: list[arb] = field(default_factory=list)
    fine: bool = False  # the Taylor polynomial was tried
    rounded: bool = False  # rounding is what is left of the error

    def error(self, units: tuple[arb, ...]) -> arb:
        worst = arb(0)
        for value, unit in zip(self.values, units, strict=True):
            worst = worst.max(value.rad() / unit)
        return worst.upper()


@dataclass(frozen=True)
class CellIntegrals:
    """All that the integrals over a cell depend on, at the precision of flint's context."""

    weights: Weights
    b: fmpq
    ground: arb
    tails: tuple[Bound, Bound]

    def new(self, stretch: Stretch, low: fmpq | None, high: fmpq | None) -> Cell:
        if low is None or high is None:
            return Cell(stretch, low, high, self._tail(stretch, low, high))
        return Cell(stretch, low, high, self._crude(stretch, low, high))

    def _unknown(self) -> list[arb]:
        return [arb(0, math.inf)] * self.weights.count

    def _crude(self, stretch: Stretch, low: fmpq, high: fmpq) -> list[arb]:
        """Width times the range of the integrand."""
        m, r = (low + high) / 2, (high - low) / 2
        found, weights = stretch.range(low, high), self.weights.on_cell(m, r)
        if found is None or weights is None:
            return self._unknown()
        b = arb(self.b)
        top, bottom = (-b * (found[0] - self.ground)).exp(), (-b * (found[1] - self.ground)).exp()
        mass = top.union(bottom) * arb(2 * r)
        return [mass * w for w in weights]

    def taylor(self, stretch: Stretch, low: fmpq, high: fmpq, digits: float) -> Cell | None:
        m, r = (low + high) / 2, (high - low) / 2
        for q in RATIOS:
            length = self._length(m, r, q, digits)
            left = self._remainders(stretch, m, r, q, length)
            if left is None:
                continue
            exact = self._polynomials(stretch, m, r, length)
            if exact is None:
                return None
            values = [e + arb(0, 1) * bound for e, bound in zip(exact, left, strict=True)]
            rounded = any(e.rad() > bound for e, bound in zip(exact, left, strict=True))
            return Cell(stretch, low, high, values, True, rounded)
        return None

    def _length(self, m: fmpq, r: fmpq, q: int, digits: float) -> int:
        """On a cell the remainder is about q^-n of the integral, whatever the size of the cell."""
        weights = self.weights.on_disc(m, q * r) or list(self.weights.units)
        ratios = [w / u for w, u in zip(weights, self.weights.units, strict=True)]
        heaviest = max(0.0, *(log_of(ratio.upper()) for ratio in ratios))
        needed = digits + 4 + heaviest / math.log(10)
        return math.ceil(min(LONGEST, needed / math.log10(q)))

    def _remainders(
        self, stretch: Stretch, m: fmpq, r: fmpq, q: int, length: int
    ) -> list[arb] | None:
        form, weights = stretch.expansion(m, q * r), self.weights.on_disc(m, q * r)
        if form is None or weights is None:
            return None
        spread = form.spread(arb(q * r))
        if not arb(self.b) * spread < 40 + length:
            return None
        largest = (arb(self.b) * (spread - (form.value - self.ground))).exp()
        factor = 2 * arb(r) / arb(q) ** length / (1 - arb(fmpq(1, q)))
        return [(factor * largest * w).upper() for w in weights]

    def _polynomials(self, stretch: Stretch, m: fmpq, r: fmpq, length: int) -> list[arb] | None:
        """Integrals of the Taylor polynomials, in the variable y = x/r."""
        g, weights = stretch.at(m, length), self.weights.series(m, r, length)
        if g is None or weights is None:
            return None
        b, power = arb(self.b), arb(1)
        exponents = [-b * (g[0] - self.ground)]
        for c in g[1:]:
            power *= arb(r)
            exponents.append(-b * c * power)
        density = arb_series(exponents, length).exp()
        return [arb(r) * _integral(density * w, length) for w in weights]

    def _tail(self, stretch: Stretch, low: fmpq | None, high: fmpq | None) -> list[arb]:
        """Bounds from a polynomial below that rises at least linearly from here on."""
        right = high is None
        start, first = (low, stretch.low) if right else (high, stretch.high)
        assert start is not None and first is not None
        below = self.tails[1 if right else 0]
        if below is None:
            return self._unknown()
        p = shifted(below, arb(abs(start - first)))
        if len(p) < 2 or not (p[1] > 0 and all(c >= 0 for c in p[2:])):
            return self._unknown()
        b = arb(self.b)
        size = (-b * (p[0] - self.ground)).exp()
        bounds = [size * w for w in self.weights.on_tail(start, b * p[1])]
        return [bounds[0].union(0), *(bound.union(-bound) for bound in bounds[1:])]


def _integral(series: arb_series, length: int) -> arb:
    """Over y from -1 to 1: the even coefficients count twice over their degree plus one."""
    return 2 * sum((series[j] / (j + 1) for j in range(0, length, 2)), arb(0))


def log_of(error: arb) -> float:
    """A sortable size of an error."""
    if not error.is_finite():
        return math.inf
    return float(error.log()) if error > 0 else -math.inf
