r"""The box of L-infinity attacks: projections, Newton steps on a face, rigorous exclusions.

.. math:: K = \{|\delta_i| \le \epsilon\}, \qquad
          s_i\,\partial_i l > 0\ (\delta_i = s_i\epsilon), \quad \partial_F l = 0, \quad
          -H_{FF} \succ 0

Source: Kanai et al. 2021/2024, general case; enclosures ours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from numerics.families.derivatives import Array
from numerics.families.landscapes import Enclosure
from numerics.families.regions import System, positive_definite, solve
from numerics.intervals import Interval, interval


@dataclass(frozen=True)
class Box:
    """|delta_i| <= radius, see ``Region``.

    >>> Box(1.0).project(np.array([[2.0, 0.5]])).tolist()
    [[1.0, 0.5]]
    """

    radius: float

    def project(self, points: Array) -> Array:
        """Clipped to the box."""
        return np.clip(points, -self.radius, self.radius)

    def newton(self, delta: Array, gradient: Array, hessian: Array) -> Array:
        """Newton's step on the free coordinates; active ones stay on their faces."""
        held = self.active(delta) * gradient > 0
        free = np.flatnonzero(~held)
        out = delta.copy()
        out[free] -= solve(hessian[np.ix_(free, free)], gradient[free])
        return self.project(out[None])[0]

    def multipliers(self, delta: Array, gradient: Array) -> Array:
        """|d_i l| on the faces, (n,)."""
        return np.asarray(self.active(delta) * gradient)

    def active(self, delta: Array) -> Array:
        """The sign of the face, 0 for a free coordinate."""
        return np.where(np.abs(delta) >= self.radius, np.sign(delta), 0.0)

    def inside(self, delta: Array) -> Array:
        """Clipping is exact."""
        return self.project(delta[None])[0]

    def outside(self, boxes: list[Interval]) -> Array:
        """Beyond a face."""
        beyond = [(b.lo > self.radius) | (b.hi < -self.radius) for b in boxes]
        return np.logical_or.reduce(beyond)

    def reduced(self, lo: Array, hi: Array, found: Enclosure) -> tuple[Array, Array]:
        """A coordinate in which l is strictly monotone goes to the end that is a face."""
        lo, hi = np.maximum(lo, -self.radius), np.minimum(hi, self.radius)
        for i, slope in enumerate(found.gradient):
            up, down = (slope.lo > 0) & (hi[:, i] == self.radius), slope.hi < 0
            down = down & (lo[:, i] == -self.radius)
            lo[up, i], hi[down, i] = self.radius, -self.radius
        return lo, hi

    def impossible(self, boxes: list[Interval], found: Enclosure) -> Array:
        """A slope that leads on inside the set."""
        bad = np.zeros(np.shape(found.value.lo), dtype=bool)
        for side, slope in zip(boxes, found.gradient, strict=True):
            bad |= (slope.lo > 0) & (side.hi < self.radius)
            bad |= (slope.hi < 0) & (side.lo > -self.radius)
        return bad

    def unique(self, delta: Array, boxes: list[Interval], found: Enclosure) -> Array:
        """Every maximiser lies on the active faces and on no other, and l is concave there."""
        signs = self.active(delta)
        good = np.ones(np.shape(found.value.lo), dtype=bool)
        for sign, side, slope in zip(signs, boxes, found.gradient, strict=True):
            if sign:
                good &= (sign * slope.lo > 0) & (sign * slope.hi > 0)
            else:
                good &= (side.lo > -self.radius) & (side.hi < self.radius)
        free = np.flatnonzero(signs == 0)
        block = [[-found.hessian[i][j] for j in free] for i in free]
        return good & positive_definite(block)

    def unknowns(self, delta: Array, box: list[Interval], found: Enclosure) -> list[Interval]:
        """The free coordinates."""
        return [side for side, sign in zip(box, self.active(delta), strict=True) if not sign]

    def moved(self, delta: Array, unknowns: list[Interval]) -> list[Interval]:
        """The face at other free coordinates."""
        rest, signs = iter(unknowns), self.active(delta)
        return [interval([d]) if s else next(rest) for d, s in zip(delta, signs, strict=True)]

    def system(self, delta: Array, unknowns: list[Interval], found: Enclosure) -> System:
        """d_F l = 0 on the face."""
        free = [int(i) for i in np.flatnonzero(self.active(delta) == 0)]
        rows = [[found.hessian[i][j] for j in free] for i in free]
        return System([found.gradient[i] for i in free], rows)
