"""Lipschitz statements: derive a constant by composition, compare it with the claimed one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from sympy import Expr, Symbol

from theory.provers.kernel import proved
from theory.reasoning.definedness import defined
from theory.reasoning.entailment import Entailment, entailed, pair_hypotheses
from theory.reasoning.lipschitz_calculus import Bound, LipschitzCalculus
from theory.reasoning.norm_bounds import finite_bounds, lower_bounds
from theory.scalars import Dot, Norm, norm
from theory.statements import Lipschitz, Smooth
from theory.vectors import Vector
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
    both = with_norm_bounds(both, (wrt, calculus.other), deadline)
    if defined(f, given, deadline) is None:
        return None
    for bound in calculus.rates(f):
        for chain in _chains(bound, wrt, calculus.other, constant, both):
            argument = _ascending(chain, both, deadline)
            if argument is not None:
                return bound, (*bound.steps, *argument.steps), argument.data
    return None


def _chains(bound: Bound, wrt: Any, other: Any, constant: Any, both: Any) -> Iterator[list[Expr]]:
    """Ways from the derived constant up to the claimed one, or to any finite one."""
    for limit in finite_bounds(bound.value, {wrt, other}, both):
        yield [bound.value, limit] if constant is None else [bound.value, limit, constant]
    if constant is not None:
        yield [bound.value, constant]


def _ascending(chain: list[Expr], given: Any, deadline: float) -> Entailment | None:
    """Each member is at most the next."""
    steps: list[str] = []
    data: dict[str, Any] = {}
    for low, high in pairwise(chain):
        if low == high:
            steps.append(f"the derived constant is {high}")
            continue
        argument = entailed(given, low <= high, deadline)
        if argument is None:
            return None
        steps += [f"compare: {low} <= {high}", *argument.steps]
        data = {"comparisons": [*data.get("comparisons", []), argument.data]}
    return Entailment(tuple(steps), data)


def with_norm_bounds(given: Any, points: tuple[Any, ...], deadline: float) -> tuple[Any, ...]:
    """The hypotheses and what they imply for the norms of the points: <v, a> >= c gives ||v||."""
    if any(isinstance(p, Symbol) for p in points):
        return tuple(given)
    found: list[Any] = []
    for p in points:
        for bound in lower_bounds(Norm(p, 2), given):
            goal = norm(p) >= bound
            if goal not in given and entailed(list(given), goal, deadline) is not None:
                found.append(goal)
    if not found:
        return tuple(given)
    moving = set(points)
    plain = [g for g in given if not (g.atoms(Dot) and moving & set(g.atoms(Vector)))]
    return (*plain, *found)
