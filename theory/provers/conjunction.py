"""Conjunctions and disjunctions of relations: every part, or one part, by any strategy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import And, Or

from theory.provers.kernel import proved
from theory.verdicts import Evidence, Status

COST = 8


def treats(statement: Any) -> bool:
    """And, Or."""
    return isinstance(statement, And | Or)


def prove(claim: Any, deadline: float) -> Evidence | None:
    """Prove all parts of a conjunction, or the first provable part of a disjunction."""
    from theory.provers import prove as prove_any

    steps: list[str] = []
    for part in claim.holds.args:
        found = prove_any(replace(claim, holds=part, mutants=()), deadline)
        proofs = [e for e in found if e.status is Status.PROVED]
        if proofs:
            steps += [f"part: {part}", *proofs[0].steps]
            if isinstance(claim.holds, Or):
                return proved("disjunction", "one part holds everywhere", steps)
        elif isinstance(claim.holds, And):
            return None
    return proved("conjunction", "every part holds", steps) if steps else None
