"""Equality of vectors or matrices: every coefficient of the difference vanishes."""

from __future__ import annotations

from typing import Any

from theory.matrices import MatrixSum
from theory.provers.kernel import proved
from theory.reasoning.definedness import conditions, defined, necessary
from theory.reasoning.entailment import equal_scalars
from theory.reasoning.invariants import label_cases, normal_form
from theory.statements import Equal
from theory.verdicts import Evidence

COST = 10


def treats(statement: Any) -> bool:
    """Equal."""
    return isinstance(statement, Equal)


def prove(claim: Any, deadline: float) -> Evidence | None:
    """The canonical difference has coefficients 0, where both sides are defined."""
    left, right = claim.holds.left, claim.holds.right
    given, steps = list(claim.given), []
    for side in (left, right):
        argument = defined(side, given, deadline)
        if argument is None:
            if set(conditions(left)) != set(conditions(right)):
                return None
            given += necessary(left)
            steps.append("both sides are defined at the same points; equal there:")
            break
        steps += argument.steps
    for case in label_cases(left, right, *given):
        found = _vanishing(left.xreplace(case), right.xreplace(case), case, given, deadline)
        if found is None:
            return None
        steps += found
    return proved("normal-form", "the two sides have the same canonical form", steps)


def _vanishing(left: Any, right: Any, case: Any, given: Any, deadline: float) -> list[str] | None:
    facts = [g.xreplace(case) for g in given]
    difference = normal_form(left - right, facts)
    steps: list[str] = []
    for c, b in _parts(difference):
        argument = equal_scalars(c, 0, facts, deadline)
        if argument is None:
            return None
        steps += [f"coefficient of {b} in left - right is 0:", *argument.steps]
    return steps or ["left - right has no terms left"]


def _parts(difference: Any) -> Any:
    return difference.entries() if isinstance(difference, MatrixSum) else difference.terms()
