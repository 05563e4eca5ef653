"""Balls of the p-norms.

.. math:: \\max_{\\|\\delta\\|_p\\le\\epsilon}\\langle t,\\delta\\rangle = \\epsilon\\|t\\|_q,
          \\qquad \\tfrac1p + \\tfrac1q = 1.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, S, oo

from theory.attack_sets.support_function import AttackSet
from theory.scalars import exponent, norm
from theory.vectors import scalar


def dual_exponent(p: Any) -> Expr:
    """q with 1/p + 1/q = 1.

    >>> dual_exponent(3), dual_exponent(1), dual_exponent(oo)
    (3/2, oo, 1)
    """
    p = exponent(p, "dual_exponent")
    if p == oo:
        return S.One
    return oo if p == 1 else p / (p - 1)


class NormBall(AttackSet):
    """||delta||_p <= radius, for every p in [1, oo]; the radius in the unit of x."""

    def __init__(self, p: Any, radius: Any) -> None:
        self.p = exponent(p, "NormBall")
        self.radius = scalar(radius, "NormBall: radius")
        if not self.radius.is_nonnegative:
            raise ValueError(
                f"NormBall: expected a radius >= 0 (a number, or a symbol declared positive=True), "
                f"got {self.radius}"
            )
        super().__init__(lambda t: self.radius * norm(t, dual_exponent(self.p)))

    def __str__(self) -> str:
        return f"NormBall({self.p}, {self.radius})"

    __repr__ = __str__
