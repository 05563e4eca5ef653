r"""What an attack and its certificate ask of an attack set: see ``attack_ball``, ``attack_box``.

.. math:: r(\delta) = \bigl\|\Pi_K(\delta + \nabla l(\delta)) - \delta\bigr\|

r is the residual of the first-order condition for a maximum on a convex set K.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from numerics.families.derivatives import Array
from numerics.families.landscapes import Enclosure
from numerics.intervals import Interval


@dataclass(frozen=True)
class System:
    """Equations F = 0 in as many unknowns, and their Jacobian, by enclosures (1,)."""

    values: list[Interval]
    jacobian: list[list[Interval]]


class Region(Protocol):
    """A convex set of perturbations that contains 0."""

    @property
    def radius(self) -> float:
        """epsilon."""

    def project(self, points: Array) -> Array:
        """The nearest members of points (N, n)."""

    def newton(self, delta: Array, gradient: Array, hessian: Array) -> Array:
        """One Newton step for the first-order conditions with the active constraints of delta."""

    def multipliers(self, delta: Array, gradient: Array) -> Array:
        """One for each constraint: (1,) on the ball, (n,) on the box; 0 where inactive."""

    def active(self, delta: Array) -> Array:
        """1 on the sphere, the signs of the faces on the box, else 0."""

    def inside(self, delta: Array) -> Array:
        """A float point that is certainly a member, next to delta."""

    def outside(self, boxes: list[Interval]) -> Array:
        """Where a box certainly has no member."""

    def reduced(self, lo: Array, hi: Array, found: Enclosure) -> tuple[Array, Array]:
        """Smaller boxes that keep every maximiser."""

    def impossible(self, boxes: list[Interval], found: Enclosure) -> Array:
        """Where the first-order conditions certainly fail at every member of the box."""

    def unique(self, delta: Array, boxes: list[Interval], found: Enclosure) -> Array:
        """Where a box around delta has at most one maximiser, with the active set of delta."""

    def unknowns(self, delta: Array, box: list[Interval], found: Enclosure) -> list[Interval]:
        """Enclosures of what the first-order equations determine: free coordinates, lambda."""

    def moved(self, delta: Array, unknowns: list[Interval]) -> list[Interval]:
        """The perturbation with those unknowns, (1,) each."""

    def system(self, delta: Array, unknowns: list[Interval], found: Enclosure) -> System:
        """The first-order equations with the active constraints of delta."""


def residual(region: Region, delta: Array, gradient: Array) -> float:
    """The residual of the first-order condition, in the unit of delta."""
    moved = region.project((delta + gradient)[None])[0]
    return float(np.linalg.norm(moved - delta))


def solve(matrix: Array, right: Array) -> Array:
    """M^{-1} b, in the sense of least squares where M is singular."""
    try:
        return np.asarray(np.linalg.solve(matrix, right))
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.lstsq(matrix, right)[0])


def excludes_zero(x: Interval) -> Array:
    """Where 0 is certainly no member."""
    return ~x.contains_zero()


def positive_definite(matrix: list[list[Interval]]) -> Array:
    """Where every symmetric matrix of the enclosure is positive definite: all pivots are positive.

    >>> from numerics.intervals import interval
    >>> two, one = interval([2.0]), interval([0.5], [1.0])
    >>> positive_definite([[two, one], [one, two]]).tolist()
    [True]
    """
    rows = [list(row) for row in matrix]
    good = np.asarray(True)
    for k, pivot_row in enumerate(rows):
        pivot = pivot_row[k]
        good = good & (pivot.lo > 0)
        for row in rows[k + 1 :]:
            factor = row[k] / pivot
            for j in range(k + 1, len(rows)):
                row[j] = row[j] - factor * pivot_row[j]
    return good
