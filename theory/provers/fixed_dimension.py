"""Claims about a few dimensions only: one scalar claim for each."""

from __future__ import annotations

from typing import Any

from theory.provers.kernel import proved
from theory.reasoning.fixed_dimension import by_signs, in_dimension
from theory.verdicts import Evidence, Status

COST = 60


def treats(statement: Any) -> bool:
    """Every statement, when the claim names its dimensions."""
    return True


def prove(claim: Any, deadline: float) -> Evidence | None:
    """Prove the claim in coordinates, in each of its dimensions."""
    if claim.dimensions in (None, (1,)):
        return None
    return prove_in(claim.dimensions, claim, deadline)


def prove_in(dimensions: tuple[int, ...], claim: Any, deadline: float) -> Evidence | None:
    """One scalar claim for each dimension, all of them proved."""
    from theory.provers import prove as prove_any

    steps: list[str] = []
    for d in dimensions:
        scalar = in_dimension(claim, d)
        if scalar is None:
            return None
        for case, part in by_signs(scalar, deadline) if d == 1 else [("", scalar)]:
            proofs = [e for e in prove_any(part, deadline) if e.status is Status.PROVED]
            if not proofs:
                return None
            steps += [f"d = {d}, in coordinates{case}:", *proofs[0].steps]
    return proved("coordinates", f"proved in d = {', '.join(map(str, dimensions))}", steps)
