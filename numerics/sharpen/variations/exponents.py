"""Another exponent on a factor: eps/rho to eps/rho^2, ||1||^2 to ||1||; one step or a factor 2."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Pow, Symbol

from numerics.sharpen.changes import Change
from numerics.sharpen.rewriting import everywhere
from theory.claims import Claim
from theory.scalars import Norm

ORDER = 4


def variations(claim: Claim) -> Iterator[Change]:
    """Every power, norm and symbol in every bound; the base may be above 1 or below it."""
    return everywhere(claim, _rule)


def _rule(e: Expr, sense: int) -> Iterator[Expr]:
    base, exponent = e.as_base_exp() if isinstance(e, Pow) else (e, 1)
    if not isinstance(e, Pow | Norm | Symbol) or not getattr(exponent, "is_Rational", True):
        return
    for other in dict.fromkeys((exponent - 1, exponent / 2 if e.is_Pow else 0, 2 * exponent)):
        yield base**other
