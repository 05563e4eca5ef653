"""In which dimensions a claim is searched: small ones first."""

from __future__ import annotations

from typing import Any

from sympy import Basic

from theory.claims import Claim
from theory.statements import Not, Statement, parts
from theory.vectors import VectorExpr

SMALL, LARGE = (1, 2, 3), (4, 5, 8, 10)


def dimensions_of(claim: Claim) -> tuple[int, ...]:
    """The dimensions to try; one is enough where no vector occurs."""
    dims = claim.dimensions or SMALL + LARGE
    allowed = dims if claim.dimensions is None else dims[:5] + dims[5:][:: max(1, len(dims) // 5)]
    return allowed if has_vectors(claim) else allowed[:1]


def has_vectors(claim: Claim) -> bool:
    """Whether the dimension matters to the claim."""
    return any(_has_vectors(p) for p in (*_parts(claim.holds), *claim.given))


def _parts(holds: Any) -> tuple[Any, ...]:
    inner = holds.statement if isinstance(holds, Not) else holds
    return parts(inner) if isinstance(inner, Statement) else (inner,)


def _has_vectors(p: Any) -> bool:
    return isinstance(p, VectorExpr) or (isinstance(p, Basic) and bool(p.atoms(VectorExpr)))
