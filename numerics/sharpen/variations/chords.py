"""A distance replaced by what the directions alone contribute to it.

.. math:: \\|u-v\\|^2 = (\\|u\\|-\\|v\\|)^2
          + \\|u\\|\\,\\|v\\|\\,\\Bigl\\|\\frac{u}{\\|u\\|}-\\frac{v}{\\|v\\|}\\Bigr\\|^2:

with the half angle the last factor is 2 sin(angle/2).
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Abs, Expr, sqrt

from numerics.sharpen.changes import Change
from numerics.sharpen.rewriting import everywhere
from theory.claims import Claim
from theory.scalars import Norm, norm
from theory.vectors import unit

ORDER = 7


def variations(claim: Claim) -> Iterator[Change]:
    """Every Euclidean distance of two vectors in every bound."""
    return everywhere(claim, _rule)


def _rule(e: Expr, sense: int) -> Iterator[Expr]:
    if isinstance(e, Norm) and e.p == 2 and sense < 0 and len(e.vector.terms()) == 2:
        (c, u), (k, v) = e.vector.terms()
        if c == 1 and k == -1:
            yield sqrt(norm(u) * norm(v)) * norm(unit(u) - unit(v))
            yield Abs(norm(u) - norm(v))
