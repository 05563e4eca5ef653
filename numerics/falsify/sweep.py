"""Exact points at every scale where doubles cannot tell the two sides apart.

.. math:: \\log(1 + e^m) \\ge m + 10^{-26}, \\qquad 1 - \\cos t \\le (1 - 10^{-16})\\, t^2/2

fail only where both sides agree to twenty digits.  One variable, or all at once, runs through
powers of ten; the points that floats call a tie are handed to exact arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import sympy as sp

from numerics.falsify.problem import Problem
from numerics.falsify.rationalise import floats, pair_rows
from numerics.falsify.repair_plan import Repairs
from numerics.falsify.repairs import Point

TIED = 1e-12  # a relative difference that rounding may fake
POWERS = (1, 2, 3, 4, 5, 6, 8, 10, 12)
LENGTHS = (20, 40, 70, 120, 250)


def scales() -> list[sp.Rational]:
    """Sizes from 1e-12 to 1e12, those at which exponentials vanish in between."""
    powers = [sp.Rational(10) ** (sign * k) for k in POWERS for sign in (-1, 1)]
    return [*map(sp.Integer, LENGTHS), *powers]


def swept_points(problem: Problem, repairs: Repairs, most: int) -> list[Point]:
    """At most ``most`` exact points that floats cannot judge, spread over all scales."""
    points = list(_candidates(problem))
    rows = repairs.floats(floats(problem, points)).astype(np.longdouble)
    tied = np.abs(problem.violation(rows)) <= TIED
    kept = np.flatnonzero(tied & (problem.slack(rows) >= -TIED))
    chosen = [points[k] for k in kept[:: max(1, -(-len(kept) // most))]]
    return [p for p in chosen if repairs.exact(p, 1e-3)]


def _candidates(problem: Problem) -> Iterator[Point]:
    _, second = pair_rows(problem)
    base = {s: sp.Integer(1 + (k in second)) for k, s in enumerate(problem.symbols)}
    free = [s for k, s in enumerate(problem.symbols) if k not in problem.discrete]
    groups = [[problem.symbols[k] for k in rows] for rows in problem.vectors.values()]
    scalars = [[problem.symbols[k]] for k in problem.scalars]
    moved = [free, *groups, *scalars] if len(groups) + len(scalars) > 1 else [free]
    for size in scales():
        for group in moved:
            for sign in (1, -1):
                if sign < 0 and any(s.is_nonnegative for s in group):
                    continue
                yield {**base, **{s: sign * size for s in group}}
