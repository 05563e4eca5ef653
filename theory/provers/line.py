"""Claims about d = 1 alone: every norm is an absolute value, so they are about one number."""

from __future__ import annotations

from typing import Any

from theory.provers.fixed_dimension import prove_in
from theory.verdicts import Evidence

COST = 5


def treats(statement: Any) -> bool:
    """Every statement, when the claim is about d = 1 alone."""
    return True


def prove(claim: Any, deadline: float) -> Evidence | None:
    """Prove the claim about coordinates."""
    return prove_in((1,), claim, deadline) if claim.dimensions == (1,) else None
