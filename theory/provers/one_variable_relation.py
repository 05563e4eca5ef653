"""Relations in a single real variable, on the interval that the hypotheses cut out.

The difference of the sides is shown to have its sign wherever both are defined: 1/t >= 1/t - 1 is
proved for every real t, as t = 0 is no counterexample.
"""

from __future__ import annotations

from typing import Any

from sympy import And, Symbol
from sympy.core.relational import Eq, Ge, Gt, Le, Lt, Relational
from sympy.logic.boolalg import Boolean

from theory.provers.kernel import proved
from theory.reasoning import one_variable
from theory.reasoning.slopes import domain_of
from theory.vectors import Label
from theory.verdicts import Evidence

COST = 10


def treats(statement: Any) -> bool:
    """SymPy relations."""
    return isinstance(statement, Boolean)


def prove(claim: Any, deadline: float) -> Evidence | None:
    """f >= 0 or f > 0 on an interval, by exact algebra, derivative chains and enclosures."""
    symbols = claim.free_variables
    if len(symbols) != 1 or not isinstance(symbols[0], Symbol) or isinstance(symbols[0], Label):
        return None
    z = symbols[0]
    domain = domain_of(z, claim.given)
    if domain is None:
        return None
    steps: list[str] = []
    data: list[Any] = []
    for goal in And.make_args(claim.holds):
        found = _one(goal, z, domain, deadline)
        if found is None:
            return None
        steps += [f"show {goal} for {z} in {domain}", *found.steps]
        data.append(dict(found.data))
    return proved("one-variable", f"holds for every {z} in {domain}", steps, {"goals": data})


def _one(goal: Any, z: Symbol, domain: Any, deadline: float) -> Any:
    if isinstance(goal, Eq):
        return _equal(goal.lhs - goal.rhs, z, domain, deadline)
    if not isinstance(goal, Relational):
        return None
    gap = goal.gts - goal.lts if isinstance(goal, Ge | Gt | Le | Lt) else None
    if gap is None:
        return None
    strict = isinstance(goal, Gt | Lt)
    return one_variable.prove_nonnegative(gap, z, domain, strict=strict, deadline=deadline)


def _equal(gap: Any, z: Symbol, domain: Any, deadline: float) -> Any:
    """gap >= 0 and gap <= 0."""
    above = one_variable.prove_nonnegative(gap, z, domain, deadline=deadline)
    return above and one_variable.prove_nonnegative(-gap, z, domain, deadline=deadline)
