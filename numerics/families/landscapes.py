r"""A loss as a function of the perturbation alone, for many points and for many boxes.

.. math:: \delta \mapsto l(x + \delta, \theta)

What an attack needs: floats at points, and enclosures on boxes for a certificate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from numerics.families.derivatives import Array
from numerics.intervals import Interval, interval


@dataclass(frozen=True)
class Points:
    """Values (N,), gradients (N, n) and Hessians (N, n, n)."""

    value: Array
    gradient: Array
    hessian: Array


@dataclass(frozen=True)
class Enclosure:
    """Over N boxes: value (N,), gradient[i] (N,), hessian[i][j] (N,), as intervals."""

    value: Interval
    gradient: list[Interval]
    hessian: list[list[Interval]]


class Landscape(Protocol):
    """A twice differentiable function of n perturbations."""

    @property
    def inputs(self) -> int:
        """n."""

    def at(self, points: Array) -> Points:
        """Floats at points (N, n)."""

    def on(self, boxes: list[Interval]) -> Enclosure:
        """Enclosures over N boxes, given by their n sides, each (N,)."""


def sides(lo: Array, hi: Array) -> list[Interval]:
    """The sides of boxes with corners (N, n).

    >>> import numpy as np
    >>> [s.hi.tolist() for s in sides(np.zeros((1, 2)), np.array([[1.0, 2.0]]))]
    [[1.0], [2.0]]
    """
    return [interval(lo[:, i], hi[:, i]) for i in range(lo.shape[1])]
