r"""The ball of L2 attacks: projections, Newton steps on the sphere, rigorous exclusions.

.. math:: \nabla l = \lambda\delta,\ \lambda \ge 0,\ \|\delta\| = \epsilon, \qquad
          H - \lambda I - \rho\,(2\delta\delta^\top + (\|\delta\|^2 - \epsilon^2) I) \prec 0

The second condition, on a convex neighbourhood, makes the maximiser there unique: the augmented
Lagrangian is strictly concave, and agrees with l on the sphere.
Source: Kanai et al. 2021/2024, general case; enclosures ours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from numerics.families.derivatives import Array
from numerics.families.landscapes import Enclosure
from numerics.families.regions import System, excludes_zero, positive_definite, solve
from numerics.intervals import Interval, integer_power, interval, sqrt

ON_SPHERE = 1e-9  # relative: iterates are projected, so they lie on the sphere or well inside


@dataclass(frozen=True)
class Ball:
    """||delta|| <= radius, see ``Region``.

    >>> Ball(1.0).project(np.array([[3.0, 4.0]])).round(12).tolist()
    [[0.6, 0.8]]
    """

    radius: float

    def project(self, points: Array) -> Array:
        """Scaled back to the sphere."""
        size = np.linalg.norm(points, axis=-1, keepdims=True)
        return np.where(
            size > self.radius, points * (self.radius / np.maximum(size, 1e-300)), points
        )

    def newton(self, delta: Array, gradient: Array, hessian: Array) -> Array:
        """Newton's step for g = lambda delta, |delta| = radius; inside, for g = 0."""
        n, level = len(delta), self.multipliers(delta, gradient)[0]
        if not (self.active(delta)[0] and level > 0):
            return self.project((delta - solve(hessian, gradient))[None])[0]
        matrix = np.zeros((n + 1, n + 1))
        matrix[:n, :n] = hessian - level * np.eye(n)
        matrix[:n, n] = matrix[n, :n] = -delta
        gap = (self.radius**2 - delta @ delta) / 2
        step = solve(matrix, -np.append(gradient - level * delta, gap))
        moved = delta + step[:n]
        return np.asarray(moved * (self.radius / np.linalg.norm(moved)))

    def multipliers(self, delta: Array, gradient: Array) -> Array:
        """lambda = <g, delta>/radius^2 on the sphere, (1,)."""
        return self.active(delta) * (gradient @ delta) / self.radius**2

    def active(self, delta: Array) -> Array:
        """1 on the sphere, (1,)."""
        return np.array([float(np.linalg.norm(delta) >= self.radius * (1 - ON_SPHERE))])

    def inside(self, delta: Array) -> Array:
        """Shrunk by some units in the last place."""
        shrink = 2.0**-52
        while (_square([interval(d) for d in delta]).hi > self._square_radius().lo).any():
            delta, shrink = delta * (1 - shrink), 2 * shrink
        return delta

    def outside(self, boxes: list[Interval]) -> Array:
        """All of the box is too far from 0."""
        return np.asarray(_square(boxes).lo > self._square_radius().hi)

    def reduced(self, lo: Array, hi: Array, found: Enclosure) -> tuple[Array, Array]:
        """The sphere is no face: boxes stay."""
        return lo, hi

    def impossible(self, boxes: list[Interval], found: Enclosure) -> Array:
        """g is nowhere lambda delta with lambda >= 0, or is nowhere 0 inside."""
        g, n = found.gradient, len(boxes)
        nonzero = np.logical_or.reduce([excludes_zero(s) for s in g])
        bad = nonzero & (_square(boxes).hi < self._square_radius().lo)
        for i in range(n):
            for j in range(i):
                bad = bad | excludes_zero(g[i] * boxes[j] - g[j] * boxes[i])
        return bad | (_inner(g, boxes).hi < 0)

    def unique(self, delta: Array, boxes: list[Interval], found: Enclosure) -> Array:
        """Strict concavity of l inside, of an augmented Lagrangian at the sphere."""
        if not self.active(delta)[0]:
            inside = _square(boxes).hi < self._square_radius().lo
            return inside & positive_definite([[-h for h in row] for row in found.hessian])
        g, n = found.gradient, len(boxes)
        nonzero = np.logical_or.reduce([excludes_zero(s) for s in g])
        level = interval((sqrt(_square(g)) / interval(self.radius)).lo)
        size = np.max([np.abs(h.lo) for row in found.hessian for h in row], axis=0)
        good = np.zeros_like(nonzero)
        for weight in (0.0, 1.0, 4.0):
            penalty = interval(weight * (size + level.hi) / self.radius**2)
            shift = level + penalty * (_square(boxes) - self._square_radius())
            good |= positive_definite(
                [
                    [self._entry(i, j, boxes, found, shift, penalty) for j in range(n)]
                    for i in range(n)
                ]
            )
        return good & nonzero

    def _entry(
        self,
        i: int,
        j: int,
        boxes: list[Interval],
        found: Enclosure,
        shift: Interval,
        penalty: Interval,
    ) -> Interval:
        """Minus the Hessian of the augmented Lagrangian."""
        product = integer_power(boxes[i], 2) if i == j else boxes[i] * boxes[j]
        out = interval(2.0) * penalty * product - found.hessian[i][j]
        return out + shift if i == j else out

    def unknowns(self, delta: Array, box: list[Interval], found: Enclosure) -> list[Interval]:
        """delta, and on the sphere lambda = |g|/radius."""
        level = sqrt(_square(found.gradient)) / interval(self.radius)
        return [*box, level] if self.active(delta)[0] else box

    def moved(self, delta: Array, unknowns: list[Interval]) -> list[Interval]:
        """The perturbation among the unknowns."""
        return unknowns[: len(delta)]

    def system(self, delta: Array, unknowns: list[Interval], found: Enclosure) -> System:
        """g = lambda delta and (radius^2 - |delta|^2)/2 = 0; inside, g = 0."""
        if not self.active(delta)[0]:
            return System(found.gradient, found.hessian)
        *point, level = unknowns
        slopes = [g - level * d for g, d in zip(found.gradient, point, strict=True)]
        gap = interval(0.5) * (self._square_radius() - _square(point))
        rows = [
            [h - level if i == j else h for j, h in enumerate(row)] + [-point[i]]
            for i, row in enumerate(found.hessian)
        ]
        return System([*slopes, gap], [*rows, [*[-d for d in point], interval([0.0])]])

    def _square_radius(self) -> Interval:
        return integer_power(interval(self.radius), 2)


def _square(parts: list[Interval]) -> Interval:
    total = integer_power(parts[0], 2)
    for part in parts[1:]:
        total = total + integer_power(part, 2)
    return total


def _inner(one: list[Interval], two: list[Interval]) -> Interval:
    total = one[0] * two[0]
    for a, b in zip(one[1:], two[1:], strict=True):
        total = total + a * b
    return total
