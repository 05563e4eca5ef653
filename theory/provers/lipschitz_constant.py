"""Lipschitz statements: derive a constant by composition, compare it with the claimed one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Expr

from theory.provers.kernel import proved
from theory.reasoning.composites import depends
from theory.reasoning.definedness import defined
from theory.reasoning.entailment import entailed, pair_hypotheses
from theory.reasoning.lipschitz_calculus import Bound, LipschitzCalculus
from theory.reasoning.norm_bounds import finite_bounds
from theory.statements import Lipschitz, Smooth
from theory.verdicts import Evidence

COST = 20
BY = "lipschitz-calculus"


def treats(statement: Any) -> bool:
    """Lipschitz, with or without a constant."""
    return isinstance(statement, Lipschitz) and not isinstance(statement, Smooth)


def prove(claim: Any, deadline: float) -> Evidence | None:
    """L derived <= L claimed, for every pair that meets the hypotheses."""
    statement = claim.holds
    found = lipschitz(statement.f, statement.wrt, statement.constant, claim.given, deadline)
    if found is None:
        return None
    bound, steps, data = found
    return proved(BY, f"derived constant {bound.value}", steps, data)


def lipschitz(
    f: Any, wrt: Any, constant: Expr | None, given: Any, deadline: float
) -> tuple[Bound, tuple[str, ...], dict[str, Any]] | None:
    """A derived constant that the hypotheses bound by the claimed one, or by some finite one."""
    calculus = LipschitzCalculus(wrt, tuple(given))
    both = pair_hypotheses(given, wrt, calculus.other)
    if defined(f, given, deadline) is None:
        return None
    for bound in calculus.rates(f):
        for limit in _limits(bound, wrt, calculus.other, constant, both):
            if not depends(bound.value - limit, wrt) and bound.value == limit:
                return bound, (*bound.steps, f"the derived constant is {limit}"), {}
            argument = entailed(both, bound.value <= limit, deadline)
            if argument is not None:
                steps = (*bound.steps, f"compare: {bound.value} <= {limit}", *argument.steps)
                return bound, steps, argument.data
    return None


def _limits(bound: Bound, wrt: Any, other: Any, constant: Any, both: Any) -> Iterator[Expr]:
    if constant is not None:
        yield constant
    else:
        yield from finite_bounds(bound.value, {wrt, other}, both)


