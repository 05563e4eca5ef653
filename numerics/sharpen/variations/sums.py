"""Less than a sum: A + B to sqrt(A^2 + B^2) and to max(A, B)."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Add, Expr, Max, sqrt

from numerics.sharpen.changes import Change
from numerics.sharpen.rewriting import everywhere
from theory.claims import Claim

ORDER = 2


def variations(claim: Claim) -> Iterator[Change]:
    """Every sum in every bound; below a fraction bar the other way round."""
    return everywhere(claim, _rule)


def _rule(e: Expr, sense: int) -> Iterator[Expr]:
    if isinstance(e, Add):
        n, squares = len(e.args), Add(*(a**2 for a in e.args))
        yield sqrt(squares) if sense < 0 else sqrt(n * squares)
        yield Max(*e.args) if sense < 0 else n * Max(*e.args)
