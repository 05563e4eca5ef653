r"""x -> c'x + x'H x/2 as a landscape, so that the attack solver meets problems with known answers.

.. math:: \nabla = c + H x, \qquad \nabla^2 = H

Source: ours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from numerics.families.derivatives import Array
from numerics.families.landscapes import Enclosure, Points
from numerics.intervals import Interval, integer_power, interval


@dataclass(frozen=True)
class QuadraticLandscape:
    """c (n,), H (n, n)."""

    c: Array
    H: Array

    @property
    def inputs(self) -> int:
        """n."""
        return len(self.c)

    def at(self, points: Array) -> Points:
        """Floats at points (N, n)."""
        pushed = points @ self.H
        value = points @ self.c + np.einsum("ni,ni->n", pushed, points) / 2
        return Points(value, self.c + pushed, np.broadcast_to(self.H, (len(points), *self.H.shape)))

    def on(self, boxes: list[Interval]) -> Enclosure:
        """Enclosures over boxes."""
        n, flat = self.inputs, np.zeros_like(boxes[0].lo)
        entry = [[interval(flat + self.H[i, j]) for j in range(n)] for i in range(n)]
        value, slopes = interval(flat), []
        for i, x in enumerate(boxes):
            slope = interval(flat + self.c[i])
            for j, other in enumerate(boxes):
                slope = slope + entry[i][j] * other
                if j < i:
                    value = value + entry[i][j] * x * other
            value = (
                value + interval(self.c[i]) * x + interval(0.5) * entry[i][i] * integer_power(x, 2)
            )
            slopes.append(slope)
        return Enclosure(value, slopes, entry)
