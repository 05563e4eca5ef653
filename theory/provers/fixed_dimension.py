"""Claims about a few dimensions only: one scalar claim for each."""

from __future__ import annotations

from typing import Any

from theory.provers.kernel import proved
from theory.reasoning.fixed_dimension import in_dimension
from theory.verdicts import Evidence, Status

COST = 60


def treats(statement: Any) -> bool:
    """Every statement, when the claim names its dimensions."""
    return True


def prove(claim: Any, deadline: float) -> Evidence | None:
    """Prove the claim in coordinates, in each of its dimensions."""
    from theory.provers import prove as prove_any

    if claim.dimensions is None:
        return None
    steps: list[str] = []
    for d in claim.dimensions:
        scalar = in_dimension(claim, d)
        found = prove_any(scalar, deadline) if scalar is not None else []
        proofs = [e for e in found if e.status is Status.PROVED]
        if not proofs:
            return None
        steps += [f"d = {d}, in coordinates:", *proofs[0].steps]
    return proved("coordinates", f"proved in d = {', '.join(map(str, claim.dimensions))}", steps)
