"""Strictly below the bound: a <= b to a < b."""

from __future__ import annotations

from collections.abc import Iterator

from sympy.core.relational import Ge, Gt, Le, Lt

from numerics.sharpen.changes import Change
from theory.claims import Claim

ORDER = 8


def variations(claim: Claim) -> Iterator[Change]:
    """The strict form of a weak inequality."""
    r = claim.holds
    if isinstance(r, Le | Ge):
        strict = (Lt if isinstance(r, Le) else Gt)(r.lhs, r.rhs)
        if isinstance(strict, Lt | Gt):
            text = f"{'<=' if isinstance(r, Le) else '>='} -> {strict.rel_op}"
            yield Change(claim.mutate("strictly", None, holds=strict, kind="").claim, text, True)
