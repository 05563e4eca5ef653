"""Relations between vectors of which only differences occur, in terms of the differences."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy.core.relational import Relational

from theory.provers.kernel import proved
from theory.reasoning.change_of_basis import change_of_basis
from theory.verdicts import Evidence, Status

COST = 17


def treats(statement: Any) -> bool:
    """Relations."""
    return isinstance(statement, Relational)


def prove(claim: Any, deadline: float) -> Evidence | None:
    """The same claim about the new vectors, by every strategy."""
    from theory.provers import prove as prove_any

    if claim.lemmas:
        return None
    rules = change_of_basis(claim.given, claim.holds)
    if rules is None:
        return None
    given = tuple(g.xreplace(rules) for g in claim.given)
    again = replace(claim, given=given, holds=claim.holds.xreplace(rules), mutants=())
    found = prove_any(replace(again, dimensions=None), deadline)
    proofs = [e for e in found if e.status is Status.PROVED]
    if not proofs:
        return None
    steps = [f"{old} = {new}" for old, new in rules.items()]
    return proved(
        "change-of-basis", "proved for the differences", [*steps, *proofs[0].steps], proofs[0].data
    )
