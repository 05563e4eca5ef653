"""``hunt``: search for an M-Lipschitz f on which local entropy is more curved than is claimed.

.. math:: E''(0) < -c \\quad\\text{for } f(t) = \\sum_i a_i |t - k_i| + s t, \\quad |f'| \\le M.

f is piecewise linear with exact rational knots and slopes.  For these the integral is a sum of
error functions, which floats evaluate fast; the search climbs in that, from random starts and
with a seed.  A counterexample counts only as an enclosure of ``LocalEntropy`` at exact numbers.

    >>> found = hunt(1, 1, claimed="5/4", seed=0, starts=3, steps=60)
    >>> found.confirmed, found.curvature < -1.25
    (True, True)
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp
from flint import arb, ctx
from scipy.special import log_ndtr, logsumexp

from numerics.local_entropy.constants import conjectured_lipschitz_lower
from numerics.local_entropy.local_entropy import LocalEntropy
from numerics.local_entropy.tilted import exact

DENOMINATOR = 10**6


@dataclass(frozen=True)
class PiecewiseLinear:
    """f(0) = 0, slopes between the knots; exact rationals."""

    knots: tuple[Fraction, ...]
    slopes: tuple[Fraction, ...]

    def expr(self, t: sp.Symbol) -> sp.Expr:
        """sum_i (s_{i+1} - s_i)/2 |t - k_i| + (s_0 + s_n)/2 t."""
        jumps = zip(self.knots, self.slopes, self.slopes[1:], strict=False)
        folds = [_exact(b - a) / 2 * sp.Abs(t - _exact(k)) for k, a, b in jumps]
        return sp.Add(*folds) + _exact(self.slopes[0] + self.slopes[-1]) / 2 * t


@dataclass(frozen=True)
class Hunt:
    """The lowest E''(0) found, enclosed; ``ratio``: -E''/claimed; ``confirmed``: above 1."""

    function: PiecewiseLinear
    curvature: arb
    ratio: arb
    confirmed: bool
    tried: int


def hunt(
    gamma: Any, M: Any, claimed: Any = None, seed: int = 0, starts: int = 8, steps: int = 150
) -> Hunt:
    """Search for E''(0) < -claimed; without ``claimed``, against the conjectured constant."""
    g, largest = exact(gamma, "gamma", positive=True), exact(M, "M", positive=True)
    with ctx.workprec(128):
        limit = -conjectured_lipschitz_lower(g, largest) if claimed is None else None
        bound = arb(exact(claimed, "claimed", positive=True)) if limit is None else limit
    search = _Search(float(arb(largest)) / float(arb(g)) ** 0.5, np.random.default_rng(seed))
    best = min((search.climb(steps) for _ in range(starts)), key=lambda found: found[0])
    function = _rational(best[1], best[2], g, largest)
    curvature = LocalEntropy(function.expr(sp.Symbol("t", real=True)), g).at(0).curvature
    with ctx.workprec(128):
        return Hunt(function, curvature, -curvature / bound, bool(-curvature > bound), search.tried)


class _Search:
    """In the unit 1/sqrt(gamma) of t, where f is m-Lipschitz with m = M/sqrt(gamma)."""

    def __init__(self, m: float, rng: np.random.Generator):
        self.m, self.rng, self.tried = m, rng, 0

    def climb(self, steps: int) -> tuple[float, np.ndarray, np.ndarray]:
        """Random steps that shrink when they stop helping."""
        n = int(self.rng.integers(1, 6))
        knots = np.sort(self.rng.normal(size=n) * (1 + self.m))
        slopes = self.rng.uniform(-self.m, self.m, n + 1)
        value, size = self.value(knots, slopes), 1.0
        for _ in range(steps):
            k = np.sort(knots + size * self.rng.normal(size=n))
            s = np.clip(slopes + size * self.m * self.rng.normal(size=n + 1), -self.m, self.m)
            new = self.value(k, s)
            better = new < value
            size = min(2.0, size * 1.5) if better else max(1e-6, size * 0.9)
            if better:
                value, knots, slopes = new, k, s
        return value, knots, slopes

    def value(self, knots: np.ndarray, slopes: np.ndarray) -> float:
        """1 - Var in floats."""
        self.tried += 1
        return 1.0 - _variance(knots, slopes)


def _variance(knots: np.ndarray, slopes: np.ndarray) -> float:
    """Of the density exp(-f - t^2/2): on each piece a Gaussian about -s, cut at the knots."""
    ends = np.concatenate(([-np.inf], knots, [np.inf]))
    heights = np.concatenate(([0.0], np.cumsum(slopes[1:-1] * np.diff(knots))))
    # f = offset + s t on a piece, with f = 0 at the first knot.
    at = np.concatenate((knots[:1], knots))
    offsets = np.concatenate((heights[:1], heights)) - slopes * at
    low, high = ends[:-1] + slopes, ends[1:] + slopes
    mass = _log_mass(low, high)
    weight = mass + slopes**2 / 2 - offsets
    p = np.exp(weight - logsumexp(weight))
    first, second = _truncated(low, high, mass)
    mean = float(p @ (first - slopes))
    return float(p @ (second - 2 * slopes * first + slopes**2)) - mean**2


def _log_mass(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """log of the standard normal mass of [low, high], on the side where it is accurate."""
    flip = low > 0
    a, b = np.where(flip, -high, low), np.where(flip, -low, high)
    top = log_ndtr(b)
    with np.errstate(divide="ignore"):
        return np.asarray(top + np.log(-np.expm1(np.minimum(log_ndtr(a) - top, 0.0))))


def _truncated(
    low: np.ndarray, high: np.ndarray, mass: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """First and second moment of the standard normal law cut to [low, high]."""

    def density(z: np.ndarray, power: int) -> np.ndarray:
        finite = np.where(np.isfinite(z), z, 0.0)
        value = np.exp(-(finite**2) / 2 - mass) / np.sqrt(2 * np.pi) * finite**power
        return np.where(np.isfinite(z) & np.isfinite(mass), value, 0.0)

    return density(low, 0) - density(high, 0), 1 + density(low, 1) - density(high, 1)


def _rational(knots: np.ndarray, slopes: np.ndarray, gamma: Any, largest: Any) -> PiecewiseLinear:
    """Exact knots and slopes nearby, in the unit of t, with the slopes within M."""
    M = Fraction(int(largest.p), int(largest.q))
    unit = float(arb(gamma)) ** 0.5
    exact_slopes = [Fraction(float(s) * unit).limit_denominator(DENOMINATOR) for s in slopes]
    return PiecewiseLinear(
        tuple(Fraction(float(k) / unit).limit_denominator(DENOMINATOR) for k in knots),
        tuple(max(-M, min(M, s)) for s in exact_slopes),
    )


def _exact(value: Fraction) -> sp.Rational:
    return sp.Rational(value.numerator, value.denominator)
