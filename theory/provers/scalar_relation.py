"""Relations between scalars made of vectors, by reduction to invariants."""

from __future__ import annotations

from typing import Any

from sympy import And, S
from sympy.logic.boolalg import Boolean

from theory.provers.kernel import proved
from theory.reasoning.definedness import defined, same_domain
from theory.reasoning.entailment import entailed
from theory.verdicts import Evidence

COST = 20


def treats(statement: Any) -> bool:
    """SymPy relations and their Boolean combinations."""
    return isinstance(statement, Boolean)


def prove(claim: Any, deadline: float) -> Evidence | None:
    """Prove each conjunct from the hypotheses and the lemmas proved before."""
    given = list(claim.given)
    steps: list[str] = []
    data: list[Any] = []
    goals = [*claim.lemmas, *And.make_args(claim.holds)]
    if claim.holds is S.true:
        return proved("evaluation", "true as written", ["SymPy evaluates the relation to true"])
    for k, goal in enumerate(goals):
        exists = defined(goal, given, deadline) or same_domain(goal)
        if exists is None:
            return None
        argument = entailed(given, goal, deadline)
        if argument is None:
            return None
        steps += [f"show {goal}", *exists.steps, *argument.steps]
        data.append(argument.data)
        if k < len(claim.lemmas):
            given.append(goal)
    return proved("invariants", "follows from the hypotheses in every dimension", steps, {"goals": data})


