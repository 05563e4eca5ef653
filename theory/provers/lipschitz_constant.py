"""Lipschitz statements: derive a constant by composition, compare it with the claimed one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from sympy import Add, Expr, Symbol

from theory import clock
from theory.provers.kernel import proved
from theory.provers.peeling import without_common_terms
from theory.reasoning.definedness import defined
from theory.reasoning.entailment import Entailment, entailed, pair_hypotheses
from theory.reasoning.invariants import primed
from theory.reasoning.lipschitz_calculus import Bound, LipschitzCalculus
from theory.reasoning.norm_bounds import finite_bounds, lower_bounds
from theory.scalars import Dot, Norm, norm
from theory.statements import Lipschitz, Smooth
from theory.vectors import Vector
from theory.verdicts import Evidence

COST = 20
BY = "lipschitz-calculus"
MOST_TERMS, TERM_SHARE = 3, 0.15
QUICK = 0.08  # of the time left, for the first look at each comparison


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
    if defined(f, given, deadline) is None:
        return None
    bounds = LipschitzCalculus(wrt, tuple(given)).rates(f)
    return within(bounds, wrt, constant, given, deadline)


def within(
    bounds: list[Bound], wrt: Any, constant: Expr | None, given: Any, deadline: float
) -> tuple[Bound, tuple[str, ...], dict[str, Any]] | None:
    """The first of the derived constants that is at most the claimed one, or finite."""
    other = primed(wrt)
    both = with_norm_bounds(given, wrt, other, deadline)
    ways = [
        (bound, chain)
        for bound in bounds
        for chain in dict.fromkeys(map(tuple, _chains(bound, wrt, other, constant, both)))
    ]
    for part in (QUICK, 1.0) if len(ways) > 1 else (1.0,):
        for bound, chain in ways:
            now = clock.now()
            argument = _ascending(chain, both, now + part * (deadline - now))
            if argument is not None:
                return bound, (*bound.steps, *argument.steps), argument.data
    return None


def _chains(bound: Bound, wrt: Any, other: Any, constant: Any, both: Any) -> Iterator[list[Expr]]:
    """Ways from the derived constant up to the claimed one, or to any finite one."""
    for limit in finite_bounds(bound.value, {wrt, other}, both):
        yield [bound.value, limit] if constant is None else [bound.value, limit, constant]
    if constant is not None:
        yield [bound.value, constant]


def _ascending(chain: Sequence[Expr], given: Any, deadline: float) -> Entailment | None:
    """Each member is at most the next."""
    steps: list[str] = []
    data: dict[str, Any] = {}
    for low, high in pairwise(chain):
        if low == high:
            steps.append(f"the derived constant is {high}")
            continue
        argument = _at_most(low, high, given, deadline)
        if argument is None:
            return None
        steps += [f"compare: {low} <= {high}", *argument.steps]
        data = {"comparisons": [*data.get("comparisons", []), argument.data]}
    return Entailment(tuple(steps), data)


def _at_most(low: Expr, high: Expr, given: Any, deadline: float) -> Entailment | None:
    """From the hypotheses about the norms that occur, or else from all of them."""
    low, high = without_common_terms(low, high)
    paired = _term_by_term(low, high, given, deadline)
    if paired is not None:
        return paired
    named = (low - high).atoms(Norm)
    lean = [g for g in given if g.atoms(Norm) <= named and not g.atoms(Dot)]
    if len(lean) < len(given):
        now = clock.now()
        found = entailed(lean, low <= high, now + 0.4 * (deadline - now))
        if found is not None:
            return found
    return entailed(given, low <= high, deadline)


def _term_by_term(low: Expr, high: Expr, given: Any, deadline: float) -> Entailment | None:
    """Each term on the left is at most one of its own on the right."""
    small, big = Add.make_args(low), Add.make_args(high)
    if len(small) != len(big) or not 2 <= len(small) <= MOST_TERMS:
        return None
    steps: list[str] = []
    left = list(big)
    for term in small:
        now = clock.now()
        until = now + TERM_SHARE * (deadline - now)
        tries = ((t, entailed(list(given), term <= t, until)) for t in left)
        found = next(((t, argument) for t, argument in tries if argument is not None), None)
        if found is None:
            return None
        left.remove(found[0])
        steps += [f"term by term: {term} <= {found[0]}", *found[1].steps]
    return Entailment(tuple(steps))


def with_norm_bounds(given: Any, wrt: Any, other: Any, deadline: float) -> tuple[Any, ...]:
    """The hypotheses at both points and what they imply for the norm: <v, a> >= c gives ||v||."""
    both = pair_hypotheses(given, wrt, other)
    if isinstance(wrt, Symbol):
        return both
    found: list[Any] = []
    for bound in dict.fromkeys(lower_bounds(Norm(wrt, 2), given)):
        goal = norm(wrt) >= bound
        if goal not in given and entailed(list(given), goal, deadline) is not None:
            found += [goal, goal.xreplace({wrt: other})]
    if not found:
        return both
    moving = {wrt, other}
    plain = [g for g in both if not (g.atoms(Dot) and moving & set(g.atoms(Vector)))]
    return (*plain, *found)
