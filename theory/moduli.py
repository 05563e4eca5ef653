r"""Convexity with a modulus: strongly convex, strongly concave, weakly convex.

.. math:: f-\tfrac\mu2\|\cdot\|^2 \text{ convex}, \qquad -f-\tfrac\mu2\|\cdot\|^2 \text{ convex},
          \qquad f+\tfrac\mu2\|\cdot\|^2 \text{ convex}
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Expr

from theory.scalars import norm
from theory.statements import Convex, Differentiable, _constant
from theory.vectors import Vector


@dataclass(frozen=True)
class _WithModulus(Differentiable):
    """A function whose sum with a multiple of the square of the norm is convex."""

    modulus: Any

    def __post_init__(self) -> None:
        super().__post_init__()
        name = type(self).__name__
        checked = _constant(self.modulus, self.wrt, name)
        if checked is None:
            raise TypeError(f"{name}: expected a modulus, got None")
        object.__setattr__(self, "modulus", checked)

    def bend(self) -> tuple[int, Expr]:
        """(s, m): s f - (m/2) ||.||^2 is convex."""
        raise NotImplementedError

    def restated(self) -> Convex:
        """The same as convexity."""
        side, m = self.bend()
        square = norm(self.wrt) ** 2 if isinstance(self.wrt, Vector) else self.wrt**2
        return Convex(side * self.f - m * square / 2, self.wrt)

    def __str__(self) -> str:
        words = "".join(f" {c.lower()}" if c.isupper() else c for c in type(self).__name__).strip()
        return f"{self.f} is {words} in {self.wrt} with modulus {self.modulus}"


class StronglyConvex(_WithModulus):
    """f - (modulus/2) ||.||^2 is convex.

    >>> from sympy import symbols
    >>> m, t = symbols("m", positive=True), Vector("theta")
    >>> print(StronglyConvex(m * norm(t)**2, t, 2 * m))
    m*norm(theta)**2 is strongly convex in theta with modulus 2*m
    """

    def bend(self) -> tuple[int, Expr]:
        return 1, self.modulus


class StronglyConcave(_WithModulus):
    """-f - (modulus/2) ||.||^2 is convex."""

    def bend(self) -> tuple[int, Expr]:
        return -1, self.modulus


class WeaklyConvex(_WithModulus):
    """f + (modulus/2) ||.||^2 is convex."""

    def bend(self) -> tuple[int, Expr]:
        return 1, -self.modulus
