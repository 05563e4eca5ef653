"""The compact convex sets of an instance: boxes and Euclidean balls.

.. math:: h_K(t) = \\max_{\\delta\\in K}\\langle t, \\delta\\rangle
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import fmpq

from numerics.falsify.unknowns.numbers import Number, largest, root
from numerics.falsify.unknowns.rational_matrices import dotted


@dataclass(frozen=True)
class Box:
    """The product of the intervals [low_i, high_i]; in one dimension every compact convex set."""

    low: tuple[fmpq, ...]
    high: tuple[fmpq, ...]

    def support(self, t: list[Number]) -> Number:
        ends = zip(self.low, self.high, t, strict=True)
        return sum((largest([a * x, b * x]) for a, b, x in ends), fmpq(0))

    def __str__(self) -> str:
        return " x ".join(f"[{a}, {b}]" for a, b in zip(self.low, self.high, strict=True))


@dataclass(frozen=True)
class Ball:
    """The Euclidean ball about 0."""

    radius: fmpq

    def support(self, t: list[Number]) -> Number:
        return self.radius * root(dotted(t, t))

    def __str__(self) -> str:
        return f"the Euclidean ball of radius {self.radius} about 0"
