"""Contradictory hypotheses: nothing satisfies them, so the statement says nothing."""

from __future__ import annotations

from typing import Any

from sympy import S

from theory.provers import about_dimension
from theory.reasoning.entailment import contradiction
from theory.verdicts import Evidence, Status


def vacuous(claim: Any, deadline: float) -> Evidence | None:
    """A proof that the hypotheses contradict each other in every dimension claimed."""
    if any(g is S.false for g in claim.given):
        return Evidence("evaluation", Status.VACUOUS, "a hypothesis is false as written")
    if not claim.given:
        return None
    sizes = about_dimension(claim.dimensions) if claim.dimensions else []
    argument = contradiction([*claim.given, *sizes], deadline)
    if argument is None:
        return None
    return Evidence(
        "invariants",
        Status.VACUOUS,
        "the hypotheses contradict each other",
        steps=argument.steps,
        data=argument.data,
    )
