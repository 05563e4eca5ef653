"""Relations between scalars made of vectors, by reduction to invariants."""

from __future__ import annotations

from typing import Any

from sympy import And, S, exp, log
from sympy.logic.boolalg import Boolean

from theory.provers.kernel import proved
from theory.provers.lemmas import with_lemmas
from theory.reasoning.definedness import defined, same_domain
from theory.reasoning.entailment import Entailment, entailed
from theory.reasoning.factor_abstraction import Factors
from theory.reasoning.invariants import label_cases
from theory.verdicts import Evidence

COST = 20


def treats(statement: Any) -> bool:
    """SymPy relations and their Boolean combinations."""
    return isinstance(statement, Boolean)


def prove(claim: Any, deadline: float) -> Evidence | None:
    """Prove each conjunct from the hypotheses and the lemmas proved before."""
    if claim.holds is S.true:
        return proved("evaluation", "true as written", ["SymPy evaluates the relation to true"])
    facts, steps = with_lemmas(claim, deadline)
    data: list[Any] = []
    for goal in And.make_args(claim.holds):
        exists = defined(goal, facts, deadline) or same_domain(goal)
        if exists is None:
            return None
        argument = _by_factors(facts, goal, deadline) or entailed(facts, goal, deadline)
        if argument is None:
            return None
        steps += [f"show {goal}", *exists.steps, *argument.steps]
        data.append(argument.data)
    detail = "follows from the hypotheses in every dimension"
    return proved("invariants", detail, steps, {"goals": data})


def _by_factors(facts: list[Any], goal: Any, deadline: float) -> Entailment | None:
    """The same question with every transcendental factor an unknown of known range."""
    if not goal.atoms(exp, log):
        return None
    steps: list[str] = []
    for case in label_cases(goal, *facts):
        factors = Factors()
        target = factors.relation(goal.xreplace(case))
        given = [factors.relation(f.xreplace(case)) for f in facts]
        argument = entailed([*given, *factors.ranges()], target, deadline)
        if argument is None:
            return None
        steps += [*(f"{mark} stands for {g}" for g, mark in factors.marks.items()), *argument.steps]
    return Entailment(tuple(steps))
