"""A smaller norm for a norm: ||x||_1 to ||x||_2 to ||x||_oo."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Rational, S, oo

from numerics.sharpen.changes import Change
from numerics.sharpen.rewriting import everywhere
from theory.claims import Claim
from theory.scalars import Norm, norm

ORDER = 3
EXPONENTS = (S.One, Rational(3, 2), S(2), S(3), oo)  # the norm falls as p grows


def variations(claim: Claim) -> Iterator[Change]:
    """Every norm in every bound."""
    return everywhere(claim, rule)


def rule(e: Expr, sense: int) -> Iterator[Expr]:
    """The neighbours of a norm on the wanted side, the nearest first, then the farthest."""
    if isinstance(e, Norm):
        if sense < 0:
            beyond = [p for p in EXPONENTS if p > e.p]
        else:
            beyond = [p for p in reversed(EXPONENTS) if p < e.p]
        for p in dict.fromkeys((*beyond[:1], *beyond[-1:])):
            yield norm(e.vector, p)
